//! Custom extensions of catalogs, and the calls that were made to them.

use entitlement_core::custom_extension::CustomExtension;
use entitlement_core::custom_extension::stage::{
    CustomExtensionCalloutInstanceStatus as Status, CustomExtensionStage,
};
use entitlement_core::policy::approval::ApprovalStage;
use entitlement_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::table::Key;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Extension {
    pub(crate) catalog: Key,
    /// The extension as it was written.
    pub(crate) settings: CustomExtension,
}

/// What a call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Occasion {
    Request(Key),
    /// The end of an assignment that comes nearer.
    Assignment(Key),
}

/// One call of an extension (EXT-3).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Callout {
    pub(crate) extension: Key,
    pub(crate) occasion: Occasion,
    pub(crate) stage: CustomExtensionStage,
    pub(crate) at: Timestamp,
    pub(crate) status: Status,
    /// What the answer said (EXT-6).
    pub(crate) detail: Option<String>,
    /// The run in the called system.
    pub(crate) correlation: Key,
    /// What the called system is going to answer, if it is known already.
    pub(crate) answer: Option<Answer>,
}

impl Callout {
    /// Whether somebody still waits for the answer.
    pub(crate) fn is_awaited(&self) -> bool {
        self.status == Status::WaitingForCallback
    }
}

/// What a called system answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    pub(crate) is_denial: bool,
    pub(crate) detail: Option<String>,
    /// The stage of approval that takes the place of a dynamic one (APV-21).
    pub(crate) approval_stage: Option<Box<ApprovalStage>>,
}

/// Where a request goes on once the extensions that hold it have answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Hold {
    /// Before anybody is asked for consent.
    Created,
    /// Once everybody has consented.
    Approved,
    /// Once everything is written.
    GrantedWhole,
    /// Once some of it is written.
    GrantedPartly,
    /// Once everything is taken away.
    Removed,
    /// Before a dynamic stage, of which it is not known yet who decides.
    DeterminingApproval(usize),
}
