//! One suite for every backend: what entitlement management does, seen through the client only.
//!
//! A [`Backend`] says how to sign in and how time passes; [`conformance_tests!`](crate::conformance_tests) makes a
//! test of every function of this suite. The in-memory tenant is a backend, and so can be anything that claims to
//! answer like it.
//!
//! ```
//! # // In a test file of your own:
//! entitlement_mock::conformance_tests!(entitlement_mock::Tenant::new());
//! # fn main() {}
//! ```
//!
//! # A backend of your own
//!
//! Whoever writes a transport wants to know whether everything comes through. Put it between the client and a tenant,
//! and let the tenant do what happens outside of calls: people join, places go down, time passes. A server in front of
//! a tenant, or a simulator in another language, is tested in the same way. A function of the suite panics where the
//! backend does not do what the service does, and names the rule.
//!
//! ```
//! use async_trait::async_trait;
//! use entitlement_core::directory::{Group, ServicePrincipal, User};
//! use entitlement_core::entity::Id;
//! use entitlement_core::resource::{Resource, RoleOrigin};
//! use entitlement_core::time::IsoDuration;
//! use entitlement_graph::GraphClient;
//! use entitlement_graph::transport::{Request, Response, Transport, TransportError};
//! use entitlement_mock::conformance::Backend;
//! use entitlement_mock::{Session, Tenant};
//!
//! /// The transport to be tested.
//! #[derive(Debug)]
//! struct Mine<T>(T);
//!
//! #[async_trait]
//! impl<T: Transport> Transport for Mine<T> {
//!     async fn send(&self, request: Request) -> Result<Response, TransportError> {
//!         self.0.send(request).await
//!     }
//! }
//!
//! #[derive(Default)]
//! struct MyBackend {
//!     tenant: Tenant,
//! }
//!
//! impl MyBackend {
//!     /// A client over the transport, which waits on the tenant's clock.
//!     fn client(&self, session: Session) -> GraphClient {
//!         GraphClient::builder(Mine(session)).clock(self.tenant.clock().clone()).build()
//!     }
//! }
//!
//! impl Backend for MyBackend {
//!     fn admin(&self) -> GraphClient {
//!         self.client(self.tenant.app())
//!     }
//!     fn sign_in(&self, person: &Id<User>) -> GraphClient {
//!         self.client(self.tenant.user(person))
//!     }
//!     fn advance(&self, by: IsoDuration) {
//!         self.tenant.clock().advance(by);
//!     }
//!     fn join(&self, name: &str, manager: Option<&Id<User>>) -> Id<User> {
//!         self.tenant.join(name, manager)
//!     }
//!     fn join_guest(&self, name: &str) -> Id<User> {
//!         self.tenant.join_guest(name)
//!     }
//!     fn join_administrator(&self, name: &str) -> Id<User> {
//!         self.tenant.join_administrator(name)
//!     }
//!     fn application(&self, name: &str, roles: &[&str]) -> Id<ServicePrincipal> {
//!         Backend::application(&self.tenant, name, roles)
//!     }
//!     fn site(&self, name: &str, roles: &[&str]) -> String {
//!         Backend::site(&self.tenant, name, roles)
//!     }
//!     fn directory_role(&self, name: &str, is_privileged: bool) -> String {
//!         Backend::directory_role(&self.tenant, name, is_privileged)
//!     }
//!     fn dynamic_group(&self, name: &str) -> Id<Group> {
//!         self.tenant.dynamic_group(name)
//!     }
//!     fn take_down(&self, resource: &Id<Resource>) {
//!         self.tenant.take_down(resource);
//!     }
//!     fn bring_up(&self, resource: &Id<Resource>) {
//!         self.tenant.bring_up(resource);
//!     }
//!     fn holds(&self, person: &Id<User>, resource: &Id<Resource>, role: &RoleOrigin) -> bool {
//!         self.tenant.holds(person, resource, role)
//!     }
//! }
//!
//! // A test of every function of the suite, each on a backend of its own:
//! entitlement_mock::conformance_tests!(MyBackend::default());
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! // Or one function by itself:
//! entitlement_mock::conformance::setup::groups_have_members(&MyBackend::default()).await;
//! # }
//! ```

#![expect(
    clippy::missing_panics_doc,
    reason = "every function of the suite is a test: it panics when an expectation does not hold"
)]

pub mod access;
pub mod approvals;
mod asking;
pub mod assignments;
pub mod automatic;
mod backend;
pub mod batches;
pub mod bulk;
pub mod delivery;
pub mod edits;
pub mod ensuring;
pub mod expiry;
pub mod extension_settings;
pub mod extensions;
mod fixture;
pub mod group_review_definitions;
pub mod group_reviews;
pub mod guests;
pub mod lists;
pub mod managed;
pub mod names;
pub mod offers;
pub mod origins;
pub mod pages;
pub mod queries;
pub mod resources;
pub mod review_reports;
pub mod review_stages;
pub mod reviewed_policies;
pub mod reviews;
pub mod separation;
pub mod setup;
pub mod teardowns;
pub mod waits;

use std::pin::Pin;

pub use backend::Backend;

/// A function of the suite that is under way.
pub(crate) type Playing<'t> = Pin<Box<dyn Future<Output = ()> + 't>>;

/// Makes a test of every function of the suite, each on a backend of its own.
///
/// The expression is evaluated once a test; the crate that calls this needs `tokio` with the features `macros` and
/// `rt`.
#[macro_export]
macro_rules! conformance_tests {
    ($backend:expr) => {
        $crate::conformance_tests! { @each tests($backend) }
    };
    (@each $what:ident ($($backend:expr)?)) => {
        $crate::conformance_tests! { @$what ($($backend)?);
            setup::catalogs_are_made_changed_and_removed,
            setup::scenario_01_resources_and_roles,
            setup::scenario_02_approval_needs_stages,
            setup::policies_are_named_once_a_package_and_replaced_whole,
            setup::groups_have_members,
            approvals::scenario_03_from_request_to_membership,
            approvals::scenario_04_nobody_decides,
            approvals::scenario_05_escalation,
            assignments::scenario_06_packages_share_a_group,
            expiry::scenario_07_expiry_and_extension,
            assignments::scenario_09_a_held_package_stays,
            assignments::scenario_14_the_strongest_policy_counts,
            approvals::stages_run_in_order,
            approvals::managers_and_their_fallbacks_decide,
            assignments::a_scheduled_request_waits_for_its_start,
            approvals::requests_are_withdrawn,
            approvals::approvers_take_back_what_they_gave,
            assignments::administrators_assign_and_remove,
            expiry::ends_that_have_passed_are_ends,
            assignments::holders_gain_and_lose_what_the_package_grants,
            assignments::failed_delivery_is_repeated,
            access::people_do_not_administer,
            access::applications_are_nobody,
            access::requests_are_the_business_of_few,
            access::who_is_offered_what,
            access::a_refused_request_says_why,
            batches::calls_go_together,
            batches::calls_wait_for_each_other,
            batches::a_batch_has_the_rights_of_its_sender,
            batches::a_refused_batch_changes_nothing,
            bulk::people_are_assigned_and_removed,
            bulk::a_run_goes_on_where_it_stopped,
            bulk::open_requests_are_left_alone,
            queries::pages_follow_each_other,
            queries::p40_a_list_is_read_on_by_somebody_else,
            queries::filters_select,
            queries::expansions_nest,
            queries::selections_and_orders,
            queries::what_is_not_there_is_said,
            lists::collections_are_counted_and_cast,
            lists::things_are_found_by_every_key,
            lists::directory_objects_are_searched,
            lists::advanced_queries_need_their_header,
            lists::undocumented_queries_are_refused,
            lists::comparisons_are_of_one_kind,
            lists::states_are_found_as_they_change,
            pages::tokens_are_good_for_one_list,
            pages::lists_go_on_while_items_come_and_go,
            lists::linked_items_are_filtered_sorted_and_counted,
            edits::p10_what_was_read_whole_is_written_back,
            edits::p9_an_edit_changes_one_thing_and_keeps_the_rest,
            edits::p12_what_is_taken_away_is_gone,
            edits::nothing_changes_when_nothing_is_changed,
            edits::p9_edits_of_one_policy_do_not_erase_each_other,
            ensuring::p5_a_whole_shelf_is_made_once,
            ensuring::p5_what_differs_is_named_and_kept,
            ensuring::p6_many_at_once_make_one,
            ensuring::p1_an_unknown_group_is_waited_for,
            names::p21_people_are_found_by_their_whole_names,
            names::p22_names_stand_for_one_thing,
            names::p32_roles_are_found_by_name,
            reviews::scenario_11_a_quarterly_review,
            reviews::what_nobody_decides_is_kept,
            reviews::reviews_come_round,
            reviews::reviewers_decide_while_it_is_open,
            reviews::holders_review_themselves,
            reviews::what_has_ended_is_not_removed_again,
            reviewed_policies::edits_are_for_later_reviews,
            reviewed_policies::a_policy_cannot_lose_its_review,
            reviewed_policies::a_policy_that_is_gone_is_reviewed_no_more,
            group_reviews::a_review_is_decided_and_applied,
            group_reviews::defaults_are_filled_in_and_applied,
            group_reviews::many_are_decided_at_once,
            group_reviews::reviewers_are_changed_while_it_is_open,
            group_reviews::reviewers_find_their_reviews,
            group_reviews::recurring_reviews_come_round,
            group_review_definitions::reviews_are_written_whole,
            group_review_definitions::reviews_that_cannot_be_are_refused,
            group_review_definitions::scopes_select,
            review_stages::stages_follow_each_other,
            review_stages::stages_are_stopped,
            review_stages::earlier_decisions_are_shown_if_wanted,
            review_reports::reports_are_written_and_kept,
            teardowns::p39_a_package_goes_with_all_that_stands_in_its_way,
            teardowns::p39_a_teardown_goes_on_where_it_stopped,
            teardowns::p39_what_others_need_is_kept,
            teardowns::p39_open_requests_are_waited_for,
            separation::scenario_08_separation_of_duties,
            separation::incompatible_groups_and_the_reverse_list,
            separation::additional_access_is_reported,
            delivery::scenario_13_partial_delivery,
            delivery::short_outages_are_waited_out,
            delivery::removal_waits_for_the_resource_too,
            delivery::a_deleted_group_breaks_its_role_only,
            delivery::deleted_people_hold_packages_for_thirty_days,
            delivery::shared_roles_are_counted,
            origins::applications_grant_their_roles,
            origins::applications_without_roles_grant_access,
            origins::sites_grant_their_roles,
            origins::administrators_come_and_go,
            origins::directory_roles_are_granted,
            origins::groups_of_every_kind,
            resources::attributes_are_asked_for_written_and_cleared,
            resources::names_and_roles_are_refreshed,
            resources::scopes_roles_and_environments_are_listed,
            resources::applications_are_registered_and_known,
            offers::what_is_listed_to_whom,
            offers::packages_are_suggested,
            automatic::scenario_10_automatic_assignment,
            automatic::rules_that_are_none_are_refused,
            automatic::what_people_have_already_is_left_alone,
            automatic::people_go_with_the_rule,
            guests::scenario_15_a_guest_comes_and_goes,
            guests::people_belong_to_organizations,
            guests::sponsors_decide,
            guests::organizations_are_kept,
            guests::guests_stay_or_go_as_they_are_governed,
            extensions::scenario_12_an_extension_is_waited_for,
            extensions::requests_are_held_where_they_stand,
            extensions::what_does_not_answer_ends_the_request,
            extensions::an_extension_says_who_decides,
            extensions::extensions_know_of_the_end_before,
            extension_settings::catalogs_keep_extensions,
            waits::p8_a_request_is_followed_to_its_end,
            waits::p8_a_leftover_request_makes_way,
            waits::p7_failed_delivery_is_repeated_for_fourteen_days,
            waits::assignments_come_and_go,
            waits::what_is_removed_is_gone,
            managed::int_apps_are_published_before_they_are_assigned,
            managed::int_content_comes_in_its_order,
            managed::int_configurations_are_assigned_as_a_whole,
        }
    };
    (@tests ($backend:expr); $($module:ident :: $name:ident,)+) => {
        $(
            #[tokio::test]
            async fn $name() {
                $crate::conformance::$module::$name(&$backend).await;
            }
        )+
    };
    // Every function of the suite, on tenants.
    (@functions (); $($module:ident :: $name:ident,)+) => {
        [$({
            fn play(tenant: &$crate::Tenant) -> $crate::conformance::Playing<'_> {
                Box::pin($crate::conformance::$module::$name(tenant))
            }
            play as fn(&$crate::Tenant) -> $crate::conformance::Playing<'_>
        },)+]
    };
}
