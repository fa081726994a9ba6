use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::odata::filter::tests::{filters, paths};
use crate::odata::{Filter, Literal};

fn field(path: &'static str, value: impl Into<Literal>) -> Filter {
    Filter::field(path).eq(value)
}

#[test]
fn reads_and_writes() {
    for (query, text) in [
        (Query::new(), ""),
        (
            Query::new().select(["id"]).select(["displayName"]),
            "$select=id,displayName",
        ),
        (
            Query::new().select(["*"]).expand("*"),
            "$select=*&$expand=*",
        ),
        (Query::new().order_by("displayName"), "$orderby=displayName"),
        (
            Query::new()
                .order_by(OrderBy::desc("target/displayName"))
                .order_by(OrderBy::asc("id")),
            "$orderby=target/displayName%20desc,id",
        ),
        (
            Query::new().top(5).skip(10).count(),
            "$top=5&$skip=10&$count=true",
        ),
        (
            Query::new().search(r#""displayName:Video" OR "description:prod""#),
            "$search=%22displayName:Video%22%20OR%20%22description:prod%22",
        ),
        (
            Query::new().skip_token("RFNwdAIAAQ+/=="),
            "$skiptoken=RFNwdAIAAQ%2B/==",
        ),
        (
            Query::new().filter(field("displayName", "R&D #1 + 100% ü")),
            "$filter=displayName%20eq%20'R%26D%20%231%20%2B%20100%25%20%C3%BC'",
        ),
        (
            Query::new().expand(
                Expand::new("resourceRoleScopes")
                    .expand(Expand::new("role").select(["id", "displayName"]))
                    .expand("scope"),
            ),
            "$expand=resourceRoleScopes($expand=role($select=id,displayName),scope)",
        ),
        (
            Query::new().expand(
                Expand::new("resources")
                    .filter(field("displayName", "a;b),(c"))
                    .order_by("id")
                    .top(1)
                    .skip(2)
                    .count(),
            ),
            "$expand=resources($filter=displayName%20eq%20'a;b),(c';$orderby=id;$top=1;$skip=2;$count=true)",
        ),
        (
            Query::new().expand(Expand::new("manager").recursive(Levels::Exactly(2))),
            "$expand=manager($levels=2)",
        ),
    ] {
        assert_eq!(query.to_string(), text);
        assert_eq!(Query::parse(text), Ok(query.clone()));
        assert_eq!(query.is_empty(), text.is_empty());
    }
}

#[test]
fn reads_what_others_write() {
    let general = Query::new().filter(field("displayName", "General"));
    let unified = Filter::any("groupTypes", "c", |c| c.eq("Unified"));
    for (text, query) in [
        ("$filter=displayName+eq+%27General%27", general.clone()),
        ("%24filter=displayName%20eq%20'General'", general.clone()),
        ("$FILTER=(displayName eq 'General')", general.clone()),
        (
            "&$filter=displayName eq 'General'&&debug=%zz&x=%ff&x",
            general,
        ),
        (
            "$filter=groupTypes/any(c:c+eq+'Unified')",
            Query::new().filter(unified),
        ),
        (
            "$select=id,%20displayName+",
            Query::new().select(["id", "displayName"]),
        ),
        ("$count=TRUE", Query::new().count()),
        ("$count=false", Query::new()),
        (
            "$orderby=a+ASC,%20b++Desc",
            Query::new().order_by("a").order_by(OrderBy::desc("b")),
        ),
        ("$search=", Query::new().search("")),
        (
            "$expand=manager($levels=max;$select=id,displayName)&$select=id",
            Query::new().select(["id"]).expand(
                Expand::new("manager")
                    .recursive(Levels::Max)
                    .select(["id", "displayName"]),
            ),
        ),
        (
            "$expand=assignment(%20$Expand=target%20;%20$top=1%20)%20,%20accessPackage",
            Query::new()
                .expand(Expand::new("assignment").expand("target").top(1))
                .expand("accessPackage"),
        ),
    ] {
        assert_eq!(Query::parse(text), Ok(query), "{text}");
    }
}

#[test]
fn refuses() {
    for (text, option, position, problem) in [
        ("$top=1&$format=json", "$format", 7, KNOWN),
        ("$top=1&$levels=1", "$levels", 7, KNOWN),
        ("$", "$", 0, KNOWN),
        ("$top=1&%24TOP=2", "$top", 7, "given a second time"),
        (
            "a=1&$filter=a%2",
            "$filter",
            13,
            "expected percent-encoded UTF-8",
        ),
        (
            "$search=%41%C3%28",
            "$search",
            11,
            "expected percent-encoded UTF-8",
        ),
        ("%2=1", "%2", 0, "expected percent-encoded UTF-8"),
        (
            "$top",
            "$top",
            4,
            "expected a number of items, found the end",
        ),
        (
            "$top=-1",
            "$top",
            5,
            "expected a number of items, found `-1`",
        ),
        (
            "$skip=4294967296",
            "$skip",
            6,
            "expected a number of items, found `4294967296`",
        ),
        (
            "$count=yes",
            "$count",
            7,
            "expected `true` or `false`, found `yes`",
        ),
        (
            "$select=",
            "$select",
            8,
            "expected a property, found the end",
        ),
        (
            "$select=id,a%20b",
            "$select",
            11,
            "expected a property, found `a`",
        ),
        ("$orderby=a%20down", "$orderby", 9, ORDER),
        (
            "$filter=%C3%BC eq",
            "$filter",
            17,
            "expected a property or a literal, found the end",
        ),
        ("$expand=a(", "$expand", 10, "expected `)`, found the end"),
        (
            "$expand=,a",
            "$expand",
            8,
            "expected a navigation property, found `,`",
        ),
        ("$expand=a()", "", 10, NESTED),
        ("$expand=b,a($search=x)", "$search", 12, NESTED),
        ("$expand=a(top=1)", "top", 10, NESTED),
        (
            "$expand=a($top=1;$top=2)",
            "$top",
            17,
            "given a second time",
        ),
        (
            "$expand=a($top=1)($top=2)",
            "$top",
            15,
            "expected a number of items, found `1`",
        ),
        ("$expand=a,b(%20$filter=%63%20like 1)", "$filter", 29, LIKE),
    ] {
        let error = Query::parse(text).unwrap_err();
        let found = (
            error.option(),
            error.position(),
            error.problem().to_string(),
        );
        assert_eq!(found, (option, position, problem.to_owned()), "{text}");
    }
}

const KNOWN: &str = "expected one of $select, $expand, $filter, $orderby, $top, $skip, $count, \
                     $search, $skiptoken";
const NESTED: &str = "expected one of $select, $expand, $filter, $orderby, $top, $skip, $count, \
                      $levels";
const ORDER: &str = "expected a property, and `asc` or `desc` after it, found `a`";
const LIKE: &str = "expected `eq`, `ne`, `gt`, `ge`, `lt`, `le` or `in`, found `like`";

#[test]
fn a_filter_that_is_true_is_left_out() {
    let query = Query::new().filter(Filter::all_of([]));
    assert!(query.is_empty());
    let query = Query::new().filter(Filter::any_of([]));
    assert_eq!(query.to_string(), "$filter=false");
}

#[test]
fn expansions_nest_up_to_a_limit() {
    let nested = |depth: usize| {
        let open = "$expand=a(".repeat(depth);
        format!("{open}$top=1{}", ")".repeat(depth))
    };
    assert!(Query::parse(&nested(16)).is_ok());
    for depth in [17, 10_000] {
        let error = Query::parse(&nested(depth)).unwrap_err();
        assert!(
            error.to_string().contains("no more than 16 levels"),
            "{error}"
        );
    }
}

fn orders() -> impl Strategy<Value = OrderBy> {
    (paths(), any::<bool>()).prop_map(|(path, descending)| {
        if descending {
            OrderBy::desc(path)
        } else {
            OrderBy::asc(path)
        }
    })
}

/// The options that a query and an expansion have in common.
fn options(expand: impl Strategy<Value = Vec<Expand>>) -> impl Strategy<Value = Query> {
    let sizes = (
        option::of(any::<u32>()),
        option::of(any::<u32>()),
        any::<bool>(),
    );
    let filter = option::of(filters());
    (
        vec(paths(), 0..3),
        expand,
        filter,
        vec(orders(), 0..3),
        sizes,
    )
        .prop_map(
            |(select, expand, filter, order_by, (top, skip, count))| Query {
                select,
                expand,
                filter,
                order_by,
                top,
                skip,
                count,
                ..Query::new()
            },
        )
}

fn expansions() -> impl Strategy<Value = Expand> {
    let levels = option::of(prop_oneof![
        Just(Levels::Max),
        any::<u32>().prop_map(Levels::Exactly)
    ]);
    let leaf = paths().prop_map(Expand::new);
    leaf.prop_recursive(3, 6, 2, move |inner| {
        (paths(), options(vec(inner, 0..3)), levels.clone()).prop_map(|(path, options, levels)| {
            Expand {
                path,
                options,
                levels,
            }
        })
    })
}

fn queries() -> impl Strategy<Value = Query> {
    let texts = (option::of(any::<String>()), option::of(any::<String>()));
    (options(vec(expansions(), 0..3)), texts).prop_map(|(query, (search, skip_token))| Query {
        search,
        skip_token,
        ..query
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_is_read_back(query in queries()) {
        let text = query.to_string();
        prop_assert!(text.is_ascii() && !text.contains([' ', '+', '#', '"']), "{}", text);
        prop_assert_eq!(Query::parse(&text), Ok(query), "{}", text);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        check_error(&text)?;
    }

    #[test]
    fn any_options_are_read_without_a_panic(
        words in vec(
            prop::sample::select(vec![
                "$filter=", "$expand=", "$select=", "$top=", "$count=", "$levels=", "a", "(", ")",
                ";", ",", "'", "%", "%27", "%C3", "%BC", "+", "&", "=", "1", "true", "é", " eq ",
            ]),
            0..16,
        )
    ) {
        check_error(&words.concat())?;
    }
}

/// Reads `text`; an error must point into it, and a query must be written and read again.
fn check_error(text: &str) -> Result<(), TestCaseError> {
    match Query::parse(text) {
        Ok(query) => prop_assert_eq!(Query::parse(&query.to_string()), Ok(query)),
        Err(error) => prop_assert!(error.position() <= text.len()),
    }
    Ok(())
}
