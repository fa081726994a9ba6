//! How properties are declared, and listed.

/// A property that has a constant on its entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Declared {
    /// The entity's name in the Graph schema: `accessPackage`.
    pub entity: &'static str,
    /// The property's path: `displayName`.
    pub path: &'static str,
    /// What it holds, or what it leads to: `String`.
    pub holds: &'static str,
    /// Whether it is a link, which is sent only with `$expand`.
    pub is_link: bool,
}

/// Declares properties: `NAME: Type` holds a value, `NAME -> Entity` leads to one entity, `NAME => Entity` to many.
macro_rules! properties {
    ($($entity:ident = $graph:literal {
        $($name:ident $(-> $one:ident)? $(=> $many:ident)? $(: $value:ty)? = $path:literal;)+
    })+) => {
        $(
            /// Properties for queries.
            impl $entity {
                $(
                    $(
                        #[doc = concat!("`", $path, "`.")]
                        pub const $name: Property<$entity, $value> = Property::new($path);
                    )?
                    $(
                        #[doc = concat!("The link `", $path, "`, to one.")]
                        pub const $name: ToOne<$entity, $one> = ToOne::new($path);
                    )?
                    $(
                        #[doc = concat!("The link `", $path, "`, to many.")]
                        pub const $name: ToMany<$entity, $many> = ToMany::new($path);
                    )?
                )+
            }
        )+

        /// What is declared above.
        pub(super) const DECLARED: &[Declared] = &[$($(
            Declared {
                entity: $graph,
                path: $path,
                holds: concat!($(stringify!($value))? $(stringify!($one))? $(stringify!($many))?),
                is_link: concat!($(stringify!($one))? $(stringify!($many))?).len() > 0,
            },
        )+)+];
    };
}

pub(super) use properties;
