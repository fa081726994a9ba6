//! Rules as they are documented, rules that are refused, and nonsense.

use proptest::prelude::*;

use super::{Fact, Facts, Property, Rule};

/// Somebody in Sales.
struct Ada;

impl Facts for Ada {
    fn fact(&self, property: Property) -> Fact {
        let text = |text: &str| Fact::Text(Some(text.to_owned()));
        match property.name() {
            "accountEnabled" => Fact::Flag(true),
            "dirSyncEnabled" => Fact::Flag(false),
            "department" => text("Sales"),
            "displayName" => text("David \"Ada\" O'Neill"),
            "employeeId" => text("50002"),
            "userType" => text("Member"),
            "proxyAddresses" => Fact::Texts(vec![
                "SMTP:ada@contoso.com".to_owned(),
                "smtp:a@x.org".to_owned(),
            ]),
            "otherMails" => Fact::Texts(Vec::new()),
            _ => Fact::Text(None),
        }
    }

    fn manager(&self) -> Option<String> {
        Some("62e19b97-8b3d-4d4a-a106-4ce66896a863".to_owned())
    }
}

#[test]
fn documented_rules_are_understood() {
    for rule in [
        r#"user.department -eq "Sales""#,
        r#"user.department eq "SALES""#,
        r#"(user.department -eq "Marketing") -or (user.department -eq "Sales")"#,
        r#"(user.department -eq "Sales") -and -not (user.jobTitle -startsWith "SDE")"#,
        r#"user.department –eq "Sales" –and user.accountEnabled –eq true"#,
        r#"user.department -in ["50001", "Sales"]"#,
        "user.employeeId -in [50001,50002]",
        r#"user.department -notIn ["50001"]"#,
        r#"user.displayName -match "^Da.*""#,
        r#"user.displayName -match ".*vid""#,
        r#"user.displayName -notMatch "^vid""#,
        r#"user.displayName -contains "`"Ada`"""#,
        r"user.displayName -endsWith 'O''Neill'",
        "user.jobTitle -eq null -and user.department -ne null",
        r#"user.jobTitle -ne "Boss""#,
        r#"user.usertype -eq "member""#,
        "user.accountEnabled -ne false",
        r#"user.dirSyncEnabled -eq "false""#,
        r#"(user.proxyAddresses -any (_ -startsWith "smtp:ada"))"#,
        r#"user.proxyAddresses -any (\_ -contains "x.org" -and -not (_ -contains "ada"))"#,
        r#"user.proxyAddresses -all (_ -match "^smtp:")"#,
        r#"user.proxyAddresses -startsWith "SMTP:ada""#,
        "user.otherMails -eq null",
        r#"-not -not user.department -eq "Sales""#,
        r#"user.department -eq "X" -and user.department -eq "Y" -or user.department -eq "Sales""#,
        r#"Direct Reports for "62e19b97-8b3d-4d4a-a106-4ce66896a863""#,
    ] {
        let read = Rule::parse(rule).unwrap_or_else(|error| panic!("{rule}: {error}"));
        assert!(read.matches(&Ada), "{rule}");
    }
}

#[test]
fn rules_that_do_not_fit_are_not_matched() {
    for rule in [
        r#"user.department -eq "Sale""#,
        r#"user.department -eq "Sales" -and (user.accountEnabled -eq false)"#,
        r#"user.displayName -match "^vid""#,
        r#"user.jobTitle -startsWith "S""#,
        "user.department -eq null",
        r#"user.department -eq "null""#,
        r#"user.otherMails -any (_ -contains "@")"#,
        "user.department -in []",
        r#"Direct Reports for "somebody else""#,
        r#"user.department -eq "X" -and (user.department -eq "Y" -or user.department -eq "Sales")"#,
    ] {
        let read = Rule::parse(rule).unwrap_or_else(|error| panic!("{rule}: {error}"));
        assert!(!read.matches(&Ada), "{rule}");
    }
}

#[test]
fn what_is_no_rule_is_refused_with_its_place() {
    for (rule, message) in [
        (
            "",
            "at character 1: a property is missing, such as user.department",
        ),
        (
            "user.department",
            "at character 16: an operator is missing, such as -eq",
        ),
        ("user.department -eq", "at character 20: a value is missing"),
        (
            r#"user.department -is "Sales""#,
            r#"at character 17: "is" is no operator"#,
        ),
        (
            r#"user.shoeSize -eq "42""#,
            r#"at character 1: "shoeSize" is no property that rules about users know"#,
        ),
        (
            r#"device.id -eq "42""#,
            r#"at character 1: "device.id" is no property of a user"#,
        ),
        (
            r#"user.department -eq "Sales"#,
            "at character 21: the quote is not closed",
        ),
        (
            r#"(user.department -eq "Sales""#,
            "at character 29: ) is missing",
        ),
        (
            r#"user.department -eq "a" "b""#,
            r#"at character 25: the text "b" comes after the end of the rule"#,
        ),
        (
            "user.accountEnabled -eq maybe",
            "at character 25: the property cannot be compared in this way with this value",
        ),
        (
            r#"user.accountEnabled -startsWith "t""#,
            "at character 33: the property cannot be compared in this way with this value",
        ),
        (
            "user.department -startsWith null",
            "at character 29: the property cannot be compared in this way with this value",
        ),
        (
            r#"_ -eq "a""#,
            "at character 1: _ stands for a value inside of -any and -all only",
        ),
        (
            r#"user.department -any (_ -eq "a")"#,
            "at character 17: department has one value only",
        ),
        (
            r#"user.department -in "a""#,
            "at character 21: [ is missing",
        ),
        (
            "user.memberOf -any (group.objectId -in ['a'])",
            "at character 1: memberOf is not known in this tenant, so no rule can go by it",
        ),
    ] {
        let refused = Rule::parse(rule).expect_err(rule);
        assert_eq!(refused.to_string(), message, "{rule}");
    }
    let pattern = Rule::parse(r#"user.department -match "(""#).expect_err("a broken pattern");
    assert!(pattern.to_string().contains("is no pattern"), "{pattern}");
    let deep = format!(
        "{}user.mail -eq null{}",
        "(".repeat(1_000),
        ")".repeat(1_000)
    );
    assert!(
        Rule::parse(&deep)
            .expect_err("too deep")
            .to_string()
            .contains("nested")
    );
    assert!(Rule::parse(&" ".repeat(3_073)).is_err());
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".*") {
        let _ = Rule::parse(&text).map(|rule| rule.matches(&Ada));
    }

    #[test]
    fn no_words_make_it_panic(words in prop::collection::vec(
        prop::sample::select(vec![
            "user.department", "user.accountEnabled", "user.proxyAddresses", "_", "-eq", "–ne", "in", "-match", "-any",
            "-all", "-not", "-and", "-or", "(", ")", "[", "]", ",", "\"Sales\"", "'x'", "`\"q`\"", "null", "true", "Direct",
            "Reports", "for", "\"", "`", "-", "\"(\"",
        ]),
        0..20,
    )) {
        let text = words.join(" ");
        if let Ok(rule) = Rule::parse(&text) {
            rule.matches(&Ada);
        }
    }
}
