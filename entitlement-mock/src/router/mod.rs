//! From method and path to the operation.

pub(crate) mod batch;
pub(crate) mod near;
pub(crate) mod path;
pub(crate) mod refusal;
mod route;
mod table;
#[cfg(test)]
mod tests;

use http::Method;

use crate::odata::takes::Asked;
use path::Segment;
pub(crate) use route::{Access, Route};
use route::{Part, fits};
use table::{ROUTES, TEMPLATES};

/// Every operation there is.
pub(crate) fn routes() -> &'static [Route] {
    ROUTES
}

/// An operation that was found, with what the path says to it.
pub(crate) struct Match {
    pub(crate) route: &'static Route,
    /// How the path ends: `/$count`, `/$ref`, or neither.
    pub(crate) asked: Asked,
    /// The one type that is wanted of a collection, if the path casts to one.
    pub(crate) cast: Option<String>,
    pub(crate) keys: Vec<(&'static str, String)>,
    /// The keys that are the value of another property than the id, with that property.
    pub(crate) alternates: Vec<(&'static str, String)>,
    pub(crate) arguments: Vec<(String, String)>,
}

/// Finds the operation for a method and the segments of a path, and the segments that are the operation's own.
///
/// What can be listed can be counted and cast to a type, and what is linked can be read as links.
pub(crate) fn find(method: &Method, segments: &[Segment]) -> Option<(Match, Vec<Segment>)> {
    let found = find_part(method, segments).map(|(found, own)| (found, own.to_vec()));
    found.or_else(|| {
        let segments = path::with_alternate_keys(segments);
        let (found, own) = find_part(method, &segments)?;
        Some((found, own.to_vec()))
    })
}

fn find_part<'s>(method: &Method, segments: &'s [Segment]) -> Option<(Match, &'s [Segment])> {
    if let Some(found) = find_whole(method, segments) {
        return Some((found, segments));
    }
    let (mut own, mut asked, mut cast) = (segments, Asked::Items, None);
    if let Some((last, above)) = own.split_last()
        && last.arguments.is_none()
        && !last.is_key
    {
        if last.name.eq_ignore_ascii_case("$count") {
            (own, asked) = (above, Asked::Number);
        } else if last.name.eq_ignore_ascii_case("$ref") && above.len() > 2 {
            (own, asked) = (above, Asked::Links);
        }
    }
    if let Some((last, above)) = own.split_last()
        && last.is_qualified
        && last.arguments.is_none()
    {
        (own, cast) = (above, Some(last.name.clone()));
    }
    // Only what is read can be counted or cast.
    let plain = own.len() == segments.len() || method != Method::GET;
    let found = find_whole(method, own).filter(|_| !plain)?;
    Some((
        Match {
            asked,
            cast,
            ..found
        },
        own,
    ))
}

fn find_whole(method: &Method, segments: &[Segment]) -> Option<Match> {
    let candidates = ROUTES.iter().zip(TEMPLATES.iter());
    let (route, template) = candidates
        .filter(|(route, template)| route.method == *method && template.len() == segments.len())
        .find(|(_, template)| {
            template
                .iter()
                .zip(segments)
                .all(|(part, segment)| fits(*part, segment))
        })?;
    let mut found = Match {
        route,
        asked: Asked::Items,
        cast: None,
        keys: Vec::new(),
        alternates: Vec::new(),
        arguments: Vec::new(),
    };
    for (part, segment) in template.iter().zip(segments) {
        match part {
            Part::Key(key) => {
                found.keys.push((key, segment.name.clone()));
                if let Some(property) = &segment.alternate {
                    found.alternates.push((key, property.clone()));
                }
            }
            Part::Function(_) => found.arguments = segment.arguments.clone().unwrap_or_default(),
            Part::Name(_) => {}
        }
    }
    Some(found)
}
