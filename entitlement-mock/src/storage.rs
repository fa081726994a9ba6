//! The storage that takes the files of apps: another origin than Graph, where the address is the permission.
//!
//! It answers as Azure does, in XML, and to calls without a token only: a token that is sent here has left the service
//! that it is for.

use entitlement_core::time::Timestamp;
use entitlement_graph::transport::{Request, Response};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderValue, Method, StatusCode};
use percent_encoding::percent_decode_str;
use roxmltree::Document;

use crate::world::World;
use crate::world::intune::blob::Blob;
use crate::world::intune::content::{AppFile, Stored};
use crate::world::table::Key;

/// Below this path the storage is found where one server is both Graph and storage.
const BESIDE_GRAPH: &str = "/blob/";
/// The host names of the storage where Graph has its own.
const HOSTS: &str = ".blob.core.windows.net";
const CONTAINER: &str = "intune-content";

/// Where files are put by those who find Graph at `root`.
pub(crate) fn place(root: &str, domain: &str) -> String {
    let origin = root.strip_suffix("/v1.0").unwrap_or(root);
    if origin == "https://graph.microsoft.com" {
        let name = domain.split('.').next().unwrap_or(domain);
        return format!("https://{name}{HOSTS}/{CONTAINER}");
    }
    format!("{origin}{BESIDE_GRAPH}{CONTAINER}")
}

/// Whether a call is for the storage, and not for Graph.
pub(crate) fn is_for_storage(request: &Request) -> bool {
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok());
    let host = request.uri().host().or(host).unwrap_or_default();
    host.ends_with(HOSTS) || is_beside_graph(request.uri().path())
}

/// Whether a path is that of the storage where one server is both.
pub(crate) fn is_beside_graph(path: &str) -> bool {
    path.starts_with(BESIDE_GRAPH)
}

/// Why a call was refused, in Azure's words and in plain ones.
#[derive(Debug)]
pub(crate) struct Refused {
    status: StatusCode,
    code: &'static str,
    pub(crate) why: String,
}

impl Refused {
    pub(crate) fn new(status: StatusCode, code: &'static str, why: impl Into<String>) -> Self {
        let why = why.into();
        Self { status, code, why }
    }

    fn bad(code: &'static str, why: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, why)
    }

    fn not_let_in(why: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "AuthenticationFailed", why)
    }
}

/// The answer, without a body where all went well.
pub(crate) fn respond(outcome: &Result<(), Refused>, request_id: &str) -> Response {
    let mut response = match outcome {
        Ok(()) => {
            let mut response = Response::default();
            *response.status_mut() = StatusCode::CREATED;
            response
        }
        Err(refused) => {
            let code = refused.code;
            let xml = format!(
                "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>The request was \
                 refused.\nRequestId:{request_id}</Message></Error>"
            );
            let mut response = Response::new(xml.into());
            *response.status_mut() = refused.status;
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
            headers.insert("x-ms-error-code", HeaderValue::from_static(code));
            response
        }
    };
    if let Ok(id) = HeaderValue::from_str(request_id) {
        response.headers_mut().insert("x-ms-request-id", id);
    }
    response
}

/// A call's address without its secret, for the journal.
pub(crate) fn without_secret(request: &Request) -> String {
    let uri = request.uri();
    let shown = uri.query().unwrap_or_default().split('&');
    let shown: Vec<&str> = shown
        .filter(|part| part.starts_with("comp=") || part.starts_with("blockid="))
        .collect();
    format!("{}?{}", uri.path(), shown.join("&"))
}

/// Takes a block, a list of blocks, or a whole file.
pub(crate) fn answer(world: &mut World, now: Timestamp, request: &Request) -> Result<(), Refused> {
    if request.headers().contains_key(AUTHORIZATION) {
        let why = "the call has an Authorization header: tokens are not for the storage";
        return Err(Refused::bad("InvalidAuthenticationInfo", why));
    }
    let query = Query::of(request.uri().query().unwrap_or_default());
    let name = request.uri().path().rsplit('/').next().unwrap_or_default();
    let key = name
        .strip_suffix(".bin")
        .and_then(|id| Key::try_parse(id).ok());
    let file = key.and_then(|key| world.app_files.get_mut(key));
    let file = file.ok_or_else(|| Refused::not_let_in("there is no file of this name"))?;
    let signature = query.get("sig").and_then(|text| Key::try_parse(&text).ok());
    let mut known = file.addresses.iter();
    let address = known.find(|address| Some(address.signature) == signature);
    let address = address.ok_or_else(|| Refused::not_let_in("the signature is another one"))?;
    if now >= address.expires {
        let why = format!("the address was good until {}", address.expires);
        return Err(Refused::not_let_in(why));
    }
    if file.stored == Stored::Taken {
        return Err(Refused::not_let_in("Intune has taken the file"));
    }
    if request.method() != Method::PUT {
        let status = StatusCode::METHOD_NOT_ALLOWED;
        return Err(Refused::new(
            status,
            "UnsupportedHttpVerb",
            "files are put here",
        ));
    }
    match query.get("comp").as_deref() {
        Some("block") => stage(file, query.get("blockid"), request),
        Some("blocklist") => list(file, request),
        Some(other) => Err(Refused::bad(
            "InvalidQueryParameterValue",
            format!("comp is {other:?}, neither block nor blocklist"),
        )),
        None if request.headers().contains_key("x-ms-blob-type") => {
            file.stored = Stored::InOnePiece;
            file.staged.clear();
            Ok(())
        }
        None => Err(Refused::bad(
            "MissingRequiredHeader",
            "x-ms-blob-type is missing",
        )),
    }
}

/// The most bytes of a block's name, before they are encoded.
const LONGEST_NAME: usize = 64;
/// The most blocks of a file.
const MOST_BLOCKS: usize = 50_000;

fn stage(file: &mut AppFile, id: Option<String>, request: &Request) -> Result<(), Refused> {
    let id = id.unwrap_or_default();
    let length = decoded_length(&id);
    if !length.is_some_and(|length| (1..=LONGEST_NAME).contains(&length)) {
        let why = format!("blockid {id:?} is not the base64 of 1 to {LONGEST_NAME} bytes");
        return Err(Refused::bad("InvalidQueryParameterValue", why));
    }
    if let Some(other) = file.staged.keys().find(|other| other.len() != id.len()) {
        let why = format!("{id:?} is of another length than {other:?}");
        return Err(Refused::bad("InvalidBlobOrBlock", why));
    }
    if request.body().is_empty() {
        return Err(Refused::bad("InvalidHeaderValue", "the block is empty"));
    }
    if file.staged.len() >= MOST_BLOCKS && !file.staged.contains_key(&id) {
        let why = "there are 50,000 blocks already";
        return Err(Refused::new(
            StatusCode::CONFLICT,
            "BlockCountExceedsLimit",
            why,
        ));
    }
    file.staged.insert(id, Blob(request.body().clone()));
    Ok(())
}

fn decoded_length(id: &str) -> Option<usize> {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(id).ok()?;
    Some(bytes.len())
}

fn list(file: &mut AppFile, request: &Request) -> Result<(), Refused> {
    let broken = |why: String| Refused::bad("InvalidXmlDocument", why);
    let text = std::str::from_utf8(request.body()).map_err(|error| broken(error.to_string()))?;
    let document = Document::parse(text).map_err(|error| broken(error.to_string()))?;
    let root = document.root_element();
    if !root.has_tag_name("BlockList") {
        return Err(broken("the list is no BlockList".to_owned()));
    }
    let mut blocks = Vec::new();
    for node in root.children().filter(roxmltree::Node::is_element) {
        let id = node.text().unwrap_or_default();
        let is_known = matches!(
            node.tag_name().name(),
            "Latest" | "Uncommitted" | "Committed"
        );
        let block = file.staged.get(id).filter(|_| is_known);
        let block = block.ok_or_else(|| {
            let why = format!("{id:?} was not sent");
            Refused::bad("InvalidBlockList", why)
        })?;
        blocks.push(block.clone());
    }
    file.stored = Stored::Blocks(blocks);
    Ok(())
}

/// What stands in the query, which has other names than those of Graph.
struct Query(Vec<(String, String)>);

impl Query {
    fn of(text: &str) -> Self {
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        Self(
            pairs
                .map(|(name, value)| (decode(name), decode(value)))
                .collect(),
        )
    }

    fn get(&self, name: &str) -> Option<String> {
        let found = self.0.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.clone())
    }
}
