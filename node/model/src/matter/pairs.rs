//! What becomes of two acts on one matter done apart: the second table of docs/concurrent-pairs.md. Written by hand from what
//! ought to be; a test asks the fold about every pair that can meet and compares.

use super::{Sort, event::Kind};
use crate::case::pairs::Pair;

/// Acts that change no state: they go with everything.
pub const FREE: &[Kind] = &[Kind::Noted, Kind::Linked, Kind::Settled, Kind::Pictured];

/// Acts that may be done several times, the last in the order shows.
const AGAIN: &[Kind] = &[Kind::Sorted, Kind::Assigned, Kind::Published, Kind::Explained];

/// What becomes of two concurrent acts on a matter of this sort. The same for (a, b) and (b, a).
#[must_use]
pub fn outcome(sort: Sort, a: Kind, b: Kind) -> Pair<Kind> {
    if a == b {
        let again = AGAIN.contains(&a) || (sort == Sort::Consult && a == Kind::Answered);
        let adds = matches!(a, Kind::Noted | Kind::Settled | Kind::Pictured);
        return if again || adds { Pair::Both } else { Pair::Once };
    }
    match (blocks(a, b), blocks(b, a)) {
        (true, true) => Pair::First,
        (true, false) => Pair::Blocks(a),
        (false, true) => Pair::Blocks(b),
        (false, false) => Pair::Both,
    }
}

/// Whether `first` leaves no room for `then`.
fn blocks(first: Kind, then: Kind) -> bool {
    if FREE.contains(&first) || FREE.contains(&then) {
        return false;
    }
    // it was handled by whom it was with
    (first == Kind::Handled && matches!(then, Kind::Sorted | Kind::Assigned))
        || (first == Kind::Closed && then != Kind::Reopened)
        || (first == Kind::Concluded && then == Kind::Explained)
}
