//! `$search`: words in the properties of directory objects
//! ([the search parameter](https://learn.microsoft.com/graph/search-query-parameter)).
//!
//! Names and descriptions are searched word by word, a word ending where blanks, symbols, figures or capitals begin
//! another; of every other property the beginning is compared.

use serde_json::Value;

use super::eval::Properties;

/// A search expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Search {
    /// A property holds what is searched.
    Clause {
        property: String,
        text: String,
    },
    And(Vec<Search>),
    Or(Vec<Search>),
}

/// How many parentheses may be open at once.
const DEEPEST: usize = 16;

impl Search {
    /// Reads an expression; `Err` says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text };
        let search = reader.disjunction(0)?;
        match reader.rest.trim_start() {
            "" => Ok(search),
            rest => Err(format!("AND, OR or the end is due before {rest:?}")),
        }
    }

    /// Whether an item is found; `Err` names a property that it does not have, or that holds no text.
    pub(crate) fn finds(&self, item: &dyn Properties) -> Result<bool, String> {
        match self {
            Self::Clause { property, text } => match item.value(&[property]) {
                Some(Value::String(value)) => Ok(holds(property, &value, text)),
                Some(Value::Array(values)) => {
                    let mut values = values.iter().filter_map(Value::as_str);
                    Ok(values.any(|value| holds(property, value, text)))
                }
                Some(Value::Null) => Ok(false),
                _ => Err(property.clone()),
            },
            Self::And(parts) => {
                for part in parts {
                    if !part.finds(item)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Or(parts) => {
                for part in parts {
                    if part.finds(item)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn disjunction(&mut self, depth: usize) -> Result<Search, String> {
        let mut parts = vec![self.conjunction(depth)?];
        while self.word("OR") {
            parts.push(self.conjunction(depth)?);
        }
        Ok(match parts.len() {
            1 => parts.remove(0),
            _ => Search::Or(parts),
        })
    }

    fn conjunction(&mut self, depth: usize) -> Result<Search, String> {
        let mut parts = vec![self.clause(depth)?];
        while self.word("AND") {
            parts.push(self.clause(depth)?);
        }
        Ok(match parts.len() {
            1 => parts.remove(0),
            _ => Search::And(parts),
        })
    }

    fn clause(&mut self, depth: usize) -> Result<Search, String> {
        if self.eat('(') {
            if depth == DEEPEST {
                return Err("too many parentheses are open".to_owned());
            }
            let inner = self.disjunction(depth + 1)?;
            return if self.eat(')') {
                Ok(inner)
            } else {
                Err("a parenthesis is not closed".to_owned())
            };
        }
        if !self.eat('"') {
            return Err("a clause stands in double quotes: \"displayName:text\"".to_owned());
        }
        let clause = self.quoted()?;
        match clause.split_once(':') {
            Some((property, text)) if !property.is_empty() && !text.trim().is_empty() => {
                Ok(Search::Clause {
                    property: property.trim().to_owned(),
                    text: text.trim().to_owned(),
                })
            }
            _ => Err(format!(
                "{clause:?} names no property and text: \"displayName:text\""
            )),
        }
    }

    /// Reads up to the closing quote; `\"` and `\\` stand for themselves.
    fn quoted(&mut self) -> Result<String, String> {
        let mut text = String::new();
        let mut characters = self.rest.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(text);
                }
                '\\' => text.extend(characters.next().map(|(_, escaped)| escaped)),
                other => text.push(other),
            }
        }
        Err("a double quote is not closed".to_owned())
    }

    fn eat(&mut self, symbol: char) -> bool {
        match self.rest.trim_start().strip_prefix(symbol) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// The words between clauses are written in capitals.
    fn word(&mut self, word: &str) -> bool {
        let after: Option<&'a str> = self.rest.trim_start().strip_prefix(word);
        match after {
            Some(rest) if rest.starts_with([' ', '"', '(']) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }
}

fn holds(property: &str, value: &str, text: &str) -> bool {
    let by_word = ["displayName", "description"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(property));
    if !by_word {
        return value.to_lowercase().starts_with(&text.to_lowercase());
    }
    let words = words(value);
    let mut wanted = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .peekable();
    wanted.peek().is_some()
        && wanted.all(|wanted| words.iter().any(|word| word.starts_with(&wanted)))
}

/// The words of a text in lower case: whole ones, and the parts that figures and capitals divide them into.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for whole in text.split(|c: char| !c.is_alphanumeric()) {
        let mut part = String::new();
        let mut last = None;
        for character in whole.chars() {
            let begins = last.is_some_and(|last: char| {
                last.is_numeric() != character.is_numeric()
                    || (last.is_lowercase() && character.is_uppercase())
            });
            if begins {
                words.push(std::mem::take(&mut part));
            }
            part.extend(character.to_lowercase());
            last = Some(character);
        }
        words.push(part);
        words.push(whole.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::odata::eval::Json;

    fn finds(search: &str) -> bool {
        let item = Json(serde_json::json!({
            "displayName": "OneVideo Team2026", "description": "All about Móvies", "mail": "one.video@contoso.com", "gone": null,
        }));
        Search::parse(search).unwrap().finds(&item).unwrap()
    }

    #[test]
    fn words_are_found() {
        for search in [
            r#""displayName:one""#,
            r#""displayName:VIDEO""#,
            r#""displayName:onevid""#,
            r#""displayName:team one""#,
            r#""displayName:2026""#,
            r#""description:mó""#,
            r#""mail:one.video@""#,
            r#""displayName:nothing" OR "description:about""#,
            r#""displayName:one" AND ("mail:two" OR "mail:one")"#,
        ] {
            assert!(finds(search), "{search}");
        }
        for search in [
            r#""displayName:ideo""#,
            r#""displayName:one three""#,
            r#""displayName:-""#,
            r#""mail:video""#,
            r#""gone:x""#,
            r#""displayName:one" AND "displayName:nothing""#,
        ] {
            assert!(!finds(search), "{search}");
        }
    }

    #[test]
    fn what_is_no_search_is_said() {
        for search in [
            "",
            "one",
            r#""one""#,
            r#""displayName:""#,
            r#""displayName:one"#,
            r#""displayName:one" "displayName:two""#,
            r#""displayName:one" and "displayName:two""#,
            r#"("displayName:one""#,
        ] {
            assert!(Search::parse(search).is_err(), "{search}");
        }
        assert!(Search::parse(&"(".repeat(1_000)).is_err());
        let strange = Search::parse(r#""colour:red""#).unwrap();
        assert_eq!(
            strange.finds(&Json(serde_json::json!({}))),
            Err("colour".to_owned())
        );
    }
}
