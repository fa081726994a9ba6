//! Carries a documented call out in a tenant where other ids are known than in the page.

use bytes::Bytes;
use entitlement_mock::Outcome;
use http::header::AUTHORIZATION;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::Value;
use uuid::Uuid;

use crate::difference::Difference;
use crate::examples::Request;
use crate::seed::Seed;

/// The tenant's answer.
pub(crate) struct Answer {
    status: http::StatusCode,
    /// The body; null if there is none, or it is no JSON.
    pub(crate) body: Value,
    why: Option<String>,
}

impl Answer {
    /// Says how the status is not the documented one; a page without an answer promises some success.
    pub(crate) fn refusal(&self, documented: Option<u16>) -> Option<Difference> {
        let fine = documented.map_or(self.status.is_success(), |status| self.status == status);
        let documented = documented.map_or("success".to_owned(), |status| status.to_string());
        let ours = format!("{} {}", self.status, self.why.as_deref().unwrap_or(""));
        (!fine).then(|| Difference::new("status", &documented, &ours))
    }
}

/// Sends the call as whoever the page says may make it.
pub(crate) fn replay(seed: &Seed, documented: &Request) -> Answer {
    let url = url(seed, documented);
    let body = documented.body.clone().map(|mut body| {
        fill(seed, &mut body, collection(&documented.url));
        body
    });
    let request = http::Request::builder()
        .method(documented.method.as_str())
        .uri(&url)
        .header(AUTHORIZATION, format!("Bearer {}", caller(seed, &url)))
        // The pages of the directory ask for it wherever something is counted or searched; headers are not kept here.
        .header("ConsistencyLevel", "eventual")
        .body(body.map_or_else(Bytes::new, |body| body.to_string().into()))
        .unwrap_or_else(|error| panic!("{url}: {error}"));
    let Outcome::Answered(response) = seed.tenant.handle(&request) else {
        panic!("{url}: no answer");
    };
    let journal = seed.tenant.journal();
    Answer {
        status: response.status(),
        body: serde_json::from_slice(response.body()).unwrap_or_default(),
        why: journal
            .last()
            .and_then(|exchange| exchange.explanation())
            .map(str::to_owned),
    }
}

/// Calls that are for people only (ROLE-7); of these, approvals are the approver's, the rest the requestor's.
const OF_PEOPLE: &[&str] = &[
    "me",
    "cancel",
    "getApplicablePolicyRequirements",
    "filterByCurrentUser",
];

fn caller<'s>(seed: &'s Seed, url: &str) -> &'s str {
    let names = || url.split(['/', '(', '?']);
    if names().any(|name| name == "accessPackageAssignmentApprovals") {
        &seed.approver
    } else if names().any(|name| OF_PEOPLE.contains(&name)) {
        &seed.requestor
    } else {
        "app"
    }
}

/// What a query shows unencoded in the pages and may not in a URL.
const NOT_IN_URLS: &AsciiSet = &CONTROLS.add(b' ').add(b'"');

fn url(seed: &Seed, documented: &Request) -> String {
    let (path, query) = match documented.url.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (documented.url.as_str(), String::new()),
    };
    let path = path_of_ours(seed, &documented.method, path);
    format!("{path}{}", utf8_percent_encode(&query, NOT_IN_URLS))
}

/// Puts our ids where the page has its own: what stands after the name of a collection is from that collection.
fn path_of_ours(seed: &Seed, method: &str, path: &str) -> String {
    let segments: Vec<&str> = path.split('/').collect();
    let ours = segments.iter().enumerate().map(|(place, segment)| {
        if !is_foreign(segment) {
            return *segment;
        }
        let collection = segments[place - 1];
        let action = segments.get(place + 1).copied().unwrap_or(method);
        seed.id(&[&format!("{collection} {action}"), collection])
    });
    ours.collect::<Vec<_>>().join("/")
}

/// Whether a text is an id of the page's own, or stands for one: `{id}`.
fn is_foreign(text: &str) -> bool {
    text.starts_with('{') || Uuid::try_parse(text).is_ok()
}

/// The collection that a URL is about.
fn collection(url: &str) -> &str {
    let path = url.split('?').next().unwrap_or(url);
    let mut names = path.rsplit('/').filter(|segment| !is_foreign(segment));
    names.next().unwrap_or_default()
}

/// Puts our ids into a body: `name` is the property that holds the value.
fn fill(seed: &Seed, value: &mut Value, name: &str) {
    match value {
        Value::Object(members) => {
            for (property, value) in members {
                let nested = format!("{name}.id");
                fill(
                    seed,
                    value,
                    if property == "id" { &nested } else { property },
                );
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(seed, item, name)),
        Value::String(text) if name.contains("@odata.") && text.starts_with("https:") => {
            *text = path_of_ours(seed, "", text);
        }
        Value::String(text) if is_foreign(text) => seed.id(&[name]).clone_into(text),
        _ => {}
    }
}
