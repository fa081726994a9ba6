//! Who vouches for a partner organisation, on a service that is slow, loses answers, and is used by others too.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use entitlement_graph::core::connected_organization::{
    ConnectedOrganization, ConnectedOrganizationDraft, IdentitySource,
};
use entitlement_graph::core::directory::{DirectoryObject, Group, User};
use entitlement_graph::core::entity::Id;
use entitlement_graph::ensure::sponsors::{EnsuredLinks, Sponsors};
use entitlement_graph::testing::{InstantClock, answer};
use entitlement_graph::transport::retry::RetryPolicy;
use entitlement_graph::transport::{
    Request, Response, Transport, TransportError, TransportErrorKind,
};
use entitlement_graph::wait::Wait;
use entitlement_graph::{Error, GraphClient};
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// Partner organisations as far as sponsors go: one organisation at most, page by page, one sponsor a page.
#[derive(Debug, Clone, Default)]
struct Service(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    exists: bool,
    internal: Vec<String>,
    external: Vec<String>,
    /// What happens to the next writes: carried out or not, and the answer lost.
    fates: VecDeque<Fate>,
    /// How many lists still show what was there before.
    stale: usize,
    seen: (Vec<String>, Vec<String>),
    writes: Vec<String>,
}

#[derive(Debug, Clone, Copy)]
enum Fate {
    LostAfter,
    LostBefore,
}

impl Service {
    fn with(internal: &[&str], external: &[&str]) -> Self {
        let own = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        let service = Self::default();
        {
            let mut state = service.0.lock().unwrap();
            state.exists = true;
            state.internal = own(internal);
            state.external = own(external);
        }
        service
    }

    fn client(&self) -> GraphClient {
        GraphClient::builder(self.clone())
            .clock(InstantClock::default())
            .retry(RetryPolicy::never())
            .seed(1)
            .build()
    }

    fn sponsors(&self) -> (Vec<String>, Vec<String>) {
        let state = self.0.lock().unwrap();
        (state.internal.clone(), state.external.clone())
    }

    fn writes(&self) -> Vec<String> {
        self.0.lock().unwrap().writes.clone()
    }

    fn fates(&self, fates: impl IntoIterator<Item = Fate>) {
        self.0.lock().unwrap().fates.extend(fates);
    }
}

impl State {
    fn list(&mut self, internal: bool, url: &str) -> Response {
        let all = match (self.stale > 0, internal) {
            (true, true) => &self.seen.0,
            (true, false) => &self.seen.1,
            (false, true) => &self.internal,
            (false, false) => &self.external,
        };
        let (plain, place) = url.split_once("?$skip=").unwrap_or((url, "0"));
        let place: usize = place.parse().unwrap();
        let items: Vec<Value> = all
            .iter()
            .skip(place)
            .take(1)
            .map(|id| json!({"id": id}))
            .collect();
        let next = (place + 1 < all.len()).then(|| format!("{plain}?$skip={}", place + 1));
        self.stale = self.stale.saturating_sub(1);
        answer(
            StatusCode::OK,
            json!({"value": items, "@odata.nextLink": next}).to_string(),
        )
    }

    fn write(&mut self, method: &Method, internal: bool, id: &str) -> Response {
        self.seen = (self.internal.clone(), self.external.clone());
        let side = if internal {
            &mut self.internal
        } else {
            &mut self.external
        };
        let place = side.iter().position(|one| one == id);
        let status = match (method, place) {
            (&Method::POST, Some(_)) => StatusCode::BAD_REQUEST,
            (&Method::POST, None) if id == "nobody" => StatusCode::NOT_FOUND,
            (&Method::POST, None) => {
                side.push(id.to_owned());
                StatusCode::NO_CONTENT
            }
            (_, Some(place)) => {
                side.remove(place);
                StatusCode::NO_CONTENT
            }
            (_, None) => StatusCode::NOT_FOUND,
        };
        answer(status, "")
    }
}

#[async_trait]
impl Transport for Service {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let url = request.uri().to_string();
        let state = &mut *self.0.lock().unwrap();
        let internal = url.contains("internalSponsors");
        if !internal && !url.contains("externalSponsors") {
            if request.method() == Method::POST {
                state.exists = true;
                return Ok(answer(StatusCode::CREATED, r#"{"id": "o1"}"#));
            }
            let fabrikam = json!({"id": "o1", "displayName": "Fabrikam", "state": "configured"});
            let items = if state.exists {
                vec![fabrikam]
            } else {
                Vec::new()
            };
            return Ok(answer(StatusCode::OK, json!({"value": items}).to_string()));
        }
        if request.method() == Method::GET {
            return Ok(state.list(internal, &url));
        }
        let id = if request.method() == Method::POST {
            let body: Value = serde_json::from_slice(request.body()).unwrap();
            let link = body["@odata.id"].as_str().unwrap().to_owned();
            link.rsplit('/').next().unwrap().to_owned()
        } else {
            url.rsplit('/').nth(1).unwrap().to_owned()
        };
        let side = if internal { "internal" } else { "external" };
        state
            .writes
            .push(format!("{} {side} {id}", request.method()));
        let lost = || Err(TransportError::maybe_sent(TransportErrorKind::Interrupted));
        match state.fates.pop_front() {
            Some(Fate::LostBefore) => lost(),
            Some(Fate::LostAfter) => {
                state.write(request.method(), internal, &id);
                lost()
            }
            None => Ok(state.write(request.method(), internal, &id)),
        }
    }
}

fn id<E>(text: &str) -> Id<E> {
    text.parse().unwrap()
}

fn fabrikam() -> Id<ConnectedOrganization> {
    id("o1")
}

fn texts(ids: &[Id<DirectoryObject>]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

fn shown(links: &EnsuredLinks) -> [Vec<String>; 4] {
    [
        &links.added,
        &links.already_there,
        &links.removed,
        &links.others,
    ]
    .map(|ids| texts(ids))
}

#[tokio::test]
async fn p25_an_organisation_is_made_with_its_sponsors_once() {
    let service = Service::default();
    let entitlement = service.client().entitlement();
    let draft =
        ConnectedOrganizationDraft::builder("Fabrikam", IdentitySource::domain("fabrikam.com"))
            .build()
            .unwrap();
    let sponsors = Sponsors::new()
        .internal(&id::<User>("ada"))
        .internal(&id::<Group>("admins"))
        .internal(&id::<User>("ADA"))
        .external(&id::<User>("guest"));
    let wait = Wait::default();
    let ensured = entitlement
        .ensure_connected_organization_with(&draft, &sponsors, &wait)
        .await
        .unwrap();
    assert!(ensured.organization.is_created() && ensured.sponsors.is_changed());
    assert_eq!(texts(&ensured.sponsors.internal.added), ["ada", "admins"]);
    assert_eq!(texts(&ensured.sponsors.external.added), ["guest"]);
    let both = (
        vec!["ada".to_owned(), "admins".to_owned()],
        vec!["guest".to_owned()],
    );
    assert_eq!(service.sponsors(), both);

    let again = entitlement
        .ensure_connected_organization_with(&draft, &sponsors, &wait)
        .await
        .unwrap();
    assert!(!again.organization.is_created() && !again.sponsors.is_changed());
    assert_eq!(
        texts(&again.sponsors.internal.already_there),
        ["ada", "admins"]
    );
    assert_eq!((service.sponsors(), service.writes().len()), (both, 3));
}

#[tokio::test]
async fn others_stay_unless_they_are_unwanted() {
    let service = Service::with(&["ada", "bob", "eve"], &["guest"]);
    let entitlement = service.client().entitlement();
    let wanted = Sponsors::new().internal(&id::<User>("Bob"));
    let wait = Wait::default();
    let ensured = entitlement
        .ensure_sponsors(&fabrikam(), &wanted, &wait)
        .await
        .unwrap();
    assert_eq!(
        shown(&ensured.internal),
        [vec![], vec!["Bob"], vec![], vec!["ada", "eve"]]
    );
    assert_eq!(
        shown(&ensured.external),
        [vec![], vec![], vec![], vec!["guest"]]
    );
    assert!(service.writes().is_empty());

    let only = wanted.external(&id::<User>("other")).nobody_else();
    let ensured = entitlement
        .ensure_sponsors(&fabrikam(), &only, &wait)
        .await
        .unwrap();
    assert_eq!(
        shown(&ensured.internal),
        [vec![], vec!["Bob"], vec!["ada", "eve"], vec![]]
    );
    assert_eq!(
        shown(&ensured.external),
        [vec!["other"], vec![], vec!["guest"], vec![]]
    );
    assert_eq!(
        service.sponsors(),
        (vec!["bob".to_owned()], vec!["other".to_owned()])
    );
}

#[tokio::test]
async fn p5_whatever_gets_lost_each_is_there_once_and_the_rest_is_gone() {
    use Fate::{LostAfter, LostBefore};
    for fates in [
        [LostAfter, LostAfter, LostAfter],
        [LostBefore, LostBefore, LostAfter],
        [LostAfter, LostBefore, LostAfter],
        [LostBefore, LostAfter, LostBefore],
    ] {
        for stale in [0, 4] {
            let service = Service::with(&["eve", "mallory"], &[]);
            service.fates(fates);
            service.0.lock().unwrap().stale = stale;
            service.0.lock().unwrap().seen.0 = vec!["eve".to_owned(), "mallory".to_owned()];
            let sponsors = Sponsors::new()
                .internal(&id::<User>("ada"))
                .external(&id::<User>("guest"))
                .nobody_else();
            let ensured = service
                .client()
                .entitlement()
                .ensure_sponsors(&fabrikam(), &sponsors, &Wait::default())
                .await
                .unwrap();
            assert_eq!(texts(&ensured.internal.added), ["ada"], "{fates:?}");
            assert_eq!(texts(&ensured.internal.removed), ["eve", "mallory"]);
            assert_eq!(
                service.sponsors(),
                (vec!["ada".to_owned()], vec!["guest".to_owned()]),
                "{fates:?}"
            );
        }
    }
}

#[tokio::test]
async fn who_cannot_vouch_is_said() {
    let service = Service::with(&[], &[]);
    let entitlement = service.client().entitlement();
    let sponsors = Sponsors::new()
        .internal(&id::<User>("ada"))
        .internal(&id::<User>("nobody"));
    let refused = entitlement
        .ensure_sponsors(&fabrikam(), &sponsors, &Wait::default())
        .await;
    let refused: Error = refused.unwrap_err();
    assert!(refused.is_not_found(), "{refused}");
    assert_eq!(service.sponsors().0, ["ada"], "what was done stays");
}
