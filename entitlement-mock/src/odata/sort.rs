//! Puts items in the order that `$orderby` asks for.

use std::cmp::Ordering;

use entitlement_core::odata::{Direction, OrderBy};

use super::datum::Datum;
use super::eval::Properties;
use crate::router::refusal::Refusal;
use crate::view::{Item, View};

/// Sorts items; equal ones keep their order.
pub(super) fn sort(
    view: View<'_>,
    items: &mut [Item],
    order_by: &[OrderBy],
) -> Result<(), Refusal> {
    if order_by.is_empty() {
        return Ok(());
    }
    let mut keyed = Vec::with_capacity(items.len());
    for item in items.iter() {
        let properties = view.properties(*item);
        let keys: Result<Vec<Datum<'_>>, Refusal> = order_by
            .iter()
            .map(|order| {
                let segments: Vec<&str> = order.path().segments().collect();
                let value = properties.value(&segments);
                value
                    .map(Datum::from)
                    .ok_or_else(|| Refusal::no_property(order.path().as_str(), item.type_name()))
            })
            .collect();
        keyed.push((keys?, *item));
    }
    keyed.sort_by(|(left, _), (right, _)| {
        order_by
            .iter()
            .zip(left.iter().zip(right))
            .map(|(order, (left, right))| {
                let ordering = nulls_first(left, right);
                if order.direction() == Direction::Descending {
                    ordering.reverse()
                } else {
                    ordering
                }
            })
            .find(|ordering| ordering.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    for (place, (_, item)) in items.iter_mut().zip(keyed) {
        *place = item;
    }
    Ok(())
}

fn nulls_first(left: &Datum<'_>, right: &Datum<'_>) -> Ordering {
    match (left.is_null(), right.is_null()) {
        (false, false) => left.order(right).unwrap_or(Ordering::Equal),
        (left, right) => right.cmp(&left),
    }
}
