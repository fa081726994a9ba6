//! The part of a mail address in front of the `@`.

use crate::validate::Checker;

/// An alias made from any text.
pub(super) fn alias_for(text: &str, otherwise: &str) -> String {
    let alias: String = text.chars().filter(|&c| fits(c)).take(64).collect();
    if alias.is_empty() {
        otherwise.to_owned()
    } else {
        alias
    }
}

/// Mail systems refuse some characters in an alias.
pub(super) fn check_alias(checker: &mut Checker, alias: &str) {
    checker.ensure(
        "mailNickname",
        !alias.is_empty() && alias.len() <= 64 && alias.chars().all(fits),
        "GRP-2",
        "is not a mail alias",
        "use 1 to 64 ASCII characters without blanks and @()\\[]\";:<>,",
    );
}

/// Names of people and groups are there and not overlong.
pub(super) fn check_name(checker: &mut Checker, name: &str, rule: &'static str) {
    checker.name("displayName", name, rule);
    checker.ensure(
        "displayName",
        name.chars().count() <= 256,
        rule,
        "is too long",
        "use at most 256 characters",
    );
}

fn fits(character: char) -> bool {
    character.is_ascii_graphic() && !"@()\\[]\";:<>,".contains(character)
}
