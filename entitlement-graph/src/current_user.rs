//! Collections narrowed to what concerns the person who is signed in (`filterByCurrentUser`).
//!
//! ```
//! # use entitlement_graph::GraphClient;
//! # use entitlement_graph::entitlement::{RequestsOn, SuggestionsOn};
//! # async fn example(me: &GraphClient) -> Result<(), entitlement_graph::Error> {
//! let to_decide = me.entitlement().requests().filter_by_current_user(RequestsOn::Approver).try_collect().await?;
//! let ideas = me.entitlement().suggestions();
//! let ideas = ideas.filter_by_current_user(SuggestionsOn::RelatedPeople | SuggestionsOn::AssignmentHistory);
//! # Ok(())
//! # }
//! ```

use entitlement_core::entity::Entity;
use entitlement_core::odata::Query;
use entitlement_core::query::QueryOf;

use crate::collection::Collection;
use crate::paging::Pager;

/// An entity whose collection can be narrowed to what concerns the caller.
pub trait CurrentUserView: Entity {
    /// The ways in which one can concern the caller.
    type On: Copy;

    /// The option as Graph spells it.
    fn option(on: Self::On) -> &'static str;
}

impl<E: CurrentUserView> Collection<E> {
    /// Those that concern the person who is signed in; not for applications.
    pub fn filter_by_current_user(&self, on: E::On) -> Pager<E> {
        self.filter_by_current_user_with(on, Query::new())
    }

    /// The same with query options.
    pub fn filter_by_current_user_with(&self, on: E::On, query: impl Into<QueryOf<E>>) -> Pager<E> {
        let path = self
            .path()
            .function("filterByCurrentUser", &[("on", E::option(on))]);
        self.pages(path, query.into().into())
    }
}

/// Declares the options of one entity.
macro_rules! view {
    ($(#[$doc:meta])* $name:ident of $entity:ty {
        $($(#[$option_doc:meta])* $option:ident = $text:literal,)+
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$option_doc])* $option,)+
        }

        impl $crate::current_user::CurrentUserView for $entity {
            type On = $name;

            fn option(on: $name) -> &'static str {
                match on {
                    $($name::$option => $text,)+
                }
            }
        }
    };
}

pub(crate) use view;
