//! What several kinds of entities hold: schedules, sets of people, identities, questions.

use entitlement_core::schedule::{
    DayOfWeek, ExpirationType, RecurrencePatternType, RecurrenceRangeType, WeekIndex,
};

use crate::parts::{
    Json, date, duration, flag, from_the_future, id, instant, list, member, number, object, one_of,
    tagged, text,
};

pub(crate) fn expiration_pattern() -> Json {
    object! {
        "duration?": duration(), "endDateTime?": instant(), "type?": member(ExpirationType::MEMBERS),
    }
}

pub(crate) fn subject_set() -> Json {
    one_of(vec![
        tagged(
            "attributeRuleMembers",
            object! { "description?": text(), "membershipRule?": text() },
        ),
        tagged(
            "connectedOrganizationMembers",
            object! { "connectedOrganizationId?": id(), "description?": text() },
        ),
        tagged("externalSponsors", object! {}),
        tagged(
            "groupMembers",
            object! { "description?": text(), "groupId?": id() },
        ),
        tagged("internalSponsors", object! {}),
        tagged("requestorManager", object! { "managerLevel?": number() }),
        tagged(
            "singleServicePrincipal",
            object! { "description?": text(), "servicePrincipalId?": id() },
        ),
        tagged(
            "singleUser",
            object! { "description?": text(), "userId?": id() },
        ),
        tagged("targetAgentIdentitySponsorsOrOwners", object! {}),
        tagged("targetApplicationOwners", object! {}),
        tagged("targetManager", object! { "managerLevel?": number() }),
        tagged("targetUserSponsors", object! {}),
        from_the_future(),
    ])
}

pub(crate) fn recurrence_pattern() -> Json {
    object! {
        "dayOfMonth": number(), "daysOfWeek?": list(member(DayOfWeek::MEMBERS)),
        "firstDayOfWeek?": member(DayOfWeek::MEMBERS), "index?": member(WeekIndex::MEMBERS), "interval": number(),
        "month": number(), "type?": member(RecurrencePatternType::MEMBERS),
    }
}

pub(crate) fn recurrence_range() -> Json {
    object! {
        "endDate?": date(), "numberOfOccurrences": number(), "recurrenceTimeZone?": text(), "startDate?": date(),
        "type?": member(RecurrenceRangeType::MEMBERS),
    }
}

pub(crate) fn patterned_recurrence() -> Json {
    object! { "pattern?": recurrence_pattern(), "range?": recurrence_range() }
}

pub(crate) fn entitlement_management_schedule() -> Json {
    object! {
        "expiration?": expiration_pattern(), "recurrence?": patterned_recurrence(), "startDateTime?": instant(),
    }
}

pub(crate) fn localized_text() -> Json {
    object! { "languageCode": text(), "text?": text() }
}

pub(crate) fn answer_choice() -> Json {
    object! { "actualValue?": text(), "localizations?": list(localized_text()), "text?": text() }
}

pub(crate) fn question() -> Json {
    one_of(vec![
        tagged(
            "accessPackageMultipleChoiceQuestion",
            object! {
                "id": id(), "isAnswerEditable?": flag(), "isRequired?": flag(),
                "localizations?": list(localized_text()), "sequence?": number(), "text?": text(),
                "choices?": list(answer_choice()), "isMultipleSelectionAllowed?": flag(),
            },
        ),
        tagged(
            "accessPackageTextInputQuestion",
            object! {
                "id": id(), "isAnswerEditable?": flag(), "isRequired?": flag(),
                "localizations?": list(localized_text()), "sequence?": number(), "text?": text(),
                "isSingleLineQuestion?": flag(), "regexPattern?": text(),
            },
        ),
        from_the_future(),
    ])
}

pub(crate) fn identity() -> Json {
    one_of(vec![
        object! { "displayName?": text(), "id": id() },
        tagged(
            "servicePrincipalIdentity",
            object! { "displayName?": text(), "id": id(), "appId?": id() },
        ),
        tagged(
            "userIdentity",
            object! {
                "displayName?": text(), "id": id(), "ipAddress?": text(), "userPrincipalName?": text(),
            },
        ),
        from_the_future(),
    ])
}

pub(crate) fn directory_object() -> Json {
    one_of(vec![
        tagged(
            "user",
            object! { "id": id(), "userPrincipalName?": text(), "jobTitle?": text() },
        ),
        tagged("group", object! { "id": id(), "mail?": text() }),
        object! { "id": id(), "deletedDateTime?": instant(), "displayName?": text() },
    ])
}

pub(crate) fn user_identity() -> Json {
    object! {
        "displayName?": text(), "id": id(), "ipAddress?": text(), "userPrincipalName?": text(),
    }
}
