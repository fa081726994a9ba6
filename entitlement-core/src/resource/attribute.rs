//! Attributes that a resource requires of whoever gets it.
//!
//! The service asks for them when access is requested, writes them to the person's account when it is given, and
//! clears them when it ends (OBJ-31).

use serde::{Deserialize, Serialize};

use crate::policy::question::Question;
use crate::validate::Checker;
use crate::wire::Expandable;
use crate::wire::union::union;

/// An attribute that a resource requires
/// ([accessPackageResourceAttribute](https://learn.microsoft.com/graph/api/resources/accesspackageresourceattribute)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceAttribute {
    /// The attribute's name at its destination: `officeLocation`, `extension_<app>_costCenter`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where the value comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<ResourceAttributeSource>,
    /// Where the value goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<ResourceAttributeDestination>,
    /// Whether a value that is already there may be changed (OBJ-32).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_editable: Option<bool>,
    /// Whether the value stays when access ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_persisted_on_assignment_removal: Option<bool>,
}

union! {
    /// Where an attribute's value comes from
    /// ([accessPackageResourceAttributeSource](https://learn.microsoft.com/graph/api/resources/accesspackageresourceattributesource)).
    ResourceAttributeSource = "accessPackageResourceAttributeSource" {
        /// From the person who asks for access.
        Question(ResourceAttributeQuestion) = "#microsoft.graph.accessPackageResourceAttributeQuestion",
    }
}

/// The question for an attribute's value
/// ([accessPackageResourceAttributeQuestion](https://learn.microsoft.com/graph/api/resources/accesspackageresourceattributequestion)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceAttributeQuestion {
    /// The question; unanswered, it blocks the request if it is required.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub question: Expandable<Question>,
}

union! {
    /// Where an attribute's value goes
    /// ([accessPackageResourceAttributeDestination](https://learn.microsoft.com/graph/api/resources/accesspackageresourceattributedestination)).
    ResourceAttributeDestination = "accessPackageResourceAttributeDestination" {
        /// To the person's account in the directory.
        UserDirectoryAttributeStore(UserDirectoryAttributeStore) =
            "#microsoft.graph.accessPackageUserDirectoryAttributeStore",
    }
}

/// The person's account in the directory
/// ([accessPackageUserDirectoryAttributeStore](https://learn.microsoft.com/graph/api/resources/accesspackageuserdirectoryattributestore)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserDirectoryAttributeStore {}

impl ResourceAttribute {
    /// An attribute of the person's account, asked for with `question`; a value that is already there may be changed.
    pub fn of_user(name: impl Into<String>, question: impl Into<Question>) -> Self {
        let question = ResourceAttributeQuestion {
            question: question.into().into(),
        };
        let store = UserDirectoryAttributeStore {};
        Self {
            name: Some(name.into()),
            source: Some(ResourceAttributeSource::Question(question)),
            destination: Some(ResourceAttributeDestination::UserDirectoryAttributeStore(
                store,
            )),
            is_editable: Some(true),
            is_persisted_on_assignment_removal: Some(false),
        }
    }

    /// The same, and a value that is already there may not be changed (OBJ-32).
    pub fn not_editable(mut self) -> Self {
        self.is_editable = Some(false);
        self
    }

    /// The same, and the value stays when access ends.
    pub fn persisted_on_assignment_removal(mut self) -> Self {
        self.is_persisted_on_assignment_removal = Some(true);
        self
    }

    fn check(&self, checker: &mut Checker) {
        checker.name("name", self.name.as_deref().unwrap_or(""), "OBJ-31");
        if let Some(ResourceAttributeSource::Question(source)) = &self.source
            && let Some(question) = source.question.loaded()
        {
            checker.field("source", |c| c.field("question", |c| question.check(c)));
        }
    }
}

/// OBJ-31: each attribute once, and no more than a catalog may hold.
pub(super) fn check_all(attributes: &[ResourceAttribute], checker: &mut Checker) {
    checker.ensure(
        "attributes",
        attributes.len() <= 20,
        "OBJ-31",
        format!("has {} attributes", attributes.len()),
        "use at most 20",
    );
    checker.each("attributes", attributes, |c, attribute| {
        attribute.check(c);
        let same = attributes
            .iter()
            .filter(|other| other.name == attribute.name);
        c.ensure(
            "name",
            attribute.name.is_none() || same.count() == 1,
            "OBJ-31",
            "is used twice",
            "ask for every attribute once",
        );
    });
}
