//! Where a list is, as text that outlives the process.

use std::fmt::{self, Debug, Display};
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::client::GraphClient;
use crate::error::{Error, Operation};

/// Where a list is: what [`Pager::resume_token`](super::Pager::resume_token) gives and
/// [`Pager::resume`](super::Pager::resume) takes.
///
/// Its text ([`Display`], [`FromStr`], and the same as JSON) fits into a file or a URL. It says nothing to people, but
/// it holds the list's query: keep it as you keep the items, and out of logs, as [`Debug`] does.
///
/// ```
/// # use entitlement_graph::GraphClient;
/// # use entitlement_graph::paging::ResumeToken;
/// # use entitlement_graph::testing::ScriptedTransport;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = GraphClient::new(ScriptedTransport::new([]));
/// let token = client.entitlement().catalogs().list().resume_token().ok_or("it is not over")?;
/// assert_eq!(token.to_string().parse::<ResumeToken>()?, token);
/// assert!(client.groups().list().resume(&token).is_err(), "it is a token of another list");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ResumeToken {
    link: String,
    eventual: bool,
}

/// What is in the text.
#[derive(Serialize, Deserialize)]
struct Content<'a> {
    link: std::borrow::Cow<'a, str>,
    #[serde(default)]
    eventual: bool,
}

impl ResumeToken {
    /// The token for a page that the service has named, or that a list begins with.
    pub(super) fn new(
        client: &GraphClient,
        operation: &Operation,
        link: String,
        eventual: bool,
    ) -> Self {
        // The service sometimes writes another version into its links than it was asked in. A token has to say the
        // right one, because it is held against it when it comes back.
        let renamed = client.check_link(operation, &link).ok();
        let renamed = renamed.and_then(|url| in_own_version(url, client.root(), operation));
        Self {
            link: renamed.map_or(link, String::from),
            eventual,
        }
    }

    /// Whether the list was asked for with `ConsistencyLevel: eventual`.
    pub(super) fn is_eventual(&self) -> bool {
        self.eventual
    }

    /// The link, if it leads to a page of this list.
    pub(super) fn link_for(
        &self,
        client: &GraphClient,
        operation: &Operation,
    ) -> Result<String, Error> {
        let url = client.check_link(operation, &self.link)?;
        let root = segments(client.root().path());
        let path = segments(url.path());
        let reason = match path.split_at_checked(root.len()) {
            Some((version, _)) if version != root => "version of the service",
            Some((_, rest)) if is_same_list(rest, operation) => return Ok(url.into()),
            _ => "list",
        };
        Err(Error::Refused {
            operation: operation.clone(),
            reason: format!("the resume token is of another {reason}"),
        })
    }
}

/// The same URL below `root`, if only the version is another.
fn in_own_version(mut url: Url, root: &Url, operation: &Operation) -> Option<Url> {
    let own = segments(root.path());
    let path = segments(url.path());
    let (version, rest) = path.split_at_checked(own.len())?;
    if version == own || !is_same_list(rest, operation) {
        return None;
    }
    let path = format!("{}/{}", root.path().trim_end_matches('/'), operation.path());
    url.set_path(&path);
    Some(url)
}

/// Names in paths are read in any case.
fn is_same_list(path: &[String], operation: &Operation) -> bool {
    let own = segments(operation.path());
    path.len() == own.len()
        && path
            .iter()
            .zip(&own)
            .all(|(a, b)| a.eq_ignore_ascii_case(b))
}

/// The decoded segments of a path; `groups('1')` is two, as is `groups/1`, because the service writes both.
fn segments(path: &str) -> Vec<String> {
    let mut segments = Vec::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let segment = percent_decode_str(segment).decode_utf8_lossy().into_owned();
        let key = segment.strip_suffix("')");
        match key.and_then(|key| key.split_once("('")) {
            Some((name, key)) if !name.is_empty() => {
                segments.extend([name.to_owned(), key.to_owned()]);
            }
            _ => segments.push(segment),
        }
    }
    segments
}

/// The whole of it, to be kept.
impl Display for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = Content {
            link: self.link.as_str().into(),
            eventual: self.eventual,
        };
        let json = serde_json::to_vec(&content).map_err(|_never| fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(json))
    }
}

impl FromStr for ResumeToken {
    type Err = InvalidToken;

    fn from_str(text: &str) -> Result<Self, InvalidToken> {
        let json = URL_SAFE_NO_PAD
            .decode(text.trim())
            .map_err(|_not_base64| InvalidToken(()))?;
        let Content { link, eventual } =
            serde_json::from_slice(&json).map_err(|_not_ours| InvalidToken(()))?;
        Ok(Self {
            link: link.into_owned(),
            eventual,
        })
    }
}

impl TryFrom<String> for ResumeToken {
    type Error = InvalidToken;

    fn try_from(text: String) -> Result<Self, InvalidToken> {
        text.parse()
    }
}

impl From<ResumeToken> for String {
    fn from(token: ResumeToken) -> Self {
        token.to_string()
    }
}

/// Says nothing of the content, which holds queries and the service's own tokens.
impl Debug for ResumeToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ResumeToken").finish_non_exhaustive()
    }
}

/// A text that is no [`ResumeToken`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the text is no resume token")]
pub struct InvalidToken(());
