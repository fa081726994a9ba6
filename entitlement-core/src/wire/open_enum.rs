//! Enums whose list of members belongs to the service: one may arrive that we do not know yet.

/// Declares an enum that reads any casing, writes the schema's spelling and keeps members from the future.
///
/// Spellings after `|` are read too: the service is not always of one mind.
macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident = $graph:literal {
        $($(#[$member_doc:meta])* $member:ident = $text:literal $(| $also:literal)*,)+
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$member_doc])* $member,)+
            /// A member that this version does not know; it is written back as it came.
            Unknown(Box<str>),
        }

        impl $name {
            #[doc = concat!("The enum's name in the Graph schema: `", $graph, "`.")]
            pub const TYPE: &'static str = $graph;
            /// The spelling of every member this version knows.
            pub const MEMBERS: &'static [&'static str] = &[$($text),+];

            /// The member as Graph spells it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$member => $text,)+
                    Self::Unknown(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $(if text.eq_ignore_ascii_case($text) $(|| text.eq_ignore_ascii_case($also))* {
                    return Self::$member;
                })+
                Self::Unknown(text.into())
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(text.into())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl From<$name> for $crate::odata::Literal {
            fn from(member: $name) -> Self {
                Self::String(member.as_str().to_owned())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::open_enum::deserialize(deserializer, $graph)
            }
        }
    };
}

pub(crate) use open_enum;

use std::fmt;
use std::marker::PhantomData;

use serde::de;

/// Reads the text of a member without allocating for those that are known.
pub(crate) fn deserialize<'de, T, D>(deserializer: D, name: &'static str) -> Result<T, D::Error>
where
    T: for<'a> From<&'a str>,
    D: serde::Deserializer<'de>,
{
    struct Member<T>(&'static str, PhantomData<T>);
    impl<T: for<'a> From<&'a str>> de::Visitor<'_> for Member<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "a member of {}, as a string", self.0)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            Ok(text.into())
        }
    }
    deserializer.deserialize_str(Member(name, PhantomData))
}
