//! What each operation does: the rules are here, and every check comes before the first change.

pub(crate) mod accounts;
pub(crate) mod alternate;
pub(crate) mod app_roles;
pub(crate) mod applications;
pub(crate) mod approvals;
pub(crate) mod assignments;
mod body;
pub(crate) mod catalogs;
pub(crate) mod deleted;
pub(crate) mod directory;
pub(crate) mod directory_roles;
pub(crate) mod extensions;
pub(crate) mod groups;
pub(crate) mod incompatible;
pub(crate) mod intune;
mod licensed;
pub(crate) mod offers;
pub(crate) mod organizations;
pub(crate) mod packages;
pub(crate) mod policies;
pub(crate) mod requests;
pub(crate) mod resources;
pub(crate) mod reviews;
pub(crate) mod role_management;
pub(crate) mod role_scopes;
mod stage_settings;
pub(crate) mod subjects;

use bytes::Bytes;
use entitlement_core::odata::{Comparison, Filter, Literal, Operand, Query};
use entitlement_core::time::Timestamp;
use entitlement_graph::permission::Role;
use http::StatusCode;
use serde_json::Value;

use crate::caller::Caller;
use crate::licence::Licence;
use crate::odata::answers::{Answers, Source};
use crate::odata::plan::Rows;
use crate::odata::takes::{Asked, Terms};
use crate::router::refusal::Refusal;
use crate::view::{Item, View};
use crate::world::World;
use crate::world::table::{Key, Table};
use body::Body;

/// A call that found its operation.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) world: &'a mut World,
    pub(crate) now: Timestamp,
    pub(crate) caller: Caller,
    /// The keys in the path, by their names in the route.
    pub(crate) keys: Vec<(&'static str, String)>,
    /// The arguments of a function at the end of the path.
    pub(crate) arguments: Vec<(String, String)>,
    pub(crate) query: Query,
    /// Whether the items of a list are wanted, or their number.
    pub(crate) asked: Asked,
    /// The one type of items that is wanted, if the path casts to one.
    pub(crate) cast: Option<String>,
    pub(crate) terms: Terms,
    pub(crate) body: Bytes,
    pub(crate) root: &'a str,
    pub(crate) path: &'a str,
    pub(crate) page_size: usize,
}

/// What an operation answers.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) body: Option<Value>,
    pub(crate) media_type: &'static str,
}

/// The media type of all answers but numbers.
pub(crate) const JSON: &str = "application/json";

impl Reply {
    fn empty(status: StatusCode) -> Self {
        Self {
            status,
            body: None,
            media_type: JSON,
        }
    }

    /// It is done, and there is nothing to say.
    pub(crate) fn no_content() -> Self {
        Self::empty(StatusCode::NO_CONTENT)
    }

    /// It will be done.
    pub(crate) fn accepted() -> Self {
        Self::empty(StatusCode::ACCEPTED)
    }

    pub(crate) fn ok(body: Value) -> Self {
        Self {
            status: StatusCode::OK,
            body: Some(body),
            media_type: JSON,
        }
    }

    /// A bare number.
    fn number(number: usize) -> Self {
        Self {
            media_type: "text/plain",
            ..Self::ok(number.into())
        }
    }

    pub(crate) fn created(body: Value) -> Self {
        Self {
            status: StatusCode::CREATED,
            body: Some(body),
            media_type: JSON,
        }
    }
}

/// What an operation returns.
pub(crate) type Outcome = Result<Reply, Refusal>;

impl Context<'_> {
    fn answers(&self) -> Answers<'_> {
        Answers {
            view: View::new(self.world, self.caller),
            root: self.root,
            path: self.path,
            page_size: self.page_size,
            cast: self.cast.as_deref(),
            most_linked: self.terms.most_linked,
            as_links: self.asked == Asked::Links,
        }
    }

    /// Answers with a list.
    fn list(&self, items: impl IntoIterator<Item = Item>) -> Outcome {
        self.answer_list(Source::Items(items.into_iter().collect()))
    }

    /// Answers with a list of the rows of a table.
    fn list_rows(&self, rows: Rows) -> Outcome {
        self.answer_list(Source::Rows(rows))
    }

    fn answer_list(&self, source: Source) -> Outcome {
        let answers = self.answers();
        match self.asked {
            Asked::Items | Asked::Links => answers.list(source, &self.query).map(Reply::ok),
            Asked::Number => answers.count(source, &self.query).map(Reply::number),
        }
    }

    /// Answers with one item, which cannot be counted, and is of no other type than its own.
    fn entity(&self, item: Item) -> Outcome {
        let is_other = |cast: &String| !item.is_a(cast);
        if self.asked == Asked::Number || self.cast.as_ref().is_some_and(is_other) {
            return Err(Refusal::no_route(&format!("{}/{}", self.root, self.path)));
        }
        self.answers().entity(item, &self.query).map(Reply::ok)
    }

    /// Answers with an item that was just made.
    fn made(&self, item: Item) -> Outcome {
        self.answers()
            .entity(item, &Query::new())
            .map(Reply::created)
    }

    fn body(&self) -> Result<Body, Refusal> {
        Body::parse(&self.body)
    }

    /// Ends a patch. Who sends back what was read sends the rest of the item, too: what is as it is shown is no change.
    fn finish_patch(&self, body: Body, item: Item) -> Result<(), Refusal> {
        let shown = View::new(self.world, self.caller).render(item);
        body.without(&shown).finish()
    }

    /// The text of a key in the path.
    fn text(&self, name: &str) -> &str {
        self.keys
            .iter()
            .find(|(key, _)| *key == name)
            .map_or("", |(_, text)| text)
    }

    /// A key in the path, as a GUID (ERR-10).
    fn key(&self, name: &str) -> Result<Key, Refusal> {
        let text = self.text(name);
        Key::try_parse(text).map_err(|_not_a_guid| {
            Refusal::invalid_model(format!("{text:?} in the path is no GUID"))
        })
    }

    /// A key in the path under which a table has a row.
    fn row<R>(
        &self,
        name: &str,
        table: impl Fn(&World) -> &Table<R>,
        missing: Missing,
    ) -> Result<Key, Refusal> {
        let key = self.key(name)?;
        if table(self.world).contains(key) {
            Ok(key)
        } else {
            Err(missing.refusal())
        }
    }

    /// The argument `on` of `filterByCurrentUser`, and the person who calls.
    fn current_user(&self) -> Result<(Key, &str), Refusal> {
        let person = self.signed_in()?;
        let on = self.arguments.iter().find(|(name, _)| name == "on");
        let (_, on) =
            on.ok_or_else(|| Refusal::bad_request("BadRequest", "The parameter 'on' is missing."))?;
        Ok((person, on))
    }

    /// The person who calls; the router lets nobody else here.
    fn signed_in(&self) -> Result<Key, Refusal> {
        self.caller
            .user()
            .ok_or_else(|| Refusal::unauthorized("only people can call this"))
    }

    /// Refuses what needs the largest licence if the tenant has another one; nothing needs none.
    fn require_licence_for(&self, feature: Option<&str>) -> Result<(), Refusal> {
        feature.map_or(Ok(()), |feature| require_governance(self.world, feature))
    }

    /// Whether the caller may do with a package what asks for a role in its catalog.
    fn has_role(&self, role: Role, package: Key) -> bool {
        let catalog = self.world.packages.get(package).map(|row| row.catalog);
        let principal = self.caller.principal();
        let holds = |principal| self.world.holds_role(principal, role, catalog);
        self.is_administrator() || principal.is_some_and(holds)
    }

    fn is_administrator(&self) -> bool {
        self.caller.is_administrator(self.world)
    }

    /// ASG-6: ids in filters of entitlement management are GUIDs.
    fn check_guids(&self) -> Result<(), Refusal> {
        match &self.query.filter {
            Some(filter) if has_broken_guid(filter) => Err(Refusal::bad_request(
                "InvalidFilter",
                "OData query is invalid: Unrecognized Guid format",
            )),
            _ => Ok(()),
        }
    }
}

fn has_broken_guid(filter: &Filter) -> bool {
    let is_id = |operand: &Operand| match operand {
        Operand::Path(path) => {
            let last = path.segments().next_back().unwrap_or_default();
            last.eq_ignore_ascii_case("id") || last.eq_ignore_ascii_case("objectId")
        }
        _ => false,
    };
    let is_broken = |literal: &Literal| matches!(literal, Literal::String(text) if Key::try_parse(text).is_err());
    match filter {
        Filter::And(parts) | Filter::Or(parts) => parts.iter().any(has_broken_guid),
        Filter::Not(inner) => has_broken_guid(inner),
        Filter::In { operand, values } => is_id(operand) && values.iter().any(is_broken),
        Filter::Compare {
            left: path,
            operator: Comparison::Eq,
            right: Operand::Literal(literal),
        }
        | Filter::Compare {
            left: Operand::Literal(literal),
            operator: Comparison::Eq,
            right: path,
        } => is_id(path) && is_broken(literal),
        _ => false,
    }
}

/// Refuses a feature that needs the largest licence if the tenant has another one (LIC-2, LIC-4).
fn require_governance(world: &World, feature: &str) -> Result<(), Refusal> {
    if world.settings.licence >= Licence::Governance {
        return Ok(());
    }
    let message = "This feature requires a Microsoft Entra ID Governance Subscription";
    let refusal = Refusal::new(StatusCode::FORBIDDEN, "NoGovernanceSku", message);
    Err(refusal
        .because(format!("{feature} needs Licence::Governance (LIC-2)"))
        .hint("tenant.set_licence(Licence::Governance) lets it pass"))
}

/// Refuses one more of what the tenant has no room for.
fn check_room(what: &str, there_are: usize, limit: Option<usize>) -> Result<(), Refusal> {
    match limit {
        Some(limit) if there_are >= limit => Err(no_room(what, limit)),
        _ => Ok(()),
    }
}

/// Too many of something (7.1); nobody has published what the service says then (U-26).
fn no_room(what: &str, limit: usize) -> Refusal {
    let message = format!("The limit of {limit} {what} has been reached.");
    Refusal::bad_request("LimitExceeded", message)
}

/// The kinds of things that may not be there, with the service's words for it (ERR-11).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Missing {
    Catalog,
    Package,
    Policy,
    Request,
    Assignment,
    Approval,
    Stage,
    Resource,
    ResourceRequest,
    RoleScope,
    Environment,
    Extension,
    Organization,
    Subject,
    DirectoryObject,
    ReviewInstance,
    ReviewStage,
    ReviewDecision,
    Reviewer,
    ReviewHistory,
    ReviewHistoryRun,
    /// Anything of Intune.
    Managed,
}

impl Missing {
    /// What a key in a route stands for.
    pub(crate) fn of_key(name: &str) -> Self {
        match name {
            "catalog" => Self::Catalog,
            "package" => Self::Package,
            "policy" => Self::Policy,
            "request" => Self::Request,
            "assignment" => Self::Assignment,
            "approval" => Self::Approval,
            "stage" => Self::Stage,
            "resource" => Self::Resource,
            "roleScope" => Self::RoleScope,
            "environment" => Self::Environment,
            "extension" => Self::Extension,
            "organization" => Self::Organization,
            "app" | "file" | "configuration" | "device" => Self::Managed,
            _ => Self::DirectoryObject,
        }
    }

    pub(crate) fn refusal(self) -> Refusal {
        let (code, message) = match self {
            Self::Managed => {
                return Refusal::intune(
                    StatusCode::NOT_FOUND,
                    "ResourceNotFound",
                    "An error has occurred",
                );
            }
            Self::Catalog => (
                "AccessPackageCatalogNotFound",
                "The access package catalog was not found.",
            ),
            Self::Package => ("AccessPackageNotFound", "The access package was not found."),
            Self::Policy => (
                "AccessPackageAssignmentPolicyNotFound",
                "The access package assignment policy was not found.",
            ),
            Self::Request => (
                "AccessPackageAssignmentRequestNotFound",
                "The access package assignment request was not found.",
            ),
            Self::Assignment => (
                "AccessPackageAssignmentNotFound",
                "The access package assignment was not found.",
            ),
            Self::Approval => ("ApprovalNotFound", "The approval was not found."),
            Self::Stage => ("ApprovalStageNotFound", "The approval stage was not found."),
            Self::Resource => ("ResourceNotFound", "The resource was not found."),
            Self::ResourceRequest => (
                "AccessPackageResourceRequestNotFound",
                "The resource request was not found.",
            ),
            Self::RoleScope => (
                "AccessPackageResourceRoleScopeNotFound",
                "The resource role scope was not found.",
            ),
            Self::Environment => (
                "AccessPackageResourceEnvironmentNotFound",
                "The resource environment was not found.",
            ),
            Self::Extension => (
                "CustomExtensionNotFound",
                "The custom extension was not found.",
            ),
            Self::Organization => (
                "ConnectedOrganizationNotFound",
                "The connected organization was not found.",
            ),
            Self::Subject => (
                "AccessPackageSubjectNotFound",
                "The access package subject was not found.",
            ),
            Self::DirectoryObject => (
                "Request_ResourceNotFound",
                "Resource does not exist or one of its queried reference-property objects are not present.",
            ),
            Self::ReviewInstance => (
                "AccessReviewInstanceNotFound",
                "The access review instance was not found.",
            ),
            Self::ReviewStage => (
                "AccessReviewStageNotFound",
                "The access review stage was not found.",
            ),
            Self::ReviewDecision => (
                "AccessReviewDecisionNotFound",
                "The access review decision was not found.",
            ),
            Self::Reviewer => (
                "AccessReviewReviewerNotFound",
                "The access review reviewer was not found.",
            ),
            Self::ReviewHistory => (
                "AccessReviewHistoryDefinitionNotFound",
                "The access review history definition was not found.",
            ),
            Self::ReviewHistoryRun => (
                "AccessReviewHistoryInstanceNotFound",
                "The access review history instance was not found.",
            ),
        };
        Refusal::not_found(code, message)
    }
}
