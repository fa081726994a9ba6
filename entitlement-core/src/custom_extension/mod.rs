//! Custom extensions: Logic Apps and web endpoints that the service calls on the way of a request or an assignment.
//!
//! A [`CustomExtension`] lives in a catalog. A policy of a package in that catalog says at which [`stage`] it is
//! called; where the service waits, the called system answers with a [`callback`]. How it is called is its
//! [`configuration`].
//!
//! ```
//! use entitlement_core::custom_extension::CustomExtensionDraft;
//! use entitlement_core::custom_extension::configuration::{
//!     AuthenticationConfiguration, CallbackConfiguration, EndpointConfiguration,
//! };
//! use entitlement_core::time::IsoDuration;
//!
//! let check = CustomExtensionDraft::for_requests(
//!     "Separation of duties",
//!     EndpointConfiguration::logic_app("38ab2ccc-3747-4567-b36b-9478f5602f0d", "governance", "sod-check"),
//!     AuthenticationConfiguration::pop_token(),
//! )
//! .callback_configuration(CallbackConfiguration::waiting(IsoDuration::hours(1)))
//! .build()?;
//!
//! let too_long = CallbackConfiguration::waiting(IsoDuration::days(15));
//! let refused = CustomExtensionDraft::for_requests(
//!     "Separation of duties",
//!     EndpointConfiguration::http("http://sod.contoso.com"),
//!     AuthenticationConfiguration::token("api://sod"),
//! )
//! .callback_configuration(too_long)
//! .build()
//! .unwrap_err();
//! let paths: Vec<_> = refused.violations().iter().map(|violation| violation.path()).collect();
//! assert_eq!(paths, ["endpointConfiguration.targetUrl", "callbackConfiguration.timeoutDuration"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod callback;
pub mod configuration;
pub mod stage;

use bon::Builder;
use serde::{Deserialize, Serialize};

use crate::entity::{Creatable, Deletable, Entity, Id, Listable, NotLoaded, Replaceable};
use crate::time::Timestamp;
use crate::validate::{Checker, Invalid};
use crate::wire::open_enum::open_enum;
use crate::wire::{self, RawObject};
use configuration::{
    AuthenticationConfiguration, CallbackConfiguration, ClientConfiguration, EndpointConfiguration,
};

open_enum! {
    /// What an extension is called about: the kinds of `customCalloutExtension`, which do not differ in anything else.
    CustomExtensionKind = "customCalloutExtension" {
        /// Requests: when they are made, approved, delivered and when access is removed. The service may wait.
        AssignmentRequest = "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension"
            | "microsoft.graph.accessPackageAssignmentRequestWorkflowExtension",
        /// Assignments, before they end. The service does not wait.
        Assignment = "#microsoft.graph.accessPackageAssignmentWorkflowExtension"
            | "microsoft.graph.accessPackageAssignmentWorkflowExtension",
    }
}

/// A custom extension: an
/// [accessPackageAssignmentRequestWorkflowExtension](https://learn.microsoft.com/graph/api/resources/accesspackageassignmentrequestworkflowextension)
/// or an
/// [accessPackageAssignmentWorkflowExtension](https://learn.microsoft.com/graph/api/resources/accesspackageassignmentworkflowextension).
///
/// The service replaces extensions whole, so whatever this version has no name for is kept in `unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CustomExtension {
    /// What it is called about; the service always says so where both kinds may be.
    #[serde(
        rename = "@odata.type",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub kind: Option<CustomExtensionKind>,
    /// The extension's id.
    pub id: Id<CustomExtension>,
    /// The name people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint_configuration: Option<EndpointConfiguration>,
    /// How the service proves who it is when it calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication_configuration: Option<AuthenticationConfiguration>,
    /// How patient the call itself is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_configuration: Option<ClientConfiguration>,
    /// How long the request waits for a callback; missing where it does not wait (EXT-1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback_configuration: Option<CallbackConfiguration>,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// When it was made.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
    /// Who changed it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified_by: Option<String>,
    /// When it was last changed.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_modified_date_time: Option<Timestamp>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl CustomExtension {
    /// Kind and id alone, the form in which a policy names an extension.
    pub(crate) fn reference(&self) -> Self {
        Self {
            kind: self.kind.clone(),
            id: self.id.clone(),
            display_name: None,
            description: None,
            endpoint_configuration: None,
            authentication_configuration: None,
            client_configuration: None,
            callback_configuration: None,
            created_by: None,
            created_date_time: None,
            last_modified_by: None,
            last_modified_date_time: None,
            unknown: RawObject::default(),
        }
    }

    /// Checks the extension as the service would, before it is written back.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a missing kind, a blank name, an incomplete endpoint, or a callback that the kind does not have
    /// or that would take longer than the service waits (EXT-1).
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut checker = Checker::new();
        checker.ensure(
            "@odata.type",
            self.kind.is_some(),
            "EXT-1",
            "is missing",
            "say whether it is called about requests or about assignments",
        );
        Parts {
            kind: self.kind.as_ref(),
            display_name: self.display_name.as_deref().unwrap_or(""),
            endpoint: self.endpoint_configuration.as_ref(),
            authentication: self.authentication_configuration.as_ref(),
            callback: self.callback_configuration.as_ref(),
        }
        .check(&mut checker);
        checker.finish(Self::TYPE)
    }
}

impl Entity for CustomExtension {
    const TYPE: &'static str = "customCalloutExtension";
    const COLLECTION: &'static str =
        "identityGovernance/entitlementManagement/catalogs/customWorkflowExtensions";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for CustomExtension {}

impl Creatable for CustomExtension {
    type Draft = CustomExtensionDraft;
}

impl Replaceable for CustomExtension {
    fn replacement(&self) -> Result<RawObject, NotLoaded> {
        let written_by_the_service = [
            "createdBy",
            "createdDateTime",
            "lastModifiedBy",
            "lastModifiedDateTime",
        ];
        Ok(wire::whole::written(self, &written_by_the_service))
    }
}

impl Deletable for CustomExtension {}

/// A custom extension to be made
/// ([create customWorkflowExtension](https://learn.microsoft.com/graph/api/accesspackagecatalog-post-accesspackagecustomworkflowextensions)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Builder)]
#[serde(rename_all = "camelCase")]
#[builder(start_fn(name = start, vis = ""), finish_fn(name = assemble, vis = ""), on(String, into))]
pub struct CustomExtensionDraft {
    #[serde(rename = "@odata.type")]
    #[builder(start_fn)]
    kind: CustomExtensionKind,
    #[builder(start_fn)]
    display_name: String,
    #[builder(start_fn)]
    endpoint_configuration: EndpointConfiguration,
    #[builder(start_fn)]
    authentication_configuration: AuthenticationConfiguration,
    /// What it is for.
    #[builder(default)]
    description: String,
    /// How patient the call itself is.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_configuration: Option<ClientConfiguration>,
    /// Lets the request wait for a callback (EXT-1).
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_configuration: Option<CallbackConfiguration>,
}

impl CustomExtensionDraft {
    /// An extension that is called about requests.
    pub fn for_requests(
        display_name: impl Into<String>,
        endpoint: EndpointConfiguration,
        authentication: AuthenticationConfiguration,
    ) -> CustomExtensionDraftBuilder {
        let kind = CustomExtensionKind::AssignmentRequest;
        Self::start(kind, display_name.into(), endpoint, authentication)
    }

    /// An extension that is called before assignments end.
    pub fn for_assignments(
        display_name: impl Into<String>,
        endpoint: EndpointConfiguration,
        authentication: AuthenticationConfiguration,
    ) -> CustomExtensionDraftBuilder {
        let kind = CustomExtensionKind::Assignment;
        Self::start(kind, display_name.into(), endpoint, authentication)
    }
}

impl<S: custom_extension_draft_builder::IsComplete> CustomExtensionDraftBuilder<S> {
    /// Checks the draft.
    ///
    /// # Errors
    ///
    /// [`Invalid`] for a blank name, an incomplete endpoint, or a callback that the kind does not have or that would
    /// take longer than the service waits (EXT-1).
    pub fn build(self) -> Result<CustomExtensionDraft, Invalid> {
        let draft = self.assemble();
        let mut checker = Checker::new();
        Parts {
            kind: Some(&draft.kind),
            display_name: &draft.display_name,
            endpoint: Some(&draft.endpoint_configuration),
            authentication: Some(&draft.authentication_configuration),
            callback: draft.callback_configuration.as_ref(),
        }
        .check(&mut checker);
        checker.finish(CustomExtension::TYPE)?;
        Ok(draft)
    }
}

/// What a draft and an extension have in common, for the rules that hold for both.
struct Parts<'a> {
    kind: Option<&'a CustomExtensionKind>,
    display_name: &'a str,
    endpoint: Option<&'a EndpointConfiguration>,
    authentication: Option<&'a AuthenticationConfiguration>,
    callback: Option<&'a CallbackConfiguration>,
}

impl Parts<'_> {
    fn check(&self, checker: &mut Checker) {
        checker.name("displayName", self.display_name, "EXT-1");
        if let Some(endpoint) = self.endpoint {
            checker.field("endpointConfiguration", |c| endpoint.check(c));
        }
        if let Some(authentication) = self.authentication {
            checker.field("authenticationConfiguration", |c| authentication.check(c));
        }
        if let Some(callback) = self.callback {
            checker.forbid(
                "callbackConfiguration",
                self.kind == Some(&CustomExtensionKind::Assignment),
                "EXT-1",
                "does not go with an extension for assignments, for which the service does not wait",
                "leave it out",
            );
            checker.field("callbackConfiguration", |c| callback.check(c));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::IsoDuration;
    use serde_json::{Value, json};

    fn documented() -> Value {
        json!({
            "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension",
            "id": "5d7e0b1c-8a52-4c1e-9a3c-2f6b7c8d9e01",
            "displayName": "Ask the works council",
            "description": "Only for trying things out",
            "createdDateTime": "2022-01-24T21:48:57.15Z",
            "lastModifiedDateTime": "2022-01-24T21:55:44.953Z",
            "clientConfiguration": null,
            "endpointConfiguration": {
                "@odata.type": "#microsoft.graph.logicAppTriggerEndpointConfiguration",
                "subscriptionId": "1f0a7c52-6f6e-4f57-8f3a-0b9d3c1e5a77",
                "resourceGroupName": "trial",
                "logicAppWorkflowName": "ask-by-mail",
                "url": "https://logic.contoso.com:443/workflows/1/triggers/manual/paths/invoke?api-version=2016-10-01"
            },
            "authenticationConfiguration": {"@odata.type": "#microsoft.graph.azureAdPopTokenAuthentication"},
            "callbackConfiguration": {
                "@odata.type": "microsoft.graph.customExtensionCallbackConfiguration",
                "durationBeforeTimeout": "PT1H"
            }
        })
    }

    #[test]
    fn a_documented_extension_is_written_back_with_all_it_holds() {
        let extension: CustomExtension = wire::decode_value(documented()).unwrap();
        assert_eq!(extension.kind, Some(CustomExtensionKind::AssignmentRequest));
        extension.validate().unwrap();
        let mut expected = documented();
        expected
            .as_object_mut()
            .unwrap()
            .remove("clientConfiguration");
        // The tag of a callback configuration is known with and without its `#`.
        expected["callbackConfiguration"]["@odata.type"] =
            "#microsoft.graph.customExtensionCallbackConfiguration".into();
        assert_eq!(serde_json::to_value(&extension).unwrap(), expected);
    }

    #[test]
    fn kinds_from_the_future_are_kept_and_known_ones_hide_no_error() {
        let mut future = documented();
        future["@odata.type"] = "#microsoft.graph.accessPackageTeapotExtension".into();
        future["endpointConfiguration"] =
            json!({"@odata.type": "#microsoft.graph.queue", "name": "q"});
        let extension: CustomExtension = wire::decode_value(future.clone()).unwrap();
        assert!(matches!(
            extension.kind,
            Some(CustomExtensionKind::Unknown(_))
        ));
        let written = serde_json::to_value(&extension).unwrap();
        assert_eq!(written["@odata.type"], future["@odata.type"]);
        assert_eq!(
            written["endpointConfiguration"],
            future["endpointConfiguration"]
        );

        let mut broken = documented();
        broken["endpointConfiguration"]["url"] = 5.into();
        let error = wire::decode_value::<CustomExtension>(broken).unwrap_err();
        assert_eq!(error.path(), "endpointConfiguration");
        assert!(error.problem().contains("url"), "{error}");
    }

    #[test]
    fn only_requests_wait_and_not_for_ever() {
        let draft = |builder: CustomExtensionDraftBuilder, wait| {
            builder
                .callback_configuration(CallbackConfiguration::waiting(wait))
                .build()
                .map_err(|refused| refused.violations()[0].path().to_owned())
        };
        let endpoint = || EndpointConfiguration::http("https://sod.contoso.com/hook");
        let requests = || {
            CustomExtensionDraft::for_requests(
                "x",
                endpoint(),
                AuthenticationConfiguration::pop_token(),
            )
        };
        let assignments = CustomExtensionDraft::for_assignments(
            "x",
            endpoint(),
            AuthenticationConfiguration::pop_token(),
        );
        assert!(draft(requests(), IsoDuration::days(14)).is_ok());
        assert!(draft(requests(), "PT5M".parse().unwrap()).is_ok());
        for wait in ["PT4M", "P15D", "P1M"] {
            let refused = draft(requests(), wait.parse().unwrap()).unwrap_err();
            assert_eq!(refused, "callbackConfiguration.timeoutDuration", "{wait}");
        }
        let refused = draft(assignments, IsoDuration::days(1)).unwrap_err();
        assert_eq!(refused, "callbackConfiguration");
    }
}
