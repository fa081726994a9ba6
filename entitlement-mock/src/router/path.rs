//! Request paths as segments, function arguments taken apart.

use percent_encoding::percent_decode_str;

/// One segment: a name or key, and the arguments of a function call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) name: String,
    pub(crate) arguments: Option<Vec<(String, String)>>,
}

/// Takes a path below the service root apart; `None` if it is not one.
pub(crate) fn segments(path: &str) -> Option<Vec<Segment>> {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(segment)
        .collect()
}

fn segment(encoded: &str) -> Option<Segment> {
    let decoded = percent_decode_str(encoded).decode_utf8().ok()?;
    // Functions may be named with their namespace.
    let text = decoded.strip_prefix("microsoft.graph.").unwrap_or(&decoded);
    let Some((name, rest)) = text.split_once('(') else {
        return Some(Segment {
            name: text.to_owned(),
            arguments: None,
        });
    };
    let inner = rest.strip_suffix(')')?;
    Some(Segment {
        name: name.to_owned(),
        arguments: Some(arguments(inner)?),
    })
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
        for path in ["f(a='x'", "f(a='x)", "f(a)", "f%FF"] {
            assert_eq!(segments(path), None, "{path}");
        }
    }
}
