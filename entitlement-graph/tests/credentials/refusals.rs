//! What the authority refuses, and what is tried again.

use super::*;

#[tokio::test]
async fn a_refusal_says_what_to_do() {
    let cases = [
        ("invalid_client", 7_000_215, "not its id"),
        ("invalid_client", 7_000_222, "expired"),
        ("unauthorized_client", 700_016, "client id"),
        ("invalid_request", 90_002, "no such tenant"),
        ("invalid_request", 900_382, "another cloud"),
        ("invalid_scope", 70_011, "one resource"),
        ("invalid_resource", 500_011, "scope"),
        ("invalid_grant", 1, "sign in again"),
        ("invalid_client", 1, "secret or certificate"),
    ];
    for (error, code, advice) in cases {
        let body = format!(
            r#"{{"error":"{error}","error_codes":[{code}],"timestamp":"2025-01-09 02:02:12Z",
            "error_description":"AADSTS{code}: Ada Lovelace is not welcome.\r\nTrace ID: x",
            "trace_id":"22222222-2222-2222-2222-222222222222",
            "correlation_id":"33333333-3333-3333-3333-333333333333"}}"#
        );
        let setup = setup([Ok(answer(StatusCode::UNAUTHORIZED, body))]);
        let outcome = setup.app().token(None).await.unwrap_err();
        let refusal = refusal(&outcome);
        assert_eq!(
            (refusal.error(), refusal.codes(), refusal.status().as_u16()),
            (error, &[code][..], 401)
        );
        assert_eq!(
            refusal.description(),
            format!("AADSTS{code}: Ada Lovelace is not welcome.")
        );
        let shown = refusal.to_string();
        assert!(
            shown.starts_with(error) && shown.contains(advice),
            "{shown}"
        );
        assert!(shown.contains("33333333-3333-3333-3333-333333333333"));
        assert!(refusal.trace_id().is_some());
        let all = all_of(&outcome);
        assert!(!all.contains("Ada") && !all.contains("s3cret"), "{all}");
        assert_eq!(setup.network.requests().len(), 1, "not retried");
    }
}

#[tokio::test]
async fn a_refusal_of_any_shape_is_read() {
    for body in [
        "",
        "<html>",
        "[]",
        r#"{"error":{"code":"x"}}"#,
        r#"{"error":"<b>t0ken</b>","error_codes":"x","trace_id":7}"#,
    ] {
        let setup = setup([Ok(answer(StatusCode::BAD_REQUEST, body))]);
        let error = setup.app().token(None).await.unwrap_err();
        assert_eq!(refusal(&error).to_string(), "status 400", "{body}");
    }
    // Redirects are not followed, or the secret would go with them.
    let setup = setup([status(StatusCode::TEMPORARY_REDIRECT)]);
    assert!(setup.app().token(None).await.is_err());
    assert_eq!(setup.network.requests().len(), 1);
}

#[tokio::test]
async fn a_refusal_is_found_through_all_layers() {
    let setup = setup([refused("invalid_client")]);
    let client = GraphClient::builder(setup.network.clone())
        .token_provider(setup.app())
        .clock(setup.clock.clone())
        .build();
    let call = Call::get(ResourcePath::new("me"));
    let error = client.send(call).await.unwrap_err();
    assert_eq!(
        AuthorityError::of(&error).unwrap().error(),
        "invalid_client"
    );
    assert!(AuthorityError::of(&TokenError::new("other")).is_none());
    // The client does not retry what the credential has given up.
    assert_eq!(setup.network.requests().len(), 1);
}

#[tokio::test]
async fn what_passes_is_retried_and_nothing_else() {
    let mut throttled = answer(StatusCode::TOO_MANY_REQUESTS, "");
    throttled.headers_mut().insert("retry-after", 17.into());
    let passing: [fn(Response) -> Answer; 4] = [
        Ok,
        |_| status(StatusCode::SERVICE_UNAVAILABLE),
        |_| refused("temporarily_unavailable"),
        |_| Err(TransportError::maybe_sent(TransportErrorKind::Interrupted)),
    ];
    for outcome in passing {
        let setup = setup([outcome(throttled.clone()), issued("token")]);
        assert!(setup.app().token(None).await.is_ok());
        let forms = setup.forms();
        assert_eq!((forms.len(), &forms[0]), (2, &forms[1]));
        assert_eq!(setup.clock.waits().len(), 1);
    }
    for outcome in [
        refused("invalid_client"),
        status(StatusCode::NOT_FOUND),
        Err(TransportError::not_sent(TransportErrorKind::Refused)),
    ] {
        let setup = setup([outcome, issued("token")]);
        assert!(setup.app().token(None).await.is_err());
        assert_eq!(setup.network.requests().len(), 1);
    }
}
