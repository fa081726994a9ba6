//! Small tools the readers of filters and queries share.

/// The longest prefix of `text` whose characters all satisfy `belongs`.
pub(super) fn run(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    &text[..end]
}

/// How an error message names what stands at the start of `rest`.
pub(super) fn excerpt(rest: &str) -> String {
    const LONGEST: usize = 24;
    let Some(first) = rest.chars().next() else {
        return "the end".into();
    };
    let word = run(rest, |c| !c.is_whitespace() && !"(),;".contains(c));
    if word.is_empty() {
        format!("`{first}`")
    } else if word.chars().count() > LONGEST {
        format!("`{}…`", word.chars().take(LONGEST).collect::<String>())
    } else {
        format!("`{word}`")
    }
}
