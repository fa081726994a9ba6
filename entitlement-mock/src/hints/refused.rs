//! What would have worked, or is worth a look, where a call was refused.

use entitlement_graph::transport::Request;
use http::{Method, StatusCode};
use serde_json::Value;

use super::ids::{self, Sent};
use super::kinds::Kind;
use crate::caller::Token;
use crate::explanation::findings::explain;
use crate::lifecycle::eligibility::may_be_assigned;
use crate::router::refusal::Refusal;
use crate::router::{self, near, path};
use crate::world::World;
use crate::world::table::Key;

/// Sentences about a refusal, beside those that it comes with.
pub(crate) fn hints(
    world: &World,
    token: &Token,
    request: &Request,
    refusal: &Refusal,
) -> Vec<String> {
    let path = request.uri().path();
    let segments = path.strip_prefix("/v1.0").and_then(path::segments);
    let found = segments.and_then(|segments| router::find(request.method(), &segments));
    let Some((found, _)) = found else {
        return near::misses(request.method(), path);
    };
    let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let sent = ids::sent(path, &found.keys, &body);
    let mut hints: Vec<String> = sent
        .iter()
        .flat_map(|sent| ids::wrong(world, sent))
        .collect();
    let is_about_state = matches!(
        refusal.status,
        StatusCode::BAD_REQUEST | StatusCode::CONFLICT
    );
    if is_about_state && request.method() != Method::GET {
        hints.extend(sent.iter().filter_map(|sent| state(world, sent)));
    }
    if matches!(
        &*refusal.code,
        "PolicyRequirementNotMet" | "IncompatibleAccess"
    ) {
        hints.extend(policies(world, token, &body));
    }
    hints
}

/// The state that something is in, which may be why nothing can be done with it.
fn state(world: &World, sent: &Sent) -> Option<String> {
    let has_state = matches!(sent.due, Kind::Request | Kind::Assignment | Kind::Instance);
    let label = sent.due.label(world, sent.key).filter(|_| has_state)?;
    Some(format!("it is about the {} {label}", sent.due.word()))
}

/// Under which policies the person could have the package.
fn policies(world: &World, token: &Token, body: &Value) -> Vec<String> {
    let key = |path: &str| Key::try_parse(body.pointer(path)?.as_str()?).ok();
    let held = key("/assignment/id").and_then(|key| world.assignments.get(key));
    let package = key("/assignment/accessPackageId").or(held.map(|row| row.package));
    let Some(package) = package else {
        return Vec::new();
    };
    let kind = body.pointer("/requestType").and_then(Value::as_str);
    let asks = kind.is_some_and(|kind| kind.eq_ignore_ascii_case("userAdd"));
    if let Some(person) = token.caller.user().filter(|_| asks) {
        let explanation = explain(world, Some(person), Some(package));
        return explanation.sentences().to_vec();
    }
    let Some(person) = key("/assignment/targetId") else {
        return Vec::new();
    };
    let policies = world.links.policies_of_package.of(package).iter();
    let names: Vec<String> = policies
        .filter_map(|key| world.policies.get(*key))
        .filter(|row| may_be_assigned(world, &row.settings, person))
        .filter_map(|row| row.settings.display_name.as_ref())
        .map(|name| format!("{name:?}"))
        .collect();
    if names.is_empty() {
        vec!["no policy of the package takes this person".to_owned()]
    } else {
        vec![format!(
            "policies that take this person: {}",
            names.join(", ")
        )]
    }
}
