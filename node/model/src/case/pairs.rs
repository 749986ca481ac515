//! What becomes of two acts done apart, on boxes that did not know of each other: the table of docs/concurrent-pairs.md.
//!
//! Written by hand from what ought to be; a test asks the fold about every pair that can meet and compares.

use super::event::Kind;

/// What becomes of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pair<K = Kind> {
    /// Both take effect, in either order.
    Both,
    /// The same act twice: the second says it again, harmless.
    Once,
    /// The first in the order takes effect, the other is an anomaly for a person to settle.
    First,
    /// Where this kind comes first, the other is an anomaly; the other way round both take effect.
    Blocks(K),
}

/// Acts that change no state: they go with everything.
pub const FREE: &[Kind] = &[
    Kind::Transcribed,
    Kind::ConflictPicked,
    Kind::Settled,
    Kind::Noted,
    Kind::RatingLinked,
    Kind::Inquired,
    Kind::PhotoAdded,
    Kind::PhotoMarked,
    Kind::TwinAnswered,
    Kind::TwinSettled,
    Kind::Packaged,
    Kind::BroughtBack,
    Kind::HelpAsked,
    Kind::HelpSaid,
    Kind::HelpSuggested,
    Kind::HelpTaken,
    Kind::HelpDeclined,
    Kind::HelpClosed,
];

/// Acts that end a case.
pub const ENDS: &[Kind] =
    &[Kind::FedBack, Kind::Approved, Kind::NotAccepted, Kind::Refused, Kind::Returned, Kind::Withdrawn];

/// Acts that may follow an end: papers still move, the result still goes out.
const AFTER_END: &[Kind] = &[
    Kind::HandedOver,
    Kind::DeferredArrived,
    Kind::Paid,
    Kind::ResultReady,
    Kind::Delivered,
    Kind::PromiseChecked,
    Kind::ExemptVerified,
    Kind::Revoked,
    Kind::BarLifted,
    Kind::Archived,
    Kind::ShelfMoved,
    Kind::RetentionProlonged,
    Kind::Sealed,
    Kind::SealOpened,
    Kind::Unsealed,
];

/// Acts of which each is a paper or a day that counts, so a second one is no repetition but a question.
const UNIQUE: &[Kind] = &[
    Kind::Received,
    Kind::Accepted,
    Kind::OnBehalf,
    Kind::SupplementAsked,
    Kind::SpecialStarted,
    Kind::ExtensionApproved,
    Kind::ReportedUp,
    Kind::Delivered,
    Kind::Archived,
];

/// Acts that may be done several times, each time anew.
const AGAIN: &[Kind] = &[
    Kind::NoticePrinted,
    Kind::PromiseSigned,
    Kind::DeferredSigned,
    Kind::PhotoDropped,
    Kind::ExemptVerified,
    Kind::ShelfMoved,
    Kind::RetentionProlonged,
    Kind::SealOpened,
];

/// What becomes of two concurrent acts. The same for (a, b) and (b, a).
#[must_use]
pub fn outcome(a: Kind, b: Kind) -> Pair {
    if a == b {
        return match (FREE.contains(&a) || AGAIN.contains(&a), UNIQUE.contains(&a)) {
            (true, _) => Pair::Both,
            (false, true) => Pair::First,
            (false, false) => Pair::Once,
        };
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
    if ENDS.contains(&first) {
        return !AFTER_END.contains(&then);
    }
    // a case's photos only grow
    if first == Kind::Received {
        return then == Kind::PhotoDropped;
    }
    // nothing of a decision that was taken back goes out
    if first == Kind::Revoked {
        return matches!(then, Kind::Paid | Kind::ResultReady | Kind::Delivered);
    }
    // a filed case changes only by addition
    if first == Kind::Archived {
        return matches!(
            then,
            Kind::HandedOver
                | Kind::DeferredArrived
                | Kind::Paid
                | Kind::ResultReady
                | Kind::Delivered
                | Kind::PromiseChecked
                | Kind::ExemptVerified
        );
    }
    // two papers about one beginning
    if first == Kind::Accepted {
        return matches!(then, Kind::OnBehalf | Kind::NotAccepted | Kind::NoticePrinted | Kind::Deemed);
    }
    if first == Kind::OnBehalf {
        return matches!(then, Kind::Accepted | Kind::Deemed);
    }
    // gaps told in time and 视为受理 exclude each other
    if first == Kind::Deemed {
        return matches!(then, Kind::OnBehalf | Kind::NotAccepted | Kind::NoticePrinted);
    }
    if first == Kind::NoticePrinted {
        return then == Kind::Deemed;
    }
    // one answer to one request
    if matches!(first, Kind::ExtensionApproved | Kind::ExtensionDeclined) {
        return first != then && matches!(then, Kind::ExtensionApproved | Kind::ExtensionDeclined);
    }
    // the clock stands still: nothing is decided or sent on
    let stops = matches!(first, Kind::SupplementAsked | Kind::SpecialStarted);
    stops
        && matches!(
            then,
            Kind::Accepted
                | Kind::OnBehalf
                | Kind::NotAccepted
                | Kind::SupplementAsked
                | Kind::SpecialStarted
                | Kind::FirstReviewed
                | Kind::ReportedUp
                | Kind::Approved
                | Kind::Refused
        )
}
