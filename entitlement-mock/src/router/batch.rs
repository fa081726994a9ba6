//! Batches: taken apart into calls of their own, and put together from their answers
//! ([JSON batching](https://learn.microsoft.com/graph/json-batching)).
//!
//! A batch is refused as a whole or not at all. What nobody documents is ours: the texts of refusals other than that of
//! too many calls, and the code `FailedDependency`.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use bytes::Bytes;
use entitlement_graph::transport::{Request, Response};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::refusal::Refusal;

/// The most calls of one batch.
const MOST: usize = 20;

/// What stands in no URL as it is; some clients leave the encoding of the calls' URLs to the service.
const UNWRITABLE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A call of a batch.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) id: String,
    /// The place in the batch of the call that this one waits for.
    pub(crate) after: Option<usize>,
    /// The call as it would be outside of the batch.
    pub(crate) request: Request,
}

/// Whether a path below the service root is that of batches.
pub(crate) fn is_batch(path: &str) -> bool {
    let path = path.trim_matches('/');
    path.eq_ignore_ascii_case("$batch") || path.eq_ignore_ascii_case("%24batch")
}

/// Takes a batch apart; its calls carry the identity of the whole.
pub(crate) fn parts(batch: &Request, root: &str) -> Result<Vec<Part>, Refusal> {
    let body: Value = serde_json::from_slice(batch.body())
        .map_err(|error| malformed(format!("the body is no JSON: {error}")))?;
    let Some(calls) = body["requests"]
        .as_array()
        .filter(|calls| !calls.is_empty())
    else {
        return Err(malformed("requests: a list of calls is due"));
    };
    if calls.len() > MOST {
        let message = "Number of requests inside batch exceeds the limit";
        return Err(Refusal::bad_request("BadRequest", message)
            .because(format!("{} calls, and {MOST} are the most", calls.len())));
    }
    let mut ids: Vec<String> = Vec::with_capacity(calls.len());
    for (place, call) in calls.iter().enumerate() {
        let id = text(call, "id", place)?;
        if ids.iter().any(|other| other.eq_ignore_ascii_case(id)) {
            return Err(malformed(format!(
                "requests[{place}]: the id {id:?} is taken"
            )));
        }
        ids.push(id.to_owned());
    }
    let mut parts = Vec::with_capacity(calls.len());
    for (place, call) in calls.iter().enumerate() {
        parts.push(Part {
            id: ids[place].clone(),
            after: dependency(call, place, &ids)?,
            request: request(call, place, batch, root)?,
        });
    }
    check_shape(&parts)?;
    Ok(parts)
}

/// The places in the order in which the calls are carried out: who waits comes after whom it waits for.
pub(crate) fn order(parts: &[Part]) -> Vec<usize> {
    let (mut order, waiting): (Vec<usize>, Vec<usize>) =
        (0..parts.len()).partition(|place| parts[*place].after.is_none());
    order.extend(waiting);
    order
}

fn malformed(why: impl Into<String>) -> Refusal {
    Refusal::bad_request("BadRequest", "Invalid batch payload format.").because(why)
}

/// The answer to a call that is not carried out, because the one it waits for has failed.
pub(crate) fn failed_dependency(first: &str) -> Refusal {
    let message = "The request was not carried out, because one that it depends on has failed.";
    Refusal::new(StatusCode::FAILED_DEPENDENCY, "FailedDependency", message)
        .because(format!("call {first:?} of the batch has failed"))
}

fn text<'a>(call: &'a Value, name: &str, place: usize) -> Result<&'a str, Refusal> {
    let text = call[name].as_str().filter(|text| !text.is_empty());
    text.ok_or_else(|| malformed(format!("requests[{place}].{name}: a text is due")))
}

/// The call that this one waits for: at most one, in the same batch.
fn dependency(call: &Value, place: usize, ids: &[String]) -> Result<Option<usize>, Refusal> {
    let wrong = |why: &str| Err(malformed(format!("requests[{place}].dependsOn: {why}")));
    // One client library spells the name differently.
    let given = ["dependsOn", "depends_on"]
        .iter()
        .filter_map(|name| call.get(name))
        .find(|value| !value.is_null());
    let names = match given {
        None => return Ok(None),
        Some(Value::Array(names)) => names,
        Some(_) => return wrong("a list of ids is due"),
    };
    let [name] = names.as_slice() else {
        return match names.len() {
            0 => Ok(None),
            _ => wrong("a call can depend on one other"),
        };
    };
    let name = name.as_str().unwrap_or_default();
    match ids.iter().position(|id| id.eq_ignore_ascii_case(name)) {
        Some(first) if first == place => wrong("a call cannot depend on itself"),
        Some(first) => Ok(Some(first)),
        None => wrong("there is no call of this id"),
    }
}

/// Nobody waits, each waits for the one before, or all who wait wait for the same one.
fn check_shape(parts: &[Part]) -> Result<(), Refusal> {
    let serial = parts
        .iter()
        .enumerate()
        .all(|(place, part)| part.after == place.checked_sub(1));
    let mut firsts = parts.iter().filter_map(|part| part.after);
    let centre = firsts.next();
    let same = centre
        .is_none_or(|centre| parts[centre].after.is_none() && firsts.all(|first| first == centre));
    if serial || same {
        return Ok(());
    }
    Err(malformed(
        "dependsOn: either each call depends on the one before, or all that depend on one depend on the same",
    ))
}

/// The call as it would be by itself.
fn request(call: &Value, place: usize, batch: &Request, root: &str) -> Result<Request, Refusal> {
    let wrong = |what: &str, why: &str| malformed(format!("requests[{place}].{what}: {why}"));
    let method = text(call, "method", place)?.to_ascii_uppercase();
    let method =
        Method::try_from(method.as_str()).map_err(|error| wrong("method", &error.to_string()))?;
    let uri = uri(text(call, "url", place)?, root).map_err(|why| wrong("url", &why))?;
    let mut headers = HeaderMap::new();
    for name in [HOST, HeaderName::from_static("client-request-id")] {
        if let Some(value) = batch.headers().get(&name) {
            headers.insert(name, value.clone());
        }
    }
    for (name, value) in call["headers"].as_object().into_iter().flatten() {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => headers.insert(name, value),
            _ => return Err(wrong("headers", &format!("{name:?} is no header"))),
        };
    }
    let body = call.get("body").filter(|body| !body.is_null());
    let writes = matches!(method, Method::POST | Method::PUT | Method::PATCH);
    if (writes && body.is_none()) || (body.is_some() && !headers.contains_key(CONTENT_TYPE)) {
        return Err(wrong(
            "body",
            "a body comes with a Content-Type, and who writes sends one, if only {}",
        ));
    }
    let body = body.map_or_else(|| Ok(Bytes::new()), |body| content(body, &headers));
    // Whoever sends the batch makes its calls.
    headers.remove(AUTHORIZATION);
    if let Some(identity) = batch.headers().get(AUTHORIZATION) {
        headers.insert(AUTHORIZATION, identity.clone());
    }
    let mut request = Request::new(body.map_err(|why| wrong("body", why))?);
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    Ok(request)
}

/// Reads a URL below the root, with or without a slash, the version, or the whole root before it.
fn uri(url: &str, root: &str) -> Result<Uri, String> {
    let below = url.split_once("://").and_then(|(scheme, rest)| {
        // Behind a front that speaks another scheme the root is known without it.
        let (_, root) = root
            .split_once("://")
            .filter(|_| scheme.starts_with("http"))?;
        without_prefix(rest, root).filter(|rest| rest.starts_with(['/', '?']))
    });
    let url = below.unwrap_or(url);
    let named = url.split('?').next().unwrap_or_default();
    if named.contains("://") {
        return Err("it leads to another origin".to_owned());
    }
    let path = url.trim_start_matches('/');
    let path = without_prefix(path, "v1.0/").unwrap_or(path);
    if is_batch(path.split('?').next().unwrap_or_default()) {
        return Err("a batch cannot hold another batch".to_owned());
    }
    let path = encode_percents(path);
    let path = utf8_percent_encode(&path, UNWRITABLE);
    Uri::try_from(format!("{root}/{path}")).map_err(|error| error.to_string())
}

fn without_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// A percent sign that encodes nothing stands for itself.
fn encode_percents(text: &str) -> String {
    let mut parts = text.split('%');
    let mut encoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take(2).filter(u8::is_ascii_hexdigit).count();
        encoded.push_str(if digits == 2 { "%" } else { "%25" });
        encoded.push_str(part);
    }
    encoded
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_none_or(|kind| kind.to_ascii_lowercase().contains("json"))
}

/// JSON stands in a batch as it is, anything else as base64.
fn content(body: &Value, headers: &HeaderMap) -> Result<Bytes, &'static str> {
    match body {
        Value::String(text) if !is_json(headers) => {
            let bytes = STANDARD
                .decode(text)
                .or_else(|_other| URL_SAFE.decode(text));
            bytes
                .map(Bytes::from)
                .map_err(|_neither| "what is not JSON is due as base64")
        }
        body => Ok(body.to_string().into()),
    }
}

/// The answer to a call, as it stands in the answer to its batch.
pub(crate) fn answer(id: &str, response: &Response) -> Value {
    let headers: Map<String, Value> = response
        .headers()
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (spelled(name.as_str()), value.into())
        })
        .collect();
    let mut answer = json!({"id": id, "status": response.status().as_u16(), "headers": headers});
    let body = response.body();
    if !body.is_empty() {
        let json = is_json(response.headers()).then(|| serde_json::from_slice(body).ok());
        answer["body"] = json
            .flatten()
            .unwrap_or_else(|| STANDARD.encode(body).into());
    }
    answer
}

/// Standard headers are spelled with capitals.
fn spelled(name: &str) -> String {
    match name {
        "content-type" => "Content-Type".to_owned(),
        "retry-after" => "Retry-After".to_owned(),
        "location" => "Location".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "https://graph.microsoft.com/v1.0";

    #[test]
    fn urls_are_read_in_every_style() {
        for (written, read) in [
            ("/groups/x", "/v1.0/groups/x"),
            ("groups/x?$top=1", "/v1.0/groups/x?$top=1"),
            ("/v1.0/groups/x", "/v1.0/groups/x"),
            ("https://graph.microsoft.com/v1.0/me", "/v1.0/me"),
            ("http://graph.microsoft.com/v1.0/me", "/v1.0/me"),
            ("/users/a#EXT#@b", "/v1.0/users/a%23EXT%23@b"),
            (
                "/users?$filter=displayName eq 'O''Neil 100% {x}'",
                "/v1.0/users?$filter=displayName%20eq%20'O''Neil%20100%25%20%7Bx%7D'",
            ),
            (
                "/users?$filter=a%20eq%20'x://y'",
                "/v1.0/users?$filter=a%20eq%20'x://y'",
            ),
        ] {
            let uri = uri(written, ROOT).unwrap();
            assert_eq!(uri.path_and_query().unwrap().as_str(), read);
        }
        for refused in [
            "https://graph.microsoft.com.evil.example/v1.0/me",
            "https://evil.example/v1.0/me",
            "https://evil.example/?x=https://graph.microsoft.com/v1.0/me",
            "/$batch",
            "/v1.0/%24BATCH?x=1",
        ] {
            assert!(uri(refused, ROOT).is_err(), "{refused}");
        }
    }
}
