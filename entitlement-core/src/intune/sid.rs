//! Names of people and groups on a Windows device.
//!
//! A device knows whoever is in its local groups by a [`Sid`]. People, groups and roles of Entra have one that follows
//! from their object id, so it need not be asked for:
//!
//! ```
//! use entitlement_core::intune::sid::Sid;
//!
//! let group = "21d05557-b7b6-418f-86fa-a3118d751be4".parse()?;
//! let sid = Sid::of_object(group);
//! assert_eq!(sid.as_str(), "S-1-12-1-567301463-1099937718-295959174-3827004813");
//! assert_eq!(sid.object_id(), Some(group));
//! assert_eq!("S-1-5-32-544".parse::<Sid>()?.object_id(), None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Devices add a SID without resolving it, so that a wrong one does nothing and says nothing: compare with the group's
//! `securityIdentifier` where there is doubt.

use std::fmt::{self, Display};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

/// A security identifier: `S-1-12-1-567301463-1099937718-295959174-3827004813`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sid(Box<str>);

/// The text is not a security identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a security identifier: write it like S-1-5-32-544")]
pub struct InvalidSid(Box<str>);

/// What the SIDs of Entra's objects begin with.
const ENTRA: &str = "S-1-12-1-";

impl Sid {
    /// The SID of a person, group or role of Entra: the four numbers of 32 bits in the object id, as a device reads them.
    pub fn of_object(id: Uuid) -> Self {
        let [a, b, c, d] = numbers(id.to_bytes_le());
        Self(format!("{ENTRA}{a}-{b}-{c}-{d}").into())
    }

    /// The object of Entra that is meant; `None` for accounts and groups of the device or of another directory.
    pub fn object_id(&self) -> Option<Uuid> {
        let mut bytes = [0; 16];
        let mut parts = self.0.strip_prefix(ENTRA)?.split('-');
        for place in bytes.chunks_exact_mut(4) {
            let number: u32 = parts.next()?.parse().ok()?;
            place.copy_from_slice(&number.to_le_bytes());
        }
        parts.next().is_none().then(|| Uuid::from_bytes_le(bytes))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn numbers(bytes: [u8; 16]) -> [u32; 4] {
    let whole = u128::from_le_bytes(bytes);
    [0, 32, 64, 96].map(|shift| {
        let low = (whole >> shift) & u128::from(u32::MAX);
        u32::try_from(low).unwrap_or_default()
    })
}

impl FromStr for Sid {
    type Err = InvalidSid;

    fn from_str(text: &str) -> Result<Self, InvalidSid> {
        let refused = || InvalidSid(text.into());
        let rest = text
            .strip_prefix("S-1-")
            .or_else(|| text.strip_prefix("s-1-"));
        let (authority, parts) = rest
            .and_then(|rest| rest.split_once('-'))
            .ok_or_else(refused)?;
        let parts: Vec<&str> = parts.split('-').collect();
        // Written out without signs and leading zeros, so that equal SIDs are equal texts.
        let is = |part: &str, most: u64| {
            let plain = part == "0" || !part.starts_with(['0', '+']);
            plain && part.parse::<u64>().is_ok_and(|number| number <= most)
        };
        let fine = is(authority, (1 << 48) - 1)
            && parts.len() <= 15
            && parts.iter().all(|part| is(part, u64::from(u32::MAX)));
        if !fine {
            return Err(refused());
        }
        Ok(Self(format!("S-1-{authority}-{}", parts.join("-")).into()))
    }
}

impl Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Serialize for Sid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Sid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn documented_pairs() {
        for (object, sid) in [
            (
                "21d05557-b7b6-418f-86fa-a3118d751be4",
                "S-1-12-1-567301463-1099937718-295959174-3827004813",
            ),
            (
                "f82d79af-1278-4894-ac01-d90e30875cf8",
                "S-1-12-1-4163729839-1217663608-249102764-4166813488",
            ),
            (
                "00112233-4455-6677-8899-aabbccddeeff",
                "S-1-12-1-1122867-1719092309-3148519816-4293844428",
            ),
            (
                "459bdb39-6a92-4493-aebf-0018b0b84972",
                "S-1-12-1-1167842105-1150511762-402702254-1917434032",
            ),
            (
                "502df398-d59c-469d-944f-34a50e60db3f",
                "S-1-12-1-1345188760-1184748956-2771668884-1071341582",
            ),
        ] {
            let object: Uuid = object.parse().unwrap();
            assert_eq!(Sid::of_object(object).as_str(), sid);
            assert_eq!(sid.parse::<Sid>().unwrap().object_id(), Some(object));
        }
    }

    #[test]
    fn only_sids_are_read() {
        for fine in ["S-1-5-32-544", "S-1-5-18", "s-1-5-21-1-2-3-500", "S-1-0-0"] {
            assert!(fine.parse::<Sid>().is_ok(), "{fine}");
        }
        for wrong in [
            "",
            "S-1",
            "S-1-5",
            "S-1-5-",
            "S-2-5-32",
            "S-1-5-032",
            "S-1-5-+3",
            "S-1-5-4294967296",
            "S-1-281474976710656-1",
            "Administrators",
            "S-1-5-32-544 ",
            "S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16",
        ] {
            assert!(wrong.parse::<Sid>().is_err(), "{wrong}");
        }
        let short: Sid = "S-1-12-1-1-2-3".parse().unwrap();
        let long: Sid = "S-1-12-1-1-2-3-4-5".parse().unwrap();
        assert_eq!((short.object_id(), long.object_id()), (None, None));
    }

    proptest! {
        #[test]
        fn every_object_has_a_sid_of_its_own(bytes in any::<[u8; 16]>()) {
            let object = Uuid::from_bytes(bytes);
            let sid = Sid::of_object(object);
            prop_assert_eq!(sid.object_id(), Some(object));
            prop_assert_eq!(sid.as_str().parse::<Sid>().unwrap(), sid.clone());
            let json = serde_json::to_string(&sid).unwrap();
            prop_assert_eq!(serde_json::from_str::<Sid>(&json).unwrap(), sid);
        }

        #[test]
        fn the_four_numbers_are_read_by_hand_too(bytes in any::<[u8; 16]>()) {
            let text = Uuid::from_bytes(bytes).simple().to_string();
            let number = |digits: &str| u32::from_str_radix(digits, 16).unwrap();
            let third_before_second = format!("{}{}", &text[12..16], &text[8..12]);
            let last = |at: usize| number(&text[at..at + 8]).swap_bytes();
            let by_hand = format!(
                "S-1-12-1-{}-{}-{}-{}",
                number(&text[..8]), number(&third_before_second), last(16), last(24)
            );
            let sid = Sid::of_object(Uuid::from_bytes(bytes));
            prop_assert_eq!(sid.as_str(), by_hand);
        }
    }
}
