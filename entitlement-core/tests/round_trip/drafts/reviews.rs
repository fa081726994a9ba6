//! Access reviews and their history, custom extensions, partner organisations.

use entitlement_core::access_review::definition::{
    ScheduleDefinition, ScheduleDefinitionDraft, ScheduleDefinitionDraftBuilder,
};
use entitlement_core::access_review::history::{
    HistoryDecisionFilter, HistoryDefinition, HistoryDefinitionDraft,
    HistoryDefinitionDraftBuilder, HistoryScheduleSettings,
};
use entitlement_core::access_review::notification::NotificationRecipientItem;
use entitlement_core::access_review::reviewer::ReviewerScope;
use entitlement_core::access_review::scope::Scope;
use entitlement_core::access_review::settings::{ApplyAction, DefaultDecision, ScheduleSettings};
use entitlement_core::access_review::stage::StageSettings;
use entitlement_core::connected_organization::{
    ConnectedOrganization, ConnectedOrganizationDraft, ConnectedOrganizationState, IdentitySource,
};
use entitlement_core::custom_extension::configuration::{
    AuthenticationConfiguration, CallbackConfiguration, ClientConfiguration, EndpointConfiguration,
};
use entitlement_core::custom_extension::{CustomExtension, CustomExtensionDraft};
use entitlement_core::time::{Date, IsoDuration};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::{becomes, days, id, instant, maybe_words, name, one, words};

fn date() -> impl Strategy<Value = Date> {
    (2020..2040_i16, 1..13_i8, 1..29_i8)
        .prop_map(|(year, month, day)| Date::constant(year, month, day))
}

fn reviewer() -> impl Strategy<Value = ReviewerScope> {
    prop_oneof![
        id().prop_map(|user| ReviewerScope::user(&user)),
        id().prop_map(|group| ReviewerScope::members_of(&group)),
        id().prop_map(|group| ReviewerScope::owners_of(&group)),
    ]
}

fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![
        id().prop_map(|group| Scope::members_of(&group)),
        id().prop_map(|group| Scope::guest_members_of(&group)),
        (id(), id()).prop_map(|(package, policy)| Scope::assignments_of(&package, &policy)),
        days(1..700).prop_map(|inactive| Scope::inactive_users("/users", inactive)),
    ]
}

fn settings() -> impl Strategy<Value = ScheduleSettings> {
    (1..4_i32, date(), 1..28_i32, any::<bool>(), any::<bool>()).prop_map(
        |(months, first, open, once, decided)| {
            let settings = if once {
                ScheduleSettings::once(open)
            } else {
                ScheduleSettings::every_months(months, first, open)
            };
            let settings = settings
                .with_mails()
                .with_recommendations()
                .with_justification();
            if decided {
                let settings = settings.unreviewed(DefaultDecision::Deny);
                settings
                    .applied_automatically()
                    .on_denial(ApplyAction::remove_access())
            } else {
                settings.with_decision_histories()
            }
        },
    )
}

proptest! {
    #[test]
    fn definitions(
        name in name(), scope in scope(), settings in settings(), reviewers in vec(reviewer(), 0..3),
        stages in option::of((reviewer(), reviewer())), for_admins in maybe_words(), for_reviewers in maybe_words(),
        is_told: bool,
    ) {
        let mut draft = ScheduleDefinitionDraft::builder(name, scope, settings);
        match stages {
            Some((first, second)) => {
                draft = draft.stage(StageSettings::open_for(3).by(first).with_recommendations());
                draft = draft.stage(StageSettings::open_for(4).by(ReviewerScope::manager()).or_else(second));
            }
            None => draft = reviewers.into_iter().fold(draft, ScheduleDefinitionDraftBuilder::reviewer),
        }
        if is_told {
            draft = draft.additional_notification_recipient(NotificationRecipientItem::when_completed("/users/u1"));
        }
        let draft = draft
            .maybe_description_for_admins(for_admins)
            .maybe_description_for_reviewers(for_reviewers)
            .build()?;
        let definition: ScheduleDefinition = becomes(&draft)?;
        definition.validate()?;
    }

    #[test]
    fn history_definitions(
        name in name(), start in instant(), length in 1..10_000_u32, months in 1..12_i32, first in date(),
        scopes in vec(scope(), 1..3),
        decisions in vec(one(&[HistoryDecisionFilter::Approve, HistoryDecisionFilter::Deny]), 0..3),
        is_recurring: bool,
    ) {
        let end = IsoDuration::hours(length).after(start).expect("it is soon");
        let draft = if is_recurring {
            HistoryDefinitionDraft::recurring(name, HistoryScheduleSettings::every_months(months, first))
        } else {
            HistoryDefinitionDraft::between(name, start, end)
        };
        let draft = scopes.into_iter().fold(draft, HistoryDefinitionDraftBuilder::scope);
        let draft = decisions.into_iter().fold(draft, HistoryDefinitionDraftBuilder::decision);
        becomes::<HistoryDefinition>(&draft.build()?)?;
    }

    #[test]
    fn custom_extensions(
        display_name in name(), description in words(), app in option::of((name(), name(), name())), is_for_requests: bool,
        client in option::of((1..3_000_i32, 0..5_i32)), wait in option::of(days(1..15)), resource in option::of(name()),
    ) {
        let endpoint = match app {
            Some((subscription, group, workflow)) => EndpointConfiguration::logic_app(subscription, group, workflow),
            None => EndpointConfiguration::http("https://contoso.com/hook?a=b"),
        };
        let authentication = resource
            .map_or_else(AuthenticationConfiguration::pop_token, AuthenticationConfiguration::token);
        let draft = if is_for_requests {
            let callback = wait.map(CallbackConfiguration::waiting);
            CustomExtensionDraft::for_requests(display_name, endpoint, authentication)
                .maybe_callback_configuration(callback)
                .maybe_client_configuration(client.map(|(time, tries)| ClientConfiguration::new(time, tries)))
                .description(description)
                .build()?
        } else {
            CustomExtensionDraft::for_assignments(display_name, endpoint, authentication).build()?
        };
        let extension: CustomExtension = becomes(&draft)?;
        extension.validate()?;
    }

    #[test]
    fn organizations(
        name in name(), description in words(), kind in 0..3_u32, tenant in id::<ConnectedOrganization>(),
        domain in "[a-z]{1,8}\\.[a-z]{2,3}",
        state in one(&[ConnectedOrganizationState::Configured, ConnectedOrganizationState::Proposed]),
    ) {
        let source = match kind {
            0 => IdentitySource::domain(domain),
            1 => IdentitySource::tenant(tenant.to_string()),
            _ => IdentitySource::tenant_of_cloud(tenant.to_string(), "microsoftonline.us"),
        };
        let draft = ConnectedOrganizationDraft::builder(name, source)
            .description(description)
            .state(state)
            .build()?;
        becomes::<ConnectedOrganization>(&draft)?;
    }
}
