//! How a custom extension is called, and how long a request waits for its answer.
//!
//! Each part of a [`CustomExtension`](super::CustomExtension) has its own type: what is called, as whom, how
//! patiently, and whether a callback is awaited.
//!
//! ```
//! use entitlement_core::custom_extension::configuration::EndpointConfiguration;
//!
//! let endpoint = EndpointConfiguration::http("https://sod.contoso.com/hook");
//! assert_eq!(
//!     serde_json::to_string(&endpoint)?,
//!     r##"{"@odata.type":"#microsoft.graph.httpRequestEndpoint","targetUrl":"https://sod.contoso.com/hook"}"##
//! );
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::{Deserialize, Serialize};

use crate::directory::DirectoryObject;
use crate::time::IsoDuration;
use crate::validate::Checker;
use crate::wire::open_enum::open_enum;
use crate::wire::union::union;
use crate::wire::{Expandable, RawObject};

union! {
    /// What is called
    /// ([customExtensionEndpointConfiguration](https://learn.microsoft.com/graph/api/resources/customextensionendpointconfiguration)).
    EndpointConfiguration = "customExtensionEndpointConfiguration" {
        /// An Azure Logic App.
        LogicApp(LogicAppTriggerEndpointConfiguration) = "#microsoft.graph.logicAppTriggerEndpointConfiguration",
        /// Any web endpoint.
        Http(HttpRequestEndpoint) = "#microsoft.graph.httpRequestEndpoint",
    }
}

/// An Azure Logic App
/// ([logicAppTriggerEndpointConfiguration](https://learn.microsoft.com/graph/api/resources/logicapptriggerendpointconfiguration)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LogicAppTriggerEndpointConfiguration {
    /// The Azure subscription it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<String>,
    /// The resource group it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_group_name: Option<String>,
    /// The workflow's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logic_app_workflow_name: Option<String>,
    /// The URL that starts it; the service finds it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// A web endpoint
/// ([httpRequestEndpoint](https://learn.microsoft.com/graph/api/resources/httprequestendpoint)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct HttpRequestEndpoint {
    /// The URL that is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_url: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl EndpointConfiguration {
    /// A Logic App.
    pub fn logic_app(
        subscription_id: impl Into<String>,
        resource_group_name: impl Into<String>,
        logic_app_workflow_name: impl Into<String>,
    ) -> Self {
        Self::LogicApp(LogicAppTriggerEndpointConfiguration {
            subscription_id: Some(subscription_id.into()),
            resource_group_name: Some(resource_group_name.into()),
            logic_app_workflow_name: Some(logic_app_workflow_name.into()),
            url: None,
            unknown: RawObject::default(),
        })
    }

    /// A web endpoint; HTTPS only.
    pub fn http(target_url: impl Into<String>) -> Self {
        Self::Http(HttpRequestEndpoint {
            target_url: Some(target_url.into()),
            unknown: RawObject::default(),
        })
    }

    pub(super) fn check(&self, checker: &mut Checker) {
        let text = |text: &Option<String>| text.as_deref().unwrap_or("").trim().to_owned();
        match self {
            Self::LogicApp(app) => {
                let parts = [
                    ("subscriptionId", &app.subscription_id),
                    ("resourceGroupName", &app.resource_group_name),
                    ("logicAppWorkflowName", &app.logic_app_workflow_name),
                ];
                for (name, part) in parts {
                    checker.forbid(
                        name,
                        text(part).is_empty(),
                        "EXT-1",
                        "is blank",
                        "name the Logic App by subscription, resource group and workflow",
                    );
                }
            }
            Self::Http(endpoint) => {
                let url = text(&endpoint.target_url);
                let host = url.strip_prefix("https://").unwrap_or("");
                checker.forbid(
                    "targetUrl",
                    host.is_empty(),
                    "EXT-1",
                    "is not an HTTPS address",
                    "write it like https://contoso.com/hook",
                );
            }
            Self::Unknown(_) => {}
        }
    }
}

union! {
    /// How the service proves who it is when it calls
    /// ([customExtensionAuthenticationConfiguration](https://learn.microsoft.com/graph/api/resources/customextensionauthenticationconfiguration)).
    AuthenticationConfiguration = "customExtensionAuthenticationConfiguration" {
        /// With a token for an application of the tenant.
        Token(AzureAdTokenAuthentication) = "#microsoft.graph.azureAdTokenAuthentication",
        /// With a token that is bound to the call; for Logic Apps.
        PopToken(AzureAdPopTokenAuthentication) = "#microsoft.graph.azureAdPopTokenAuthentication",
    }
}

/// With a token for an application of the tenant
/// ([azureAdTokenAuthentication](https://learn.microsoft.com/graph/api/resources/azureadtokenauthentication)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AzureAdTokenAuthentication {
    /// For whom the token is: the application's id URI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

/// With a proof-of-possession token
/// ([azureAdPopTokenAuthentication](https://learn.microsoft.com/graph/api/resources/azureadpoptokenauthentication)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AzureAdPopTokenAuthentication {
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl AuthenticationConfiguration {
    /// A token for the application with this id URI.
    pub fn token(resource_id: impl Into<String>) -> Self {
        Self::Token(AzureAdTokenAuthentication {
            resource_id: Some(resource_id.into()),
            unknown: RawObject::default(),
        })
    }

    /// A token that is bound to the call, as Logic Apps take it.
    pub fn pop_token() -> Self {
        Self::PopToken(AzureAdPopTokenAuthentication::default())
    }

    pub(super) fn check(&self, checker: &mut Checker) {
        if let Self::Token(token) = self {
            let resource = token.resource_id.as_deref().unwrap_or("");
            checker.forbid(
                "resourceId",
                resource.trim().is_empty(),
                "EXT-1",
                "is blank",
                "name the application that the token is for",
            );
        }
    }
}

/// How patient the call itself is
/// ([customExtensionClientConfiguration](https://learn.microsoft.com/graph/api/resources/customextensionclientconfiguration)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClientConfiguration {
    /// How often the call is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_retries: Option<i32>,
    /// How long the endpoint may take to take the call, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_in_milliseconds: Option<i32>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl ClientConfiguration {
    /// This long for a call, in milliseconds, and this many more tries.
    pub fn new(timeout_in_milliseconds: i32, maximum_retries: i32) -> Self {
        Self {
            maximum_retries: Some(maximum_retries),
            timeout_in_milliseconds: Some(timeout_in_milliseconds),
            unknown: RawObject::default(),
        }
    }
}

open_enum! {
    /// What is awaited: the kinds of `customExtensionCallbackConfiguration`.
    CallbackConfigurationKind = "customExtensionCallbackConfiguration" {
        /// Whatever the extension answers.
        Callback = "#microsoft.graph.customExtensionCallbackConfiguration"
            | "microsoft.graph.customExtensionCallbackConfiguration",
        /// The stage of approval that a request needs (APV-21).
        RequestApprovalStage = "#microsoft.graph.accessPackageRequestApprovalStageCallbackConfiguration"
            | "microsoft.graph.accessPackageRequestApprovalStageCallbackConfiguration",
        /// The end of a task of a lifecycle workflow; no request waits for it.
        CustomTaskExtension = "#microsoft.graph.identityGovernance.customTaskExtensionCallbackConfiguration"
            | "microsoft.graph.identityGovernance.customTaskExtensionCallbackConfiguration",
    }
}

/// How long a request waits for a callback
/// ([customExtensionCallbackConfiguration](https://learn.microsoft.com/graph/api/resources/customextensioncallbackconfiguration)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CallbackConfiguration {
    /// What is awaited.
    #[serde(
        rename = "@odata.type",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub kind: Option<CallbackConfigurationKind>,
    /// How long, from 5 minutes to 14 days (EXT-1); what happens then is told in two ways (EXT-2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_duration: Option<IsoDuration>,
    /// The applications that may answer, for tasks of lifecycle workflows.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub authorized_apps: Expandable<Vec<DirectoryObject>>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl CallbackConfiguration {
    /// The request waits this long for the extension to let it go on, or to deny it.
    pub fn waiting(timeout: IsoDuration) -> Self {
        Self::of(CallbackConfigurationKind::Callback, timeout)
    }

    /// The request waits this long for the extension to say who must approve (APV-21).
    pub fn waiting_for_approval_stage(timeout: IsoDuration) -> Self {
        Self::of(CallbackConfigurationKind::RequestApprovalStage, timeout)
    }

    fn of(kind: CallbackConfigurationKind, timeout: IsoDuration) -> Self {
        Self {
            kind: Some(kind),
            timeout_duration: Some(timeout),
            authorized_apps: Expandable::NotLoaded,
            unknown: RawObject::default(),
        }
    }

    pub(super) fn check(&self, checker: &mut Checker) {
        let Some(timeout) = self.timeout_duration else {
            return;
        };
        let seconds = timeout.total_seconds();
        checker.ensure(
            "timeoutDuration",
            seconds.is_some_and(|seconds| (5 * 60..=14 * 86_400).contains(&seconds)),
            "EXT-1",
            format!("{timeout} is not between 5 minutes and 14 days"),
            "use a length from PT5M to P14D",
        );
    }
}
