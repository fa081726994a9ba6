//! Reviews of groups as they are written down: made, changed, refused.

use entitlement_core::access_review::definition::{ScheduleDefinition, ScheduleDefinitionDraft};
use entitlement_core::access_review::reviewer::ReviewerScope;
use entitlement_core::access_review::scope::Scope;
use entitlement_core::access_review::settings::ScheduleSettings;
use entitlement_core::directory::User;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::backend::Backend;
use super::fixture::{new_group, nothing};
use super::group_reviews::{Circle, add, decisions, open};

/// Writing a review whole is for instances to come; only people who are named one by one can be replaced (REV-31,
/// REV-32).
pub async fn reviews_are_written_whole(backend: &impl Backend) {
    let circle = Circle::draw(backend).await;
    let review = circle.review(ScheduleSettings::once(7)).await;
    let reviews = circle.admin.access_reviews().definitions();
    let mut definition = reviews.get(&review.id).await.expect("the review");
    assert!(definition.created_date_time.is_some());
    definition.display_name = Some("Another name".to_owned());
    definition.reviewers = vec![ReviewerScope::user(&circle.ada)];
    reviews.replace(&definition).await.expect("a new name");
    let after = reviews.get(&review.id).await.expect("the review");
    assert_eq!(after.display_name.as_deref(), Some("Another name"));
    let query = after
        .reviewers
        .first()
        .and_then(|scope| scope.query.clone());
    assert_eq!(query, Some(format!("/v1.0/users/{}", circle.ada)));
    let instance = circle.newest(&review).await;
    let running = open(&circle.client, &review, &instance);
    assert_eq!(decisions(&running).await.len(), 2, "REV-31: it goes on");

    definition = after;
    definition.reviewers = vec![ReviewerScope::members_of(&circle.group.id)];
    reviews.replace(&definition).await.expect("it is accepted");
    let after = reviews.get(&review.id).await.expect("the review");
    let query = after
        .reviewers
        .first()
        .and_then(|scope| scope.query.clone());
    let still = format!("/v1.0/users/{}", circle.ada);
    assert_eq!(query, Some(still), "REV-32: and not stored");

    reviews.delete(&review.id).await.expect("it can be deleted");
    let gone = reviews.get(&review.id).await;
    assert!(gone.expect_err("REV-33").is_not_found());
    let instances = circle.admin.access_reviews().definition(&review.id);
    let instances = instances.instances().list().next().await;
    assert!(instances.expect_err("REV-33").is_not_found());
}

/// Reviews that cannot be are refused, and nothing is made (4.3).
pub async fn reviews_that_cannot_be_are_refused(backend: &impl Backend) {
    let circle = Circle::draw(backend).await;
    let scope = |query: String| {
        json!({"@odata.type": "#microsoft.graph.accessReviewQueryScope", "query": query,
            "queryType": "MicrosoftGraph"})
    };
    let members = scope(format!("/groups/{}/transitiveMembers", circle.group.id));
    let review = |scope: &Value, reviewers: &Value, settings: Value| json!({"displayName": "Circle", "scope": scope, "reviewers": reviewers, "settings": settings});
    let once = json!({"instanceDurationInDays": 3});
    let beta = scope(
        "/identityGovernance/entitlementManagement/accessPackageAssignments?$filter=(accessPackageId eq 'x')".into(),
    );
    let manager =
        json!([{"query": "./manager", "queryType": "MicrosoftGraph", "queryRoot": "decisions"}]);
    let nobody =
        json!([{"query": format!("/users/{}", nothing::<User>()), "queryType": "MicrosoftGraph"}]);
    let none = json!([]);
    let criteria = "Policy is invalid due to invalid criteria";
    let model = "The model is invalid.";
    for (body, message) in [
        (review(&beta, &none, once.clone()), criteria),
        (review(&members, &manager, once.clone()), criteria),
        (review(&members, &nobody, once.clone()), criteria),
        (
            review(&members, &none, json!({"instanceDurationInDays": 0})),
            model,
        ),
        (
            review(
                &members,
                &none,
                json!({"instanceDurationInDays": 3, "color": "red"}),
            ),
            model,
        ),
        (json!({"displayName": "Circle", "settings": once}), criteria),
    ] {
        let path = "identityGovernance/accessReviews/definitions";
        let call = circle.admin.raw(Method::POST, path).expect("a call");
        let refused = call.json(&body).expect("JSON").done().await;
        let refused = refused.expect_err("it cannot be");
        let service = refused.service().expect("an answer");
        assert_eq!(service.status(), StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(service.message(), message, "{body}");
    }
    let reviews = circle.admin.access_reviews().definitions().list();
    assert!(reviews.try_collect().await.expect("the reviews").is_empty());
    let path = format!(
        "identityGovernance/accessReviews/definitions/{}/instances",
        nothing::<ScheduleDefinition>()
    );
    let call = circle.admin.raw(Method::POST, &path).expect("a call");
    let refused = call.json(&json!({})).expect("JSON").done().await;
    let refused = refused.expect_err("OBJ-2");
    let service = refused.service().expect("an answer");
    assert_eq!(
        (service.status(), service.code()),
        (StatusCode::NOT_FOUND, "")
    );
}

/// Queries select: guests of a group, each of several groups, whoever holds one thing or another.
pub async fn scopes_select(backend: &impl Backend) {
    let circle = Circle::draw(backend).await;
    let guest = backend.join_guest("guest@elsewhere.example");
    add(&circle.admin, &circle.group.id, &guest).await;
    let second = new_group(&circle.admin, "second").await;
    add(&circle.admin, &second.id, &circle.ada).await;
    let reviews = circle.admin.access_reviews();
    let populations = async |scope: Scope, enumeration: Option<Scope>| {
        let draft = ScheduleDefinitionDraft::builder("Some", scope, ScheduleSettings::once(3))
            .reviewer(ReviewerScope::user(&circle.reviewer))
            .maybe_instance_enumeration_scope(enumeration)
            .build()
            .expect("a draft");
        let review = reviews
            .definitions()
            .create(&draft)
            .await
            .expect("a review");
        let mut populations = Vec::new();
        for instance in circle.instances(&review).await {
            let instance = open(&circle.admin, &review, &instance);
            populations.push(decisions(&instance).await.len());
        }
        populations
    };
    let guests = Scope::guest_members_of(&circle.group.id);
    assert_eq!(populations(guests, None).await, [1]);
    let each = Scope::query("./members/microsoft.graph.user/?$count=true");
    let groups = Scope::query("/groups?$filter=securityEnabled eq true&$count=true");
    assert_eq!(populations(each, Some(groups)).await, [3, 1], "REV-35");
    let everybody = Scope::query("/v1.0/users");
    let both = [&circle.group, &second].map(|group| Scope::query(format!("/groups/{}", group.id)));
    let memberships = Scope::memberships([everybody], both);
    assert_eq!(populations(memberships, None).await, [3, 1]);
}
