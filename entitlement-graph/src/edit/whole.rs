//! How each thing that is written whole is read whole, checked, and written.

use entitlement_core::access_review::definition::ScheduleDefinition;
use entitlement_core::control_configuration::EndUserSettings;
use entitlement_core::custom_extension::CustomExtension;
use entitlement_core::entity::Replaceable;
use entitlement_core::odata::{Expand, Query};
use entitlement_core::policy::AssignmentPolicy;
use entitlement_core::validate::Invalid;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The parts of a thing that is written whole.
pub trait Whole: Replaceable + Clone {
    /// What a read has to ask for, so that nothing is missing when it is written back.
    fn query() -> Query;

    /// What else must not be written meanwhile: parallel writes inside of one package collide (P6).
    fn turn(&self) -> Option<String> {
        None
    }

    /// Checks what would be written.
    fn check(&self) -> Result<(), Invalid>;

    /// What would be written, or what is missing for that.
    fn body(&self) -> Result<Map<String, Value>, String>;
}

/// As JSON, without what the service alone writes.
fn without(entity: &impl Serialize, written_by_the_service: &[&str]) -> Map<String, Value> {
    let mut members = match serde_json::to_value(entity) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    members.retain(|name, _| !written_by_the_service.contains(&name.as_str()));
    members
}

/// Takes out what the service adds when it is read and refuses when it is written: annotations and nulls (POL-6).
fn tidy(value: &mut Value) {
    match value {
        Value::Object(members) => tidy_members(members),
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn tidy_members(members: &mut Map<String, Value>) {
    members
        .retain(|name, value| !value.is_null() && (name == "@odata.type" || !name.contains('@')));
    members.values_mut().for_each(tidy);
}

impl Whole for AssignmentPolicy {
    fn query() -> Query {
        Query::new()
            .expand("accessPackage")
            .expand("questions")
            .expand(Expand::new("customExtensionStageSettings").expand("customExtension"))
    }

    fn turn(&self) -> Option<String> {
        let package = self.access_package.loaded()?;
        Some(format!("package {}", package.id))
    }

    fn check(&self) -> Result<(), Invalid> {
        self.validate()
    }

    fn body(&self) -> Result<Map<String, Value>, String> {
        let missing = |name: &str| format!("the service did not send {name} along");
        let package = self.access_package.loaded();
        let package = package.ok_or_else(|| missing("the policy's access package"))?;
        if self.questions.is_not_loaded() {
            return Err(missing("the policy's questions, which would be erased"));
        }
        if self.custom_extension_stage_settings.is_not_loaded() {
            return Err(missing(
                "the policy's custom extensions, which would be erased",
            ));
        }
        let mut stages = Vec::new();
        for setting in self.custom_extension_stage_settings.items() {
            let mut stage = Value::Object(without(setting, &[]));
            let kept = ["@odata.type", "id"];
            match stage
                .get_mut("customExtension")
                .and_then(Value::as_object_mut)
            {
                Some(extension) => extension.retain(|name, _| kept.contains(&name.as_str())),
                None => return Err(missing("a custom extension, which would be erased")),
            }
            stages.push(stage);
        }
        let written_by_the_service = ["catalog", "createdDateTime", "modifiedDateTime"];
        let mut body = without(self, &written_by_the_service);
        let questions = serde_json::to_value(self.questions.items()).unwrap_or_default();
        body.insert("accessPackage".to_owned(), json!({"id": package.id}));
        body.insert("questions".to_owned(), questions);
        body.insert("customExtensionStageSettings".to_owned(), stages.into());
        tidy_members(&mut body);
        Ok(body)
    }
}

impl Whole for ScheduleDefinition {
    fn query() -> Query {
        Query::new()
    }

    fn check(&self) -> Result<(), Invalid> {
        self.validate()
    }

    fn body(&self) -> Result<Map<String, Value>, String> {
        let mut body = without(&self.replacement(), &[]);
        tidy_members(&mut body);
        Ok(body)
    }
}

impl Whole for CustomExtension {
    fn query() -> Query {
        Query::new()
    }

    fn check(&self) -> Result<(), Invalid> {
        self.validate()
    }

    fn body(&self) -> Result<Map<String, Value>, String> {
        let written_by_the_service = [
            "createdBy",
            "createdDateTime",
            "lastModifiedBy",
            "lastModifiedDateTime",
        ];
        let mut body = without(self, &written_by_the_service);
        tidy_members(&mut body);
        Ok(body)
    }
}

impl Whole for EndUserSettings {
    fn query() -> Query {
        Query::new()
    }

    fn check(&self) -> Result<(), Invalid> {
        Ok(())
    }

    fn body(&self) -> Result<Map<String, Value>, String> {
        let written_by_the_service = [
            "createdBy",
            "createdDateTime",
            "modifiedBy",
            "modifiedDateTime",
        ];
        let mut body = without(self, &written_by_the_service);
        tidy_members(&mut body);
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entitlement_core::wire;

    fn policy(questions: &Value, extensions: &Value) -> AssignmentPolicy {
        wire::decode_value(json!({
            "@odata.context": "…", "id": "a1", "displayName": "Members", "reviewSettings": null,
            "createdDateTime": "2026-01-01T00:00:00Z", "modifiedDateTime": "2026-01-01T00:00:00Z",
            "verifiedIdSettings": {"kind@odata.type": "#String", "kind": "x", "issuer": null},
            "accessPackage": {"id": "p1", "displayName": "Access"}, "catalog": {"id": "c1"},
            "questions@odata.context": "…", "questions": questions, "customExtensionStageSettings": extensions,
        }))
        .unwrap()
    }

    #[test]
    fn p10_links_and_empty_lists_are_written_and_the_rest_is_tidied() {
        let extension = json!([{"id": "s1", "stage": "assignmentRequestCreated", "customExtension": {
            "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension",
            "id": "x1", "displayName": "Ask the works council"}}]);
        let body = policy(&json!([]), &extension).body().unwrap();
        assert_eq!(
            Value::Object(body),
            json!({
                "id": "a1", "displayName": "Members", "specificAllowedTargets": [],
                "verifiedIdSettings": {"kind": "x"}, "accessPackage": {"id": "p1"}, "questions": [],
                "customExtensionStageSettings": [{"id": "s1", "stage": "assignmentRequestCreated", "customExtension": {
                    "@odata.type": "#microsoft.graph.accessPackageAssignmentRequestWorkflowExtension", "id": "x1"}}],
            })
        );
    }

    #[test]
    fn p9_what_was_not_read_whole_is_not_written() {
        let mut policy = policy(&Value::Null, &json!([]));
        assert_eq!(policy.body().unwrap()["questions"], json!([]));
        policy.questions = wire::Expandable::NotLoaded;
        assert!(policy.body().unwrap_err().contains("questions"));
        policy.access_package = wire::Expandable::NotLoaded;
        assert!(policy.body().unwrap_err().contains("access package"));
    }
}
