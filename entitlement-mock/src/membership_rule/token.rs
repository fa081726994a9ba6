//! Rules as words, quoted texts and brackets.

use super::error::RuleError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A name, an operator or a bare value; without the hyphen in front.
    Word(String),
    /// What was in quotes.
    Text(String),
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
}

/// The words of a rule, each with the place of its first character.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, RuleError> {
    let characters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        let start = at;
        at += 1;
        let token = match character {
            _ if character.is_whitespace() => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            '[' => Token::OpenList,
            ']' => Token::CloseList,
            ',' => Token::Comma,
            '"' | '\'' => {
                let (text, end) = quoted(&characters, at, character)
                    .ok_or_else(|| RuleError::new(start, "the quote is not closed"))?;
                at = end;
                Token::Text(text)
            }
            // The whole text is in escaped quotes, which belong to it.
            '`' if characters.get(at) == Some(&'"') => {
                let (text, end) = escaped(&characters, at + 1)
                    .ok_or_else(|| RuleError::new(start, "the quote is not closed"))?;
                at = end;
                Token::Text(format!("\"{text}\""))
            }
            _ => {
                while characters.get(at).is_some_and(|next| is_word(*next)) {
                    at += 1;
                }
                let word = characters.get(start..at).unwrap_or_default();
                let word: String = word.iter().collect();
                Token::Word(word.trim_start_matches(['-', '–', '\\']).to_owned())
            }
        };
        found.push((start, token));
    }
    Ok(found)
}

fn is_word(character: char) -> bool {
    !character.is_whitespace() && !"()[],\"'`".contains(character)
}

/// Reads up to the closing quote. In double quotes a backtick takes the next character as it is; in single quotes one
/// is written twice.
fn quoted(characters: &[char], mut at: usize, quote: char) -> Option<(String, usize)> {
    let mut text = String::new();
    loop {
        let character = *characters.get(at)?;
        at += 1;
        if quote == '"' && character == '`' {
            text.push(*characters.get(at)?);
            at += 1;
        } else if character != quote {
            text.push(character);
        } else if quote == '\'' && characters.get(at) == Some(&quote) {
            text.push(quote);
            at += 1;
        } else {
            return Some((text, at));
        }
    }
}

/// Reads up to the closing quote that is escaped.
fn escaped(characters: &[char], mut at: usize) -> Option<(String, usize)> {
    let mut text = String::new();
    loop {
        let character = *characters.get(at)?;
        at += 1;
        if character == '`' && characters.get(at) == Some(&'"') {
            return Some((text, at + 1));
        }
        text.push(character);
    }
}
