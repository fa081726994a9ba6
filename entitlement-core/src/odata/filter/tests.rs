use jiff::{SignedDuration, Timestamp, civil::Date};
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::odata::{Decimal, Literal, Path};

/// Texts that are read and written again unchanged.
const CANONICAL: &[&str] = &[
    "displayName eq 'General'",
    "state eq 'Delivered' and accessPackage/id eq '9bbe5f7d' and target/objectid eq '7def'",
    "contains(tolower(displayName),'team')",
    "startswith(originId,'1b153a13')",
    "originSystem eq 'AadGroup' and resource/id eq 'a35bef72' and displayName eq 'Member'",
    "identitySources/any(is:is/microsoft.graph.azureActiveDirectoryTenant/tenantId eq '72f9')",
    "appScopeId eq '/AccessPackageCatalog/beedadfe-01d5-4025-910b-84abb9369997'",
    "assignedLicenses/any(s:s/skuId eq 184efa21-98c3-4e5d-95ab-d07053a96e67)",
    "assignedLicenses/any(u:u/skuId eq cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46)",
    "assignedLicenses/any()",
    "assignedLicenses/$count eq 0",
    "contains(scope/microsoft.graph.accessReviewQueryScope/query,'./members')",
    "contains(scope/query,'/groups')",
    "groupTypes/any(c:c eq 'Unified') and resourceProvisioningOptions/any(x:x eq 'Team')",
    "hasMembersWithLicenseErrors eq true",
    "mailEnabled eq false and not(groupTypes/any(s:s eq 'Unified'))",
    "identities/any(c:c/issuerAssignedId eq 'j.smith@yahoo.com' and c/issuer eq 'contoso.com')",
    "endswith(mail,'a@contoso.com')",
    "a eq 1 and (b eq 2 or c eq 3) or d eq 4",
    "not(a eq 1 or b eq 2)",
    "not(not(isHidden))",
    "isHidden",
    "isHidden and true",
    "false or a eq null",
    "state in ('delivered','it''s')",
    "state in ()",
    "length(trim(toupper(displayName))) ge 3",
    "groupTypes/all(t:t ne 'Unified')",
    "createdDateTime lt 2026-03-01T09:30:00.4216782Z",
    "birthday gt 1990-12-31",
    "duration le duration'PT8H'",
    "score ge -1.50",
    "score lt 9223372036854775808",
    "'a' ne 'b'",
    "and and or or in in (1) and in",
    "displayName eq 'O''Reilly; (sales), \"north\" 🦀'",
];

/// Texts that are written more plainly than they were read.
const TIDIED: &[(&str, &str)] = &[
    ("(displayName eq 'Marketing')", "displayName eq 'Marketing'"),
    (
        "(groupTypes/any(c:c eq 'Unified') and options/Any( x : x eq 'Team' ))",
        "groupTypes/any(c:c eq 'Unified') and options/any(x:x eq 'Team')",
    ),
    (
        "a eq true AND NOT(b/any(s:s eq 'U')) And c EQ 'On'",
        "a eq true and not(b/any(s:s eq 'U')) and c eq 'On'",
    ),
    ("not startswith(a, 'b')", "not(startswith(a,'b'))"),
    ("not isHidden and b", "not(isHidden) and b"),
    ("ToLower(a) eq 'b'", "tolower(a) eq 'b'"),
    ("StartsWith( a , 'b' )", "startswith(a,'b')"),
    ("a in('b', 'c' )", "a in ('b','c')"),
    ("\ta  eq\t TRUE ", "a eq true"),
    ("(((a))) or ((b or (c or d)))", "a or b or c or d"),
    ("(a and b) and (c and d)", "a and b and c and d"),
    ("(a and b) or c", "a and b or c"),
    ("a eq NULL", "a eq null"),
    ("a eq duration'P1D'", "a eq duration'PT24H'"),
    (
        "a lt 2026-03-01T09:30:00+01:00",
        "a lt 2026-03-01T08:30:00Z",
    ),
    (
        "id eq CBDC14AB-D96C-4C30-B9F4-6ADA7CDC1D46",
        "id eq cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
    ),
];

/// Texts that are refused, with where and why.
const REFUSED: &[(&str, usize, &str)] = &[
    ("", 0, "a property or a literal"),
    ("  ", 2, "a property or a literal"),
    ("displayName eq", 14, "a property or a literal"),
    ("displayName eq General's'", 22, "`and`, `or` or the end"),
    ("displayName is 'x'", 12, COMPARISON),
    ("'x'", 3, COMPARISON),
    ("tolower(a)", 10, COMPARISON),
    ("a eq 'x", 5, "a text with a closing quote"),
    ("a eq 'x''", 5, "a text with a closing quote"),
    ("a eq 1 b", 7, "`and`, `or` or the end"),
    ("a eq 1)", 6, "`and`, `or` or the end"),
    ("(a eq 1", 7, "`)`"),
    ("a eq 1 and", 10, "a property or a literal"),
    ("not not a", 4, "a property or a literal"),
    ("not a eq 1", 6, "`and`, `or` or the end"),
    ("a//b eq 1", 0, "a property or a literal"),
    ("a eq 12x", 5, "a property or a literal"),
    ("a eq 9bbe5f7d-f1e7", 5, "a property or a literal"),
    (
        "a eq duration'P1M'",
        5,
        "a duration such as `duration'P1DT12H'`",
    ),
    ("contains(a 'b')", 11, "`,` and the text to find"),
    ("contains(a,'b','c')", 14, "`)`"),
    ("substringof('a',b)", 0, UNKNOWN_FUNCTION),
    ("a in 'b'", 5, "`(`"),
    ("a in (b)", 6, "a literal"),
    ("a in (1,)", 8, "a literal"),
    ("a/all()", 6, "the name of a variable"),
    ("a/any(b.c:b)", 6, "the name of a variable"),
    ("a/any(null:b)", 6, "the name of a variable"),
    ("a/any(b b)", 8, "`:` and a condition"),
    ("a eq ²", 5, "a property or a literal"),
];

const COMPARISON: &str = "`eq`, `ne`, `gt`, `ge`, `lt`, `le` or `in`";
const UNKNOWN_FUNCTION: &str = "a property, a literal or one of the functions \
                                `tolower`, `toupper`, `trim` and `length`";

#[test]
fn reads_and_writes() {
    for text in CANONICAL {
        let filter: Filter = text.parse().unwrap();
        assert_eq!(filter.to_string(), *text);
    }
}

#[test]
fn tidies() {
    for (text, tidy) in TIDIED {
        let filter: Filter = text.parse().unwrap();
        assert_eq!(filter.to_string(), *tidy);
    }
}

#[test]
fn refuses() {
    for (text, position, expected) in REFUSED {
        let error = text.parse::<Filter>().unwrap_err();
        assert_eq!(
            (error.position(), error.expected()),
            (*position, *expected),
            "{text}"
        );
    }
}

#[test]
fn says_what_is_wrong() {
    for (text, message) in [
        (
            "a eq",
            "expected a property or a literal at byte 4, found the end",
        ),
        (
            "a is b",
            "expected `eq`, `ne`, `gt`, `ge`, `lt`, `le` or `in` at byte 2, found `is`",
        ),
        ("(a eq 1,", "expected `)` at byte 7, found `,`"),
        (
            "a eq 1 abcdefghijklmnopqrstuvwxyz",
            "expected `and`, `or` or the end at byte 7, found `abcdefghijklmnopqrstuvwx…`",
        ),
    ] {
        assert_eq!(text.parse::<Filter>().unwrap_err().to_string(), message);
    }
}

#[test]
fn builds() {
    let since: Timestamp = "2026-03-01T09:30:00Z".parse().unwrap();
    let sku: Uuid = "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46".parse().unwrap();
    let name = || Filter::field("displayName");
    for (filter, text) in [
        (name().eq("Let's go"), "displayName eq 'Let''s go'"),
        (name().ne(Literal::Null), "displayName ne null"),
        (name().length().gt(3), "length(displayName) gt 3"),
        (
            name().trim().to_upper().eq(String::from("A")),
            "toupper(trim(displayName)) eq 'A'",
        ),
        (
            name().to_lower().contains("team"),
            "contains(tolower(displayName),'team')",
        ),
        (name().starts_with("a"), "startswith(displayName,'a')"),
        (name().ends_with("z"), "endswith(displayName,'z')"),
        (name().is_null(), "displayName eq null"),
        (name().is_in(["a", "b"]), "displayName in ('a','b')"),
        (
            Filter::field("created").ge(since),
            "created ge 2026-03-01T09:30:00Z",
        ),
        (
            Filter::field("created").le(since),
            "created le 2026-03-01T09:30:00Z",
        ),
        (
            Filter::field("catalog").field("id").lt(7_i64),
            "catalog/id lt 7",
        ),
        (!Filter::flag("isHidden"), "not(isHidden)"),
        (
            Filter::non_empty("assignedLicenses"),
            "assignedLicenses/any()",
        ),
        (
            Filter::any("assignedLicenses", "l", |l| l.field("skuId").eq(sku)),
            "assignedLicenses/any(l:l/skuId eq cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46)",
        ),
        (
            Filter::all("types", "t", |t| t.ne("x")),
            "types/all(t:t ne 'x')",
        ),
        (Filter::all_of([]), "true"),
        (Filter::any_of([]), "false"),
        (Filter::any_of([name().is_null()]), "displayName eq null"),
    ] {
        assert_eq!(filter.to_string(), text);
        assert_eq!(text.parse(), Ok(filter));
    }
}

#[test]
fn parenthesizes_only_where_it_must() {
    let [a, b, c, d] = ["a", "b", "c", "d"].map(Filter::flag);
    let either = a.clone().or(b.clone());
    let both = c.clone().and(d.clone());
    assert_eq!(
        either.clone().and(both.clone()).to_string(),
        "(a or b) and c and d"
    );
    assert_eq!(
        either.clone().or(both.clone()).to_string(),
        "a or b or c and d"
    );
    assert_eq!(
        (!either).and(!both).to_string(),
        "not(a or b) and not(c and d)"
    );
    assert_eq!(a.or(b).or(c).or(d).to_string(), "a or b or c or d");
}

#[test]
fn writes_chains_made_by_hand() {
    let flag = || Filter::flag("a");
    for (filter, text) in [
        (Filter::And(vec![]), "true"),
        (Filter::Or(vec![]), "false"),
        (Filter::And(vec![Filter::Or(vec![]), flag()]), "false and a"),
        (
            Filter::And(vec![Filter::Or(vec![flag()]), flag()]),
            "a and a",
        ),
        (
            Filter::And(vec![Filter::And(vec![flag(), flag()]), flag()]),
            "a and a and a",
        ),
        (
            Filter::And(vec![Filter::Or(vec![flag().or(flag())]), flag()]),
            "(a or a) and a",
        ),
        (
            Filter::And(vec![Filter::And(vec![flag().or(flag())]), flag()]),
            "(a or a) and a",
        ),
    ] {
        assert_eq!(filter.to_string(), text);
        assert!(text.parse::<Filter>().is_ok());
    }
}

#[test]
fn mistyped_names_cannot_change_the_structure() {
    let filter = Filter::field("a eq 1 or b").eq("c");
    assert_eq!(filter.to_string(), "a_eq_1_or_b eq 'c'");
    let filter = Filter::any("a", "b:b eq 1 or not", |v| v.eq("' or 'a' eq 'a"));
    assert_eq!(
        filter.to_string(),
        "a/any(b_b_eq_1_or_not:b_b_eq_1_or_not eq ''' or ''a'' eq ''a')"
    );
    assert_eq!(filter.to_string().parse(), Ok(filter));
}

#[test]
fn keeps_quoted_guids_apart_from_bare_ones() {
    let guid = "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46";
    let quoted: Filter = format!("id eq '{guid}'").parse().unwrap();
    assert_eq!(quoted, Filter::field("id").eq(guid));
    let bare: Filter = format!("id eq {guid}").parse().unwrap();
    assert_eq!(bare, Filter::field("id").eq(guid.parse::<Uuid>().unwrap()));
}

#[test]
fn a_lambda_shows_its_parts() {
    let filter: Filter = "catalog/resources/any(r:r/originSystem eq 'AadGroup')"
        .parse()
        .unwrap();
    let Filter::Lambda(lambda) = filter else {
        panic!("not a lambda: {filter}");
    };
    assert_eq!(lambda.quantifier(), Quantifier::Any);
    assert_eq!(lambda.collection().as_str(), "catalog/resources");
    assert_eq!(lambda.variable(), "r");
    assert_eq!(
        lambda.condition(),
        &Filter::field("r/originSystem").eq("AadGroup")
    );
}

#[test]
fn depth_is_limited_and_length_is_not() {
    let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(nested(64).parse::<Filter>().is_ok());
    let error = nested(65).parse::<Filter>().unwrap_err();
    assert_eq!(error.position(), 64);
    assert_eq!(error.expected(), "no more than 64 open parentheses");

    for opening in ["(", "not(", "a/any(b:", "contains(tolower(", "tolower("] {
        assert!(
            opening.repeat(100_000).parse::<Filter>().is_err(),
            "{opening}"
        );
    }
    assert!("not ".repeat(100_000).parse::<Filter>().is_err());

    let chain = vec!["a eq 1"; 10_000];
    for word in [" and ", " or "] {
        let text = chain.join(word);
        assert_eq!(text.parse::<Filter>().unwrap().to_string(), text);
    }
}

/// Any path.
pub(in crate::odata) fn paths() -> impl Strategy<Value = Path> {
    let name = "[A-Za-z_][A-Za-z0-9_]{0,5}";
    let segment = prop_oneof![
        8 => name,
        1 => r"[a-z]{1,3}\.[a-z]{1,3}",
        1 => Just("$count".to_owned()),
    ];
    let odd = prop::sample::select(vec!["any", "in", "eq", "and", "tolower", "duration", "e1"]);
    prop_oneof![
        8 => vec(segment, 1..4).prop_map(|segments| segments.join("/")),
        1 => odd.prop_map(str::to_owned),
    ]
    .prop_filter_map("a reserved word", |path| Path::new(path).ok())
}

fn literals() -> impl Strategy<Value = Literal> {
    let decimal = "-?[0-9]{1,20}(\\.[0-9]{1,4})?(e-?[0-9])?";
    let timestamps = (Timestamp::MIN.as_nanosecond()..=Timestamp::MAX.as_nanosecond())
        .prop_map(|nanosecond| Timestamp::from_nanosecond(nanosecond).unwrap());
    let dates = (1_i16..=9999, 1_i8..=12, 1_i8..=28)
        .prop_map(|(year, month, day)| Date::new(year, month, day).unwrap());
    let durations = (any::<i32>(), 0..1_000_000_000_i32).prop_map(|(seconds, nanos)| {
        let nanos = if seconds < 0 { -nanos } else { nanos };
        SignedDuration::new(seconds.into(), nanos)
    });
    prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Bool),
        any::<i64>().prop_map(Literal::Integer),
        decimal.prop_map(|text| Literal::Decimal(text.parse::<Decimal>().unwrap())),
        any::<String>().prop_map(Literal::String),
        "[a-z',;()& %+#=]{0,8}".prop_map(Literal::String),
        timestamps.prop_map(Literal::Timestamp),
        dates.prop_map(Literal::Date),
        durations.prop_map(Literal::Duration),
        any::<u128>().prop_map(|bits| Literal::Guid(Uuid::from_u128(bits))),
    ]
}

fn operands() -> impl Strategy<Value = Operand> {
    let leaf = prop_oneof![
        paths().prop_map(Operand::Path),
        literals().prop_map(Operand::Literal),
    ];
    leaf.prop_recursive(3, 3, 1, |inner| {
        let function = prop::sample::select(Function::ALL.to_vec());
        (function, inner).prop_map(|(function, inner)| Operand::Call(function, Box::new(inner)))
    })
}

/// Any filter that could be read from a text.
pub(in crate::odata) fn filters() -> impl Strategy<Value = Filter> {
    let comparison = prop::sample::select(Comparison::ALL.to_vec());
    let test = prop::sample::select(TextTest::ALL.to_vec());
    let leaf = prop_oneof![
        any::<bool>().prop_map(Filter::Constant),
        paths().prop_map(Filter::Flag),
        paths().prop_map(Filter::NonEmpty),
        (operands(), comparison, operands()).prop_map(|(left, operator, right)| Filter::Compare {
            left,
            operator,
            right
        }),
        (operands(), vec(literals(), 0..4))
            .prop_map(|(operand, values)| Filter::In { operand, values }),
        (test, operands(), operands()).prop_map(|(test, operand, pattern)| Filter::Text {
            test,
            operand,
            pattern
        }),
    ];
    leaf.prop_recursive(5, 24, 4, |inner| {
        let quantifier = prop::sample::select(Quantifier::ALL.to_vec());
        let variable = "[a-z]{1,2}".prop_map(|name| Path::new(name).unwrap());
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Filter::all_of),
            vec(inner.clone(), 0..4).prop_map(Filter::any_of),
            inner.clone().prop_map(|filter| !filter),
            (quantifier, paths(), variable, inner).prop_map(
                |(quantifier, collection, variable, condition)| {
                    Filter::Lambda(Lambda {
                        quantifier,
                        collection,
                        variable,
                        condition: Box::new(condition),
                    })
                }
            ),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(filter in filters()) {
        let text = filter.to_string();
        prop_assert_eq!(text.parse(), Ok(filter), "{}", text);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        check_error(&text)?;
    }

    #[test]
    fn any_words_are_read_without_a_panic(
        words in vec(
            prop::sample::select(vec![
                "a", "b/any", "(", ")", "()", " ", ",", ":", "'", "''", "'x'", "eq", "in", "and",
                "or", "not", "contains", "tolower", "duration", "null", "-1", "2026-03-01", "é",
            ]),
            0..20,
        )
    ) {
        check_error(&words.concat())?;
    }
}

/// Reads `text`; an error must point into it, and a filter must be written and read again.
fn check_error(text: &str) -> Result<(), TestCaseError> {
    match text.parse::<Filter>() {
        Ok(filter) => prop_assert_eq!(filter.to_string().parse(), Ok(filter)),
        Err(error) => prop_assert!(text.is_char_boundary(error.position())),
    }
    Ok(())
}
