//! How calls and answers look inside of a batch ([JSON batching](https://learn.microsoft.com/graph/json-batching)).

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use bytes::Bytes;
use entitlement_core::wire::{self, DecodeError};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::error::{Error, Operation};
use crate::transport::retry::RETRY_ATTEMPT;
use crate::transport::{Replay, Request, Response};

/// A call that is to be sent inside of a batch.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) operation: Operation,
    pub(super) replay_is_safe: bool,
    method: Method,
    url: String,
    headers: BTreeMap<String, String>,
    body: Option<Box<RawValue>>,
}

impl Part {
    /// The part that stands for a request of its own; `url` is below the service root.
    pub(super) fn new(operation: Operation, url: String, request: &Request) -> Result<Self, Error> {
        let refused = |reason: &str| Error::Refused {
            operation: operation.clone(),
            reason: reason.to_owned(),
        };
        let path = operation.path();
        let walks = path.split('/').any(|segment| matches!(segment, "." | ".."));
        if walks || path.starts_with(['/', '\\']) || path.contains("://") {
            return Err(refused("its path leaves the service root"));
        }
        if path.eq_ignore_ascii_case("$batch") {
            return Err(refused("a batch cannot hold another batch"));
        }
        let mut headers = texts(request.headers())
            .ok_or_else(|| refused("a header of it is no text, as it must be in a batch"))?;
        let writes = matches!(
            *request.method(),
            Method::POST | Method::PUT | Method::PATCH
        );
        if writes && request.body().is_empty() {
            // Inside of a batch a body is due even where there is nothing to say.
            let json = || "application/json".to_owned();
            headers.entry(CONTENT_TYPE.to_string()).or_insert_with(json);
        }
        let body = match request.body() {
            none if none.is_empty() => writes
                .then(|| RawValue::from_string("{}".to_owned()))
                .transpose(),
            body if is_json(request.headers()) => serde_json::from_slice(body).map(Some),
            body => to_raw_value(&URL_SAFE.encode(body)).map(Some),
        };
        Ok(Self {
            replay_is_safe: Replay::is_safe(request),
            method: request.method().clone(),
            url,
            headers,
            body: body.map_err(|_not_json| refused("its body is not the JSON it claims to be"))?,
            operation,
        })
    }

    /// Whether the call says itself who makes it.
    pub(super) fn brings_its_token(&self) -> bool {
        self.headers.contains_key(AUTHORIZATION.as_str())
    }

    /// The body as JSON; empty if there is none.
    pub(super) fn body(&self) -> &[u8] {
        self.body.as_ref().map_or(b"", |body| body.get().as_bytes())
    }
}

/// The headers that a call keeps inside of a batch; `None` if one is no text.
fn texts(headers: &HeaderMap) -> Option<BTreeMap<String, String>> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        // These belong to the batch as a whole, or go without saying.
        if *name == ACCEPT || *name == CONTENT_LENGTH || name == "client-request-id" {
            continue;
        }
        let value = value.to_str().ok()?;
        texts
            .entry(name.to_string())
            .and_modify(|before| *before = format!("{before}, {value}"))
            .or_insert_with(|| value.to_owned());
    }
    Some(texts)
}

/// Whether a body is JSON, which is also what it is when nothing is said.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .map_or("", |kind| kind.to_str().unwrap_or("?"));
    let kind = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    kind.is_empty() || kind == "application/json" || kind.ends_with("+json")
}

/// The body of a batch.
#[derive(Debug, Serialize)]
pub(super) struct Envelope<'a> {
    requests: Vec<Entry<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    depends_on: Option<[String; 1]>,
    method: &'a str,
    url: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    headers: Cow<'a, BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a RawValue>,
}

/// The id of a call in its batch, counted from 1.
fn id(item: usize) -> String {
    (item + 1).to_string()
}

impl<'a> Envelope<'a> {
    pub(super) fn new() -> Self {
        Self {
            requests: Vec::new(),
        }
    }

    /// Adds a call, which waits for another one of this envelope or not, and was sent `retries` times before.
    pub(super) fn add(&mut self, item: usize, after: Option<usize>, part: &'a Part, retries: u32) {
        let mut headers = Cow::Borrowed(&part.headers);
        if retries > 0 {
            headers
                .to_mut()
                .insert(RETRY_ATTEMPT.to_string(), retries.to_string());
        }
        self.requests.push(Entry {
            id: id(item),
            depends_on: after.map(|first| [id(first)]),
            method: part.method.as_str(),
            url: &part.url,
            headers,
            body: part.body.as_deref(),
        });
    }
}

#[derive(Deserialize)]
struct Answers {
    responses: Vec<Answer>,
}

#[derive(Deserialize)]
struct Answer {
    id: Scalar,
    status: Scalar,
    #[serde(default)]
    headers: Option<HashMap<String, Scalar>>,
    #[serde(default)]
    body: Option<Box<RawValue>>,
}

/// A text, which some write as a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Number(u64),
    Flag(bool),
    Nothing(()),
}

impl Scalar {
    fn into_string(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::Nothing(()) => String::new(),
        }
    }
}

/// Takes the answer to a batch apart: each call's own answer, by its id, in whatever order they come.
pub(super) fn answers(body: &[u8]) -> Result<HashMap<String, Response>, DecodeError> {
    let answers: Answers = wire::decode(body)?;
    let mut by_id = HashMap::new();
    for answer in answers.responses {
        let id = answer.id.into_string();
        let status = answer.status.into_string();
        // A status that is none leaves the call without an answer.
        let Ok(status) = status.parse::<StatusCode>() else {
            continue;
        };
        let mut headers = HeaderMap::new();
        for (name, value) in answer.headers.unwrap_or_default() {
            let name = HeaderName::try_from(name);
            let value = HeaderValue::try_from(value.into_string());
            if let (Ok(name), Ok(value)) = (name, value) {
                headers.append(name, value);
            }
        }
        let mut response = Response::new(content(answer.body, &headers));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        by_id.entry(id).or_insert(response);
    }
    Ok(by_id)
}

/// The answer to one call.
pub(super) fn take(answers: &mut HashMap<String, Response>, item: usize) -> Option<Response> {
    answers.remove(&id(item))
}

/// The body as it would come outside of a batch: what is not JSON comes as base64.
fn content(body: Option<Box<RawValue>>, headers: &HeaderMap) -> Bytes {
    let Some(body) = body.filter(|body| body.get() != "null") else {
        return Bytes::new();
    };
    if !is_json(headers)
        && let Ok(text) = serde_json::from_str::<String>(body.get())
    {
        let decoded = STANDARD
            .decode(&text)
            .or_else(|_other| URL_SAFE.decode(&text));
        return decoded.unwrap_or_else(|_plain| text.into_bytes()).into();
    }
    String::from(Box::<str>::from(body)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_however_it_is_written() {
        let body = r#"{"responses": [
            {"id": "2", "status": 204},
            {"id": 1, "status": "200", "headers": {"Content-Type": "application/json", "Retry-After": 7, "x y": "?"},
             "body": {"b": 1.0, "a": [ ]}},
            {"id": "3", "status": 200, "headers": {"content-type": "text/plain"}, "body": "aGVsbG8="},
            {"id": "4", "status": 200, "headers": null, "body": null},
            {"id": "5", "status": 9999},
            {"id": "2", "status": 500}
        ]}"#;
        let mut all = answers(body.as_bytes()).unwrap();
        let first = take(&mut all, 0).unwrap();
        assert_eq!(first.body(), r#"{"b": 1.0, "a": [ ]}"#);
        assert_eq!(first.headers()["retry-after"], "7");
        assert_eq!(take(&mut all, 1).unwrap().status(), 204);
        assert_eq!(take(&mut all, 2).unwrap().body(), "hello");
        assert_eq!(take(&mut all, 3).unwrap().body(), "");
        assert!(take(&mut all, 4).is_none());
        assert!(answers(b"{}").is_err());
    }

    #[test]
    fn what_is_not_json_goes_as_base64() {
        let request = http::Request::put("https://graph.microsoft.com/v1.0/me/photo/$value")
            .header("content-type", "image/png")
            .body(Bytes::from_static(&[0xfb, 0xff, 0]))
            .unwrap();
        let operation = Operation::new(Method::PUT, "me/photo/$value");
        let part = Part::new(operation, "/me/photo/$value".to_owned(), &request).unwrap();
        let mut envelope = Envelope::new();
        envelope.add(0, None, &part, 0);
        assert_eq!(
            serde_json::to_string(&envelope).unwrap(),
            r#"{"requests":[{"id":"1","method":"PUT","url":"/me/photo/$value","headers":{"content-type":"image/png"},"body":"-_8A"}]}"#
        );
    }
}
