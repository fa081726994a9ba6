//! Uploads of access data for resources that the service cannot ask itself.
//!
//! A review over such a resource is fed with files, which arrive in an [`UploadSession`].

use serde::{Deserialize, Serialize};

use crate::entity::{Entity, Id, Listable};
use crate::time::Timestamp;
use crate::wire::open_enum::open_enum;
use crate::wire::{Expandable, RawObject};

open_enum! {
    /// How far an upload is (`customDataProvidedResourceUploadStatus`).
    UploadStatus = "customDataProvidedResourceUploadStatus" {
        /// Files can be added.
        Active = "active",
        /// All files are there.
        Complete = "complete",
        /// It took too long.
        Expired = "expired",
    }
}

/// An upload of access data
/// ([customDataProvidedResourceUploadSession](https://learn.microsoft.com/graph/api/resources/customdataprovidedresourceuploadsession)).
///
/// The v1.0 schema has no kind of it: what a kind adds, and which it is, is kept in `unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UploadSession {
    /// The session's id.
    pub id: Id<UploadSession>,
    /// When it was begun.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_date_time: Option<Timestamp>,
    /// What the data is for; the v1.0 schema has no kind of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<RawObject>,
    /// Whether all files are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_upload_done: Option<bool>,
    /// The id of what the data is for, such as an instance of an access review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference_id: Option<String>,
    /// How much has arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stats: Option<UploadStats>,
    /// How far it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<UploadStatus>,
    /// The files.
    #[serde(default, skip_serializing_if = "Expandable::is_not_loaded")]
    pub files: Expandable<Vec<UploadedFile>>,
    /// Properties this version has no name for.
    #[serde(flatten)]
    pub unknown: RawObject,
}

impl Entity for UploadSession {
    const TYPE: &'static str = "customDataProvidedResourceUploadSession";
    const COLLECTION: &'static str =
        "identityGovernance/entitlementManagement/resources/uploadSessions";

    fn id(&self) -> &Id<Self> {
        &self.id
    }
}

impl Listable for UploadSession {}

/// How much of an upload has arrived
/// ([customDataProvidedResourceUploadStats](https://learn.microsoft.com/graph/api/resources/customdataprovidedresourceuploadstats)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UploadStats {
    /// The number of files.
    pub files_uploaded: i32,
    /// Their size in bytes.
    pub total_bytes_uploaded: i64,
}

/// A file of an upload
/// ([customDataProvidedResourceFile](https://learn.microsoft.com/graph/api/resources/customdataprovidedresourcefile)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UploadedFile {
    /// The file's id.
    pub id: Id<UploadedFile>,
    /// The file's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its size in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// When it arrived.
    #[serde(
        default,
        with = "crate::wire::instant",
        skip_serializing_if = "Option::is_none"
    )]
    pub uploaded_date_time: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn kinds_of_sessions_keep_what_they_add() {
        let session = json!({
            "@odata.type": "#microsoft.graph.customDataProvidedResourceAccessReviewUploadSession",
            "id": "s1",
            "data": {"@odata.type": "#microsoft.graph.customDataProvidedResourcePayloads.review", "round": 2},
            "isUploadDone": false,
            "stats": {"filesUploaded": 1, "totalBytesUploaded": 5_000_000_000_i64},
            "status": "active",
            "files": [{"id": "f1", "name": "people.csv", "size": 5_000_000_000_i64}],
            "mood": "patient"
        });
        let read: UploadSession = crate::wire::decode_value(session.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), session);
    }
}
