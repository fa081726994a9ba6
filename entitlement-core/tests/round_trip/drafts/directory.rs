//! People and groups.

use entitlement_core::directory::{
    DirectoryObject, Group, GroupDraft, GroupDraftBuilder, GroupVisibility, Password, User,
    UserDraft,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::Value;

use super::{becomes_with, id, maybe_words, name, one};

/// Takes out what is only ever sent.
fn without(names: &'static [&'static str]) -> impl Fn(&mut Value) {
    move |sent| {
        let members = sent.as_object_mut().expect("an entity is an object");
        members.retain(|name, _| !names.contains(&name.as_str()));
    }
}

proptest! {
    #[test]
    fn groups(
        name in name(), alias in "[a-z]{1,10}", is_unified: bool, description in maybe_words(),
        visibility in option::of(one(&[GroupVisibility::Private, GroupVisibility::Public])),
        members in vec(id::<DirectoryObject>(), 0..4), owner in id::<DirectoryObject>(),
    ) {
        let draft = if is_unified {
            GroupDraft::microsoft_365_group(name, alias)
        } else {
            GroupDraft::security_group(name)
        };
        let draft = members.into_iter().fold(draft.owner(owner), GroupDraftBuilder::member);
        let draft = draft.maybe_description(description).maybe_visibility(visibility).build()?;
        becomes_with::<Group>(&draft, without(&["owners@odata.bind", "members@odata.bind"]))?;
    }

    #[test]
    fn people(
        name in name(), alias in "[a-z]{1,10}", is_enabled: bool, given_name in maybe_words(), surname in maybe_words(),
        job_title in maybe_words(), department in maybe_words(),
    ) {
        let sign_in = format!("{alias}@contoso.com");
        let password = Password::new("correct horse");
        let draft = UserDraft::builder(name, sign_in, password)
            .account_enabled(is_enabled)
            .maybe_given_name(given_name)
            .maybe_surname(surname)
            .maybe_job_title(job_title)
            .maybe_department(department)
            .usage_location("DE")
            .build()?;
        becomes_with::<User>(&draft, without(&["passwordProfile"]))?;
    }
}
