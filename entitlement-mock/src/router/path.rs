//! Request paths as segments, function arguments taken apart.

use percent_encoding::percent_decode_str;

/// One segment: a name or key, and the arguments of a function call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) name: String,
    /// Whether the name came with its namespace, as those of types do.
    pub(crate) is_qualified: bool,
    /// Whether it stood in parentheses after the name of a collection, as keys may: `users('$ada@contoso.com')`.
    pub(crate) is_key: bool,
    /// The property that it is the value of, if it is another key than the id: `applications(appId='…')`.
    pub(crate) alternate: Option<String>,
    pub(crate) arguments: Option<Vec<(String, String)>>,
}

/// Takes a path below the service root apart; `None` if it is not one.
pub(crate) fn segments(path: &str) -> Option<Vec<Segment>> {
    let mut segments = Vec::new();
    for encoded in path.split('/').filter(|segment| !segment.is_empty()) {
        segments.extend(segment(encoded)?);
    }
    // The official clients write `me` like this, and not all put `me` in its place before they send.
    let is_me = |segments: &[Segment]| match segments {
        [users, me, ..] => {
            users.name.eq_ignore_ascii_case("users") && me.name == "me-token-to-replace"
        }
        _ => false,
    };
    if is_me(&segments) {
        segments.remove(0);
        "me".clone_into(&mut segments[0].name);
    }
    Some(segments)
}

/// Reads what stands between two slashes: one segment, or two if a key follows in parentheses.
fn segment(encoded: &str) -> Option<Vec<Segment>> {
    let decoded = percent_decode_str(encoded).decode_utf8().ok()?;
    let qualified = without_namespace(&decoded);
    let is_qualified = qualified.is_some();
    let text = qualified.unwrap_or(&decoded);
    let Some((name, rest)) = text.split_once('(') else {
        return Some(vec![Segment {
            name: text.to_owned(),
            is_qualified,
            is_key: false,
            alternate: None,
            arguments: None,
        }]);
    };
    let inner = rest.strip_suffix(')')?.trim();
    let mut segment = Segment {
        name: name.to_owned(),
        is_qualified,
        is_key: false,
        alternate: None,
        arguments: None,
    };
    if let Some(key) = key(inner) {
        let key = Segment {
            name: key,
            is_qualified: false,
            is_key: true,
            alternate: None,
            arguments: None,
        };
        return Some(vec![segment, key]);
    }
    segment.arguments = Some(arguments(inner)?);
    Some(vec![segment])
}

/// The name of a type or function that came with its namespace, which has an alias; sign-in names may begin alike.
fn without_namespace(text: &str) -> Option<&str> {
    let namespaces = ["microsoft.graph.", "graph."];
    let rest = namespaces
        .iter()
        .find_map(|space| text.strip_prefix(space))?;
    let name = rest.split('(').next().unwrap_or(rest).trim_end();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then_some(rest)
}

/// The segments with every call of one argument read as a collection and an alternate key in it.
pub(crate) fn with_alternate_keys(segments: &[Segment]) -> Vec<Segment> {
    let mut read = Vec::new();
    for segment in segments {
        let Some([(property, value)]) = segment.arguments.as_deref() else {
            read.push(segment.clone());
            continue;
        };
        read.push(Segment {
            arguments: None,
            ..segment.clone()
        });
        read.push(Segment {
            name: value.clone(),
            is_qualified: false,
            is_key: true,
            alternate: Some(property.clone()),
            arguments: None,
        });
    }
    read
}

/// Reads a key without a name: `'ada@contoso.com'`, or a GUID as it is.
fn key(text: &str) -> Option<String> {
    match text.strip_prefix('\'') {
        Some(quoted) => {
            let (key, rest) = quoted_text(quoted)?;
            (rest.trim().is_empty() && !key.is_empty()).then_some(key)
        }
        None => uuid::Uuid::try_parse(text).ok().map(|_| text.to_owned()),
    }
}

/// Reads `on='target',id='a'`, with doubled quotes inside of texts.
fn arguments(text: &str) -> Option<Vec<(String, String)>> {
    let mut arguments = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, after) = if let Some(quoted) = after.strip_prefix('\'') {
            quoted_text(quoted)?
        } else {
            let end = after.find(',').unwrap_or(after.len());
            (after[..end].trim().to_owned(), &after[end..])
        };
        arguments.push((name.trim().to_owned(), value));
        let after = after.trim_start();
        rest = after.strip_prefix(',').unwrap_or(after).trim_start();
    }
    Some(arguments)
}

/// Reads up to the closing quote; what comes after it is the rest.
fn quoted_text(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('\'')?;
        value.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('\'') {
            Some(after) => {
                value.push('\'');
                rest = after;
            }
            None => return Some((value, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_taken_apart_in_every_style() {
        for path in [
            "things/find(on='target')",
            "things/microsoft.graph.find(on=%27target%27)",
            "things/graph.find(on='target')",
            "things/find%28on='target'%29",
            "/things//find( on = 'target' )",
        ] {
            let all = segments(path).unwrap();
            assert_eq!(all[1].name.trim(), "find", "{path}");
            assert_eq!(
                all[1].arguments,
                Some(vec![("on".into(), "target".into())]),
                "{path}"
            );
        }
        let two = segments("f(a='x',b='it''s, (fine)')").unwrap();
        let expected = vec![
            ("a".into(), "x".into()),
            ("b".into(), "it's, (fine)".into()),
        ];
        assert_eq!(two[0].arguments, Some(expected));
    }

    #[test]
    fn broken_calls_are_no_path() {
        for path in [
            "f(a='x'", "f(a='x)", "f(a)", "f%FF", "f('x)", "f('x'y)", "f('')",
        ] {
            assert_eq!(segments(path), None, "{path}");
        }
    }

    #[test]
    fn keys_may_stand_in_parentheses() {
        for (path, key) in [
            ("users('$ada@contoso.com')/manager", "$ada@contoso.com"),
            ("users('o''neil')", "o'neil"),
            (
                "users(cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46)",
                "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
            ),
        ] {
            let all = segments(path).unwrap();
            assert_eq!((all[0].name.as_str(), all[1].name.as_str()), ("users", key));
            assert!(all[1].is_key && all[0].arguments.is_none());
        }
    }
}
