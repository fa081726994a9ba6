//! What an upload says about itself: how far it is, and what went wrong.

use std::error::Error as StdError;
use std::fmt::{self, Display};
use std::io;

use entitlement_core::entity::Id;
use entitlement_core::intune::app::MobileApp;
use entitlement_core::intune::content::{MobileAppContent, MobileAppContentFile, UploadState};
use http::StatusCode;

use super::checkpoint::UploadCheckpoint;
use crate::error::Error;
use crate::transport::TransportError;

/// The steps of an upload, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum UploadStep {
    /// Looking at the app and the file.
    Prepare,
    /// Beginning a version of the content.
    Version,
    /// Announcing the file.
    Announce,
    /// Waiting for a storage address.
    Address,
    /// Sending blocks.
    Blocks,
    /// Waiting for another storage address, as the first runs out.
    Renewal,
    /// Saying in which order the blocks are the file.
    BlockList,
    /// Saying that the file was sent, and how it was encrypted.
    Commit,
    /// Waiting for the service to look at the file.
    Inspection,
    /// Saying that devices are to get this version.
    Publish,
    /// Waiting for the app to be published.
    Publication,
}

impl Display for UploadStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prepare => "looking at the app and the file",
            Self::Version => "beginning a version of the content",
            Self::Announce => "announcing the file",
            Self::Address => "waiting for a storage address",
            Self::Blocks => "sending blocks",
            Self::Renewal => "waiting for another storage address",
            Self::BlockList => "putting the blocks together",
            Self::Commit => "saying that the file was sent",
            Self::Inspection => "waiting for the service to look at the file",
            Self::Publish => "choosing the version that devices get",
            Self::Publication => "waiting for the app to be published",
        })
    }
}

/// How far an upload is.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct UploadProgress<'a> {
    /// What is being done.
    pub step: UploadStep,
    /// How many encrypted bytes the storage has.
    pub sent: u64,
    /// How many there are in all.
    pub total: u64,
    /// From where the upload could go on; none before the file is announced.
    pub checkpoint: Option<&'a UploadCheckpoint>,
}

impl Display for UploadProgress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            UploadStep::Blocks => write!(f, "{}: {} of {} bytes", self.step, self.sent, self.total),
            step => step.fmt(f),
        }
    }
}

/// An upload that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Uploaded {
    /// The app, which is published.
    pub app: MobileApp,
    /// The version that devices get.
    pub version: Id<MobileAppContent>,
    /// The file in it.
    pub file: Id<MobileAppContentFile>,
}

/// An upload broke off.
///
/// Where a [`checkpoint`](Self::checkpoint) is in it, the upload can go on from there. An app whose content never comes is
/// best deleted.
#[derive(Debug)]
#[non_exhaustive]
pub struct UploadError {
    /// What was being done.
    pub step: UploadStep,
    /// What went wrong.
    pub fault: UploadFault,
    /// From where it can go on.
    pub checkpoint: Option<Box<UploadCheckpoint>>,
}

/// What went wrong with an upload.
#[derive(Debug)]
#[non_exhaustive]
pub enum UploadFault {
    /// A call to Graph failed, or what was waited for did not come in time.
    Graph(Error),
    /// The service gave the file up. After its inspection that means that the file in the storage is not what its
    /// encryption data say.
    GivenUp(UploadState),
    /// The storage refused a request, with this code where it names one.
    Storage(StatusCode, Option<String>),
    /// The storage gave no answer.
    Unreachable(TransportError),
    /// The file could not be read, or changed while it was.
    Source(io::Error),
    /// The upload cannot be done, for this reason; nothing was sent.
    Refused(String),
}

impl From<Error> for UploadFault {
    fn from(error: Error) -> Self {
        Self::Graph(error)
    }
}

impl Display for UploadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Graph(error) => error.fmt(f),
            Self::GivenUp(state) => write!(f, "the service gave the file up, with state {state}"),
            Self::Storage(status, code) => {
                write!(f, "the storage answered {}", status.as_u16())?;
                code.iter().try_for_each(|code| write!(f, " {code}"))
            }
            Self::Unreachable(_) => f.write_str("the storage gave no answer"),
            Self::Source(_) => f.write_str("the file could not be read"),
            Self::Refused(reason) => f.write_str(reason),
        }
    }
}

impl Display for UploadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the upload broke off while {}: {}",
            self.step, self.fault
        )
    }
}

impl StdError for UploadError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.fault {
            UploadFault::Graph(error) => error.source(),
            UploadFault::Unreachable(error) => Some(error),
            UploadFault::Source(error) => Some(error),
            UploadFault::GivenUp(_) | UploadFault::Storage(..) | UploadFault::Refused(_) => None,
        }
    }
}
