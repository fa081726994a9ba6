//! Which of some names somebody may have meant.

/// The name that is nearest to what was written, if one is near enough to have been meant.
pub(crate) fn nearest<'n>(
    written: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
    let near = names.into_iter().filter_map(|name| {
        let distance = distance(written, name)?;
        Some((distance, name))
    });
    // The first one of those that are equally near.
    let best = near.reduce(|best, next| if next.0 < best.0 { next } else { best });
    best.map(|(_, name)| name)
}

/// What to say about a name that is none of these: the one that was meant, or all of them if they are few.
pub(crate) fn suggest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match nearest(written, names.iter().copied()) {
        Some(name) => format!("did you mean {name}, not {written}?"),
        None if names.is_empty() => "there is nothing that could stand here".to_owned(),
        None => format!("known here are: {}", names.join(", ")),
    }
}

/// Whether one name may be another one, misspelled.
pub(crate) fn is_near(written: &str, name: &str) -> bool {
    distance(written, name).is_some()
}

/// How far two names are from each other, unless they are too far apart to be mistaken for each other.
fn distance(written: &str, name: &str) -> Option<usize> {
    /// Shorter names stand in too many others to mean one of them.
    const TELLING: usize = 4;
    /// What is longer than any name by this is none, and not worth comparing.
    const ODD: usize = 24;
    if written.len().abs_diff(name.len()) > ODD {
        return None;
    }
    let (written, name) = (written.to_lowercase(), name.to_lowercase());
    let distance = strsim::osa_distance(&written, &name);
    let (short, long) = if written.len() < name.len() {
        (&written, &name)
    } else {
        (&name, &written)
    };
    let is_part = short.len() >= TELLING && (long.starts_with(short) || long.ends_with(short));
    (is_part || distance <= long.len() / 4).then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_is_what_may_have_been_meant() {
        let names = ["id", "displayName", "description", "isHidden", "state"];
        for (written, meant) in [
            ("displayname", Some("displayName")),
            ("dispalyName", Some("displayName")),
            ("name", Some("displayName")),
            ("hidden", Some("isHidden")),
            ("stat", Some("state")),
            ("colour", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, names), meant, "{written}");
        }
        assert_eq!(nearest("displayName".repeat(1000).as_str(), names), None);
        assert_eq!(suggest("x", []), "there is nothing that could stand here");
    }
}
