//! What is near a path that leads nowhere, for the person who reads the journal (M19).

use std::fmt::Write as _;

use http::Method;

use super::find;
use super::path::{self, Segment};
use super::route::{Part, fits};
use super::table::{ROUTES, TEMPLATES};
use crate::hints::nearest::is_near;
use crate::world::table::Key;

/// What to say about a call that no route answers, the likeliest first.
pub(crate) fn misses(method: &Method, path: &str) -> Vec<String> {
    let (below, mut said) = below_version(path);
    let Some(segments) = path::segments(below) else {
        said.push("a quote, a parenthesis or a percent sign is not closed".to_owned());
        return said;
    };
    if find(method, &segments).is_some() {
        return said;
    }
    let others = other_methods(&segments);
    if !others.is_empty() {
        let others: Vec<&str> = others.iter().map(Method::as_str).collect();
        said.push(format!(
            "{method} is not taken here, but {}",
            others.join(", ")
        ));
    }
    if let Some(advice) = advice(method, &segments) {
        said.push(advice.to_owned());
        return said;
    }
    if segments.len() > LONGEST {
        return said;
    }
    let mut near = near(method, &segments);
    if !others.is_empty() {
        // What is linked by reference is so by another path.
        near.retain(|near| near.is_reference);
    } else if near.is_empty() {
        said.extend(children(&segments));
    }
    said.extend(near.iter().map(Near::sentence));
    said
}

/// The most segments that are looked through; no path is longer.
const LONGEST: usize = 16;

/// What is farther than this is not near.
const FAR: u32 = 6;

/// What it costs if a segment is not quite the one of the route.
const SLIPPED: u32 = 1;
const MISSPELLED: u32 = 2;

/// What it costs if the route has another method.
const OTHER_METHOD: u32 = 2;

/// How many near routes are named.
const MOST: usize = 3;

/// The path without its version, and what is wrong with that.
fn below_version(path: &str) -> (&str, Vec<String>) {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or("");
    let after = |first: &str| {
        let path = path.trim_start_matches('/');
        path.get(first.len()..).unwrap_or_default()
    };
    match first {
        "v1.0" => (after(first), Vec::new()),
        "beta" => (
            after(first),
            vec!["only /v1.0 is answered, and not /beta".to_owned()],
        ),
        _ if is_version(first) => (
            after(first),
            vec![format!("only /v1.0 is answered, and not /{first}")],
        ),
        _ => (
            path,
            vec!["the path lacks the version: it begins with /v1.0".to_owned()],
        ),
    }
}

fn is_version(segment: &str) -> bool {
    let number = segment.strip_prefix('v');
    number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

/// The methods that are taken where a path leads.
fn other_methods(segments: &[Segment]) -> Vec<Method> {
    let all = [
        Method::GET,
        Method::POST,
        Method::PATCH,
        Method::PUT,
        Method::DELETE,
    ];
    let taken = all.into_iter();
    taken
        .filter(|method| find(method, segments).is_some())
        .collect()
}

/// What is done in another way than one would think.
fn advice(method: &Method, segments: &[Segment]) -> Option<&'static str> {
    let has = |name: &str| {
        let mut names = segments.iter();
        names.any(|segment| segment.name.eq_ignore_ascii_case(name))
    };
    if has("accessReviews") && has("instances") && method == Method::POST {
        return Some("a review comes round by itself: its instances are not made (OBJ-2)");
    }
    if !has("entitlementManagement") || method == Method::GET {
        return None;
    }
    if has("assignmentPolicies") && method == Method::PATCH {
        Some("a policy is written as a whole, with PUT (POL-2)")
    } else if has("assignmentPolicies") && method == Method::POST {
        Some(
            "a policy is made with POST /v1.0/identityGovernance/entitlementManagement/assignmentPolicies, with \
             accessPackage.id in the body (OBJ-3)",
        )
    } else if has("assignments") {
        Some(
            "assignments are made, changed and ended with POST \
             /v1.0/identityGovernance/entitlementManagement/assignmentRequests (OBJ-3)",
        )
    } else if has("assignmentRequests") && matches!(*method, Method::PATCH | Method::PUT) {
        Some("a request does not change once it is made: withdraw it, and make another (REQ-3)")
    } else {
        None
    }
}

/// A route that the caller may have meant, and what sets it apart from their path.
struct Near {
    cost: u32,
    method: Method,
    path: String,
    differences: Vec<String>,
    /// Whether just `$ref` is missing.
    is_reference: bool,
}

impl Near {
    fn sentence(&self) -> String {
        let mut sentence = format!("did you mean {} {}?", self.method, self.path);
        if !self.differences.is_empty() {
            // Writing to a text does not fail.
            let _ = write!(sentence, " ({})", self.differences.join("; "));
        }
        sentence
    }
}

/// The nearest routes, the likeliest first.
fn near(method: &Method, segments: &[Segment]) -> Vec<Near> {
    let mut near: Vec<Near> = Vec::new();
    for (route, template) in ROUTES.iter().zip(TEMPLATES.iter()) {
        let steps = align(template, segments);
        let is_other = route.method != *method;
        let extra = if is_other { OTHER_METHOD } else { 0 };
        let cost = steps.iter().map(Step::cost).sum::<u32>() + extra;
        let is_strange = steps.iter().any(|step| matches!(step, Step::Extra));
        if is_strange || cost > FAR || !steps.iter().any(Step::keeps_name) {
            continue;
        }
        let mut changed = steps.iter().filter(|step| step.cost() > 0);
        let is_reference = matches!(changed.next(), Some(Step::Missing(Part::Name("$ref"))))
            && changed.next().is_none()
            && !is_other;
        let path = shown(&steps);
        // One route for each path: that of the method that was asked for.
        match near.iter_mut().find(|other| other.path == path) {
            Some(other) if cost >= other.cost => {}
            Some(other) => {
                other.cost = cost;
                other.method = route.method.clone();
            }
            None => near.push(Near {
                cost,
                method: route.method.clone(),
                path,
                differences: differences(&steps),
                is_reference,
            }),
        }
    }
    near.sort_by_key(|near| near.cost);
    let best = near.first().map_or(0, |best| best.cost);
    near.retain(|near| near.cost == best);
    near.truncate(MOST);
    near
}

/// How a segment of a path stands to a part of a template.
enum Step<'s> {
    /// One stands for the other; the number says how unlike they are.
    Both(Part, &'s Segment, u32),
    /// The path lacks it.
    Missing(Part),
    /// The template lacks it.
    Extra,
}

impl Step<'_> {
    fn cost(&self) -> u32 {
        match self {
            Self::Both(_, _, cost) => *cost,
            Self::Missing(part) => missing(*part),
            Self::Extra => EXTRA,
        }
    }

    /// Whether something that the caller named is in the route, not just some key.
    fn keeps_name(&self) -> bool {
        matches!(self, Self::Both(Part::Name(_) | Part::Function(_), ..))
    }
}

const EXTRA: u32 = 4;

fn missing(part: Part) -> u32 {
    match part {
        Part::Name(_) => 2,
        Part::Key(_) => 4,
        Part::Function(_) => 6,
    }
}

/// How unlike a part and a segment are; `None` if they have nothing in common.
fn unlike(part: Part, segment: &Segment) -> Option<u32> {
    let looks_like_key =
        segment.is_key || segment.name.contains('@') || Key::try_parse(&segment.name).is_ok();
    if fits(part, segment) {
        // Any name could be a key, and hardly is one.
        let is_odd = matches!(part, Part::Key(_)) && !looks_like_key;
        return Some(if is_odd { MISSPELLED } else { 0 });
    }
    let (Part::Name(name) | Part::Function(name)) = part else {
        return None;
    };
    let written = unqualified(&segment.name);
    if looks_like_key {
        None
    } else if written.eq_ignore_ascii_case(name) || is_beta_name(written, name) {
        Some(SLIPPED)
    } else {
        is_near(written, name).then_some(MISSPELLED)
    }
}

fn unqualified(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// OBJ-4.
fn is_beta_name(written: &str, name: &str) -> bool {
    let prefix = "accessPackage";
    let rest = written.get(prefix.len()..).unwrap_or_default();
    written.len() > prefix.len()
        && written
            .get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        && rest.eq_ignore_ascii_case(name)
        || written.eq_ignore_ascii_case("steps") && name == "stages"
}

/// The cheapest way to make a template of a path.
fn align<'s>(template: &[Part], segments: &'s [Segment]) -> Vec<Step<'s>> {
    let (rows, columns) = (template.len(), segments.len());
    // What it costs from here to the end, by what is left of both.
    let mut costs = vec![vec![0_u32; columns + 1]; rows + 1];
    for row in (0..=rows).rev() {
        for column in (0..=columns).rev() {
            let ways = ways(template, segments, &costs, row, column);
            let best = ways.into_iter().flatten().map(|(cost, _)| cost).min();
            costs[row][column] = best.unwrap_or(0);
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut steps = Vec::new();
    loop {
        let ways = ways(template, segments, &costs, row, column);
        let best = ways.into_iter().flatten().min_by_key(|(cost, _)| *cost);
        let Some((_, step)) = best else {
            return steps;
        };
        match &step {
            Step::Both(..) => (row, column) = (row + 1, column + 1),
            Step::Missing(_) => row += 1,
            Step::Extra => column += 1,
        }
        steps.push(step);
    }
}

/// The three ways to go on, and what the whole rest costs then.
fn ways<'s>(
    template: &[Part],
    segments: &'s [Segment],
    costs: &[Vec<u32>],
    row: usize,
    column: usize,
) -> [Option<(u32, Step<'s>)>; 3] {
    let (part, segment) = (template.get(row), segments.get(column));
    let rest = |row: usize, column: usize| {
        let row = costs.get(row).and_then(|row| row.get(column));
        row.copied().unwrap_or_default()
    };
    let both = part.zip(segment).and_then(|(part, segment)| {
        let unlike = unlike(*part, segment)?;
        let step = Step::Both(*part, segment, unlike);
        Some((unlike + rest(row + 1, column + 1), step))
    });
    let missing = part.map(|part| {
        let step = Step::Missing(*part);
        (missing(*part) + rest(row + 1, column), step)
    });
    let extra = segment.map(|_| (EXTRA + rest(row, column + 1), Step::Extra));
    [both, missing, extra]
}

/// The path as it would be right, with the keys that the caller gave.
fn shown(steps: &[Step<'_>]) -> String {
    let mut path = "/v1.0".to_owned();
    for step in steps {
        let text = match step {
            Step::Both(Part::Key(_), segment, _) => segment.name.clone(),
            Step::Both(Part::Name(name), ..) | Step::Missing(Part::Name(name)) => {
                (*name).to_owned()
            }
            Step::Missing(Part::Key(name)) => format!("{{{name}}}"),
            Step::Both(Part::Function(name), segment, _) => {
                let arguments = segment.arguments.iter().flatten();
                let arguments: Vec<String> = arguments
                    .map(|(name, value)| format!("{name}='{}'", value.replace('\'', "''")))
                    .collect();
                format!("{name}({})", arguments.join(","))
            }
            Step::Missing(Part::Function(name)) => format!("{name}()"),
            Step::Extra => continue,
        };
        path.push('/');
        path.push_str(&text);
    }
    path
}

/// What the caller would have to change.
fn differences(steps: &[Step<'_>]) -> Vec<String> {
    let mut differences = Vec::new();
    let mut lacking: Vec<&str> = Vec::new();
    for step in steps {
        if let Step::Missing(Part::Name(name) | Part::Key(name) | Part::Function(name)) = step {
            lacking.push(name);
            continue;
        }
        lacks(&mut differences, &mut lacking);
        if let Step::Both(Part::Name(name) | Part::Function(name), segment, 1..) = step {
            differences.push(difference(name, segment));
        }
    }
    lacks(&mut differences, &mut lacking);
    differences
}

fn lacks(differences: &mut Vec<String>, lacking: &mut Vec<&str>) {
    if !lacking.is_empty() {
        differences.push(format!("{} is missing", lacking.join("/")));
        lacking.clear();
    }
}

fn difference(name: &str, segment: &Segment) -> String {
    let written = &segment.name;
    let plain = unqualified(written);
    if is_beta_name(plain, name) {
        format!("{plain} is its name in beta (OBJ-4)")
    } else if !plain.eq_ignore_ascii_case(name) {
        format!("{name}, not {written}")
    } else if plain != written {
        format!("{name} or microsoft.graph.{name}, not {written}")
    } else if segment.arguments.is_some() {
        format!("{name} takes no arguments")
    } else {
        format!("{name} is a function, and takes its arguments in parentheses")
    }
}

/// What comes after the longest beginning of a path that leads somewhere.
fn children(segments: &[Segment]) -> Option<String> {
    let known = |template: &[Part]| {
        let pairs = template.iter().zip(segments);
        pairs
            .take_while(|(part, segment)| fits(**part, segment))
            .count()
    };
    let longest = TEMPLATES.iter().map(|template| known(template)).max()?;
    let mut names: Vec<&str> = Vec::new();
    let there = TEMPLATES
        .iter()
        .filter(|template| known(template) == longest);
    for template in there {
        let name = match template.get(longest) {
            Some(Part::Name(name) | Part::Function(name)) => *name,
            _ => continue,
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut before = "/v1.0".to_owned();
    for segment in segments.iter().take(longest) {
        before.push('/');
        before.push_str(&segment.name);
    }
    let names = names.join(", ");
    (!names.is_empty()).then(|| format!("after {before} can come: {names}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_any_kind_are_looked_at() {
        let long = "/x".repeat(40);
        for path in [
            "",
            "/",
            "//",
            "/v1.0",
            "/v1.0/",
            "*",
            "/v",
            "/vä",
            &long,
            "/v1.0/f(a",
        ] {
            for method in [Method::GET, Method::OPTIONS] {
                assert!(misses(&method, path).len() < 5, "{path}");
            }
        }
    }
}
