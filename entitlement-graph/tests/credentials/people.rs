//! A person signs in at another screen, and stays signed in.

use super::*;

#[tokio::test]
async fn a_person_signs_in_at_another_screen() {
    let setup = setup([
        device_code(r#","expires_in":900,"interval":7,"message":"Please do.""#),
        refused("authorization_pending"),
        refused("slow_down"),
        refused("authorization_pending"),
        issued_with_refresh("token", "r1"),
    ]);
    let (person, prompts) = person(&setup.authority);
    assert_eq!(person.token(None).await.unwrap().secret(), "token");
    assert_eq!(
        *prompts.lock().unwrap(),
        ["GTHK-QPMN at https://microsoft.com/devicelogin: Please do."]
    );
    assert_eq!(setup.clock.waits(), [7, 7, 12, 12].map(Duration::from_secs));
    assert_eq!(
        setup.asked_for(),
        ["devicecode", "token", "token", "token", "token"]
    );
    let forms = setup.forms();
    assert_eq!(
        forms[0]["scope"],
        "https://graph.microsoft.com/.default offline_access"
    );
    assert_eq!(
        forms[1]["grant_type"],
        "urn:ietf:params:oauth:grant-type:device_code"
    );
    assert_eq!(
        (forms[1]["device_code"].as_str(), forms[1].len()),
        ("d3vice", 3)
    );
    assert_eq!(person.refresh_token().unwrap().expose(), "r1");
}

#[tokio::test]
async fn a_prompt_without_message_or_interval_is_completed() {
    let setup = setup([
        device_code(r#","interval":"0""#),
        refused("authorization_pending"),
        issued("token"),
    ]);
    let (person, prompts) = person(&setup.authority);
    person.token(None).await.unwrap();
    let prompt = prompts.lock().unwrap()[0].clone();
    assert!(
        prompt.ends_with("Open https://microsoft.com/devicelogin and enter the code GTHK-QPMN.")
    );
    assert_eq!(setup.clock.waits(), [Duration::from_secs(1); 2]);
}

#[tokio::test]
async fn a_sign_in_ends_when_the_person_or_the_clock_says_so() {
    for (error, advice) in [
        ("authorization_declined", "said no"),
        ("expired_token", "start again"),
        ("bad_verification_code", "start again"),
        ("access_denied", ""),
    ] {
        let setup = setup([device_code(""), refused(error), issued("token")]);
        let (person, _) = person(&setup.authority);
        let outcome = person.token(None).await.unwrap_err();
        assert_eq!(refusal(&outcome).error(), error);
        assert!(refusal(&outcome).to_string().contains(advice));
    }
    // Nobody comes.
    let pending = || refused("authorization_pending");
    let setup = setup([
        device_code(r#","expires_in":12"#),
        pending(),
        pending(),
        pending(),
    ]);
    let (person, _) = person(&setup.authority);
    let error = person.token(None).await.unwrap_err();
    assert!(error.to_string().contains("nobody signed in"));
    assert_eq!(setup.asked_for(), ["devicecode", "token", "token"]);
}

#[tokio::test]
async fn a_lost_connection_does_not_end_a_sign_in() {
    let never = |builder: AuthorityBuilder| builder.retry(RetryPolicy::never());
    let setup = setup_with(
        [
            device_code(""),
            Err(TransportError::maybe_sent(TransportErrorKind::Interrupted)),
            status(StatusCode::BAD_GATEWAY),
            issued("token"),
        ],
        never,
    );
    let (person, prompts) = person(&setup.authority);
    assert!(person.token(None).await.is_ok());
    assert_eq!(setup.clock.waits(), [5, 10, 15].map(Duration::from_secs));
    assert_eq!(prompts.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn later_tokens_come_without_the_person() {
    let setup = setup([
        device_code(""),
        issued_with_refresh("one", "r1"),
        issued_with_refresh("two", "r2"),
        issued("three"),
        status(StatusCode::NOT_FOUND),
        refused("invalid_grant"),
        device_code(""),
        issued("four"),
    ]);
    let (person, prompts) = person(&setup.authority);
    for expected in ["one", "two", "three"] {
        assert_eq!(person.token(None).await.unwrap().secret(), expected);
    }
    let forms = setup.forms();
    assert_eq!(forms[2]["grant_type"], "refresh_token");
    assert_eq!(forms[2]["refresh_token"], "r1");
    assert_eq!(forms[3]["refresh_token"], "r2");
    assert_eq!(prompts.lock().unwrap().len(), 1);

    // Trouble of another kind is no reason to ask the person.
    assert!(person.token(None).await.is_err());
    assert_eq!(person.token(None).await.unwrap().secret(), "four");
    assert_eq!(prompts.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_hundred_requests_prompt_the_person_once() {
    let setup = setup([
        device_code(""),
        refused("authorization_pending"),
        issued("token"),
    ]);
    let (person, prompts) = person(&setup.authority);
    let graph = ScriptedTransport::new((0..100).map(|_| ok("{}")));
    let client = GraphClient::builder(graph.clone())
        .clock(setup.clock.clone())
        .token_provider(person)
        .build();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let client = client.clone();
        tasks.spawn(async move { client.send(Call::get(ResourcePath::new("me"))).await });
    }
    assert!(tasks.join_all().await.iter().all(Result::is_ok));
    assert_eq!(prompts.lock().unwrap().len(), 1);
    assert_eq!(setup.network.remaining(), 0);
}

#[tokio::test]
async fn a_sign_in_goes_on_where_it_ended() {
    let setup = setup([issued_with_refresh("one", "r2"), issued("two")]);
    let (person, prompts) = person(&setup.authority);
    let person = person
        .scopes(["EntitlementManagement.ReadWrite.All", "offline_access"])
        .resume("r1");
    assert_eq!(person.token(None).await.unwrap().secret(), "one");
    assert!(prompts.lock().unwrap().is_empty());
    assert_eq!(
        setup.forms()[0]["scope"],
        "EntitlementManagement.ReadWrite.All offline_access"
    );

    let newest = person.refresh_token().unwrap();
    let later = RefreshToken::new(&setup.authority, APP, newest).scopes(["User.Read"]);
    assert_eq!(later.token(None).await.unwrap().secret(), "two");
    assert_eq!(setup.forms()[1]["refresh_token"], "r2");
    assert_eq!(setup.forms()[1]["scope"], "User.Read");
    assert_eq!(later.newest().expose(), "r2");
}
