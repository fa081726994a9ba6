//! What a `401` says about the token it wants.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;
use serde_json::{Map, Value};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The claims that a `Bearer` challenge asks for, as JSON.
pub(super) fn claims(headers: &HeaderMap) -> Option<String> {
    let mut texts = headers
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let encoded = texts.find_map(encoded_claims)?;
    let encoded = encoded.replace('-', "+").replace('_', "/");
    let json = String::from_utf8(LENIENT.decode(encoded).ok()?).ok()?;
    serde_json::from_str::<Map<String, Value>>(&json).ok()?;
    Some(json)
}

/// One header may hold several challenges, each a scheme with parameters: `Bearer a="x", b=y, Basic realm="z"`.
fn encoded_claims(header: &str) -> Option<String> {
    let mut rest = header;
    let mut bearer = false;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return None;
        }
        let end = rest.find([' ', '\t', ',', '=', '"']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let Some(value) = after.trim_start().strip_prefix('=') else {
            // A stray quote is no word; step over it.
            let skip = usize::from(word.is_empty());
            bearer = word.eq_ignore_ascii_case("bearer");
            rest = &after[skip..];
            continue;
        };
        let (value, after) = parameter(value.trim_start());
        if bearer && word.eq_ignore_ascii_case("claims") {
            return Some(value);
        }
        rest = after;
    }
}

/// The value at the start, quoted or not, and what comes after it.
fn parameter(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([' ', '\t', ',']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            _ => value.push(char),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    /// `{"a":1}`, encoded.
    const ENCODED: &str = "eyJhIjoxfQ==";

    fn read(headers: &[&str]) -> Option<String> {
        let values = headers
            .iter()
            .map(|text| (WWW_AUTHENTICATE, HeaderValue::from_str(text).unwrap()));
        claims(&values.collect())
    }

    #[test]
    fn the_claims_of_the_bearer_challenge_are_found() {
        let full = format!(
            r#"Bearer realm="", authorization_uri="https://x/y?a=b,c", error="insufficient_claims", claims="{ENCODED}""#
        );
        for headers in [
            vec![full.as_str()],
            vec![r#"Basic realm="a \" claims=""#, &full],
            vec![&format!("Negotiate abc==, {full}")],
            vec![&format!("bearer claims = {}", &ENCODED[..10])],
            vec![&format!(
                r#"BEARER scope="a b" ,CLAIMS="{ENCODED}", error=x"#
            )],
        ] {
            assert_eq!(read(&headers).as_deref(), Some(r#"{"a":1}"#), "{headers:?}");
        }
    }

    #[test]
    fn anything_else_asks_for_nothing() {
        for header in [
            "",
            "Bearer",
            "Bearer realm=\"x\"",
            "Bearer claims=\"not base64!\"",
            "Bearer claims=\"WzFd\"",
            "Bearer claims=\"",
            "Bearer \"\"\" = , ==",
            &format!("Basic claims=\"{ENCODED}\""),
            &format!("Bearer realm=\"x\", PoP claims=\"{ENCODED}\""),
            &format!("Bearer realm=\"claims=\\\"{ENCODED}\\\"\""),
        ] {
            assert_eq!(read(&[header]), None, "{header}");
        }
    }
}
