use proptest::prelude::*;

use super::*;
use crate::{
    case::tests::support::{payload, stamp},
    history::tests::{bytes_are_golden, every_kind_comes_back},
    limit,
};

/// Fails if any kind does not come back as it went in.
#[test]
fn every_kind_comes_back_as_it_went_in() {
    assert!(Kind::ALL.iter().all(|kind| payload(*kind).kind() == *kind));
    every_kind_comes_back(Kind::ALL.iter().map(|kind| payload(*kind)));
}

/// Fails if the bytes of any kind change: they stand in documents for ever.
#[test]
fn the_bytes_are_those_of_version_1() {
    bytes_are_golden(Kind::ALL.iter().map(|kind| (kind.name(), payload(*kind))), "events-1.txt");
}

/// Fails if the format's page no longer lists what the code writes.
#[test]
fn the_page_lists_every_kind() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/formats/document.md");
    let page = std::fs::read_to_string(path).unwrap();
    let rows: String = Kind::ALL
        .iter()
        .map(|kind| {
            let fields: Vec<String> =
                kind.payload().iter().map(|(name, ty)| format!("{name} {}", ty.replace(' ', ""))).collect();
            format!(
                "| {} | {} {} | {} |\n",
                kind.number().unwrap(),
                kind.name(),
                kind.title(),
                fields.join(", ")
            )
        })
        .collect();
    let start = page.find("| kind | name | payload |").unwrap();
    let body = page[start..].find("| 1 |").map(|n| start + n).unwrap_or(page.len());
    let end = page[body..].find("\n\n").map_or(page.len(), |n| body + n + 1);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, format!("{}{rows}{}", &page[..body], &page[end..])).unwrap();
        return;
    }
    assert_eq!(&page[body..end], rows, "UPDATE=1 cargo test -p model writes the table");
}

/// Texts that stand in clear in events: none of them is typed. Whoever adds one says here where it comes from.
const CLEAR: &[(&str, &str)] = &[
    ("Received", "number"),      // minted
    ("Received", "item"),        // the catalogue's code
    ("Received", "scenario"),    // the item's id
    ("Received", "materials"),   // the item's ids
    ("Accepted", "principal"),   // the written authority's
    ("Accepted", "authority"),   // the written authority's
    ("OnBehalf", "principal"),   // the item's
    ("NoticePrinted", "gaps"),   // ids, see facts::is_gap
    ("SupplementAsked", "gaps"), // ids
    ("SupplementReceived", "gaps"),
    ("ConflictPicked", "name"), // a fact's or cell's name
    ("PromiseSigned", "materials"),
    ("DeferredSigned", "materials"),
    ("DeferredArrived", "materials"),
    ("HelpAsked", "fields"), // names of fields, see help::is_field
    ("HelpSaid", "fields"),
    ("PhotoAdded", "material"), // the item's id
    ("HelpSuggested", "field"),
    ("HelpTaken", "field"),
    ("ExemptVerified", "materials"),
    ("Packaged", "package"), // the township's code
];

/// Fails if a kind holds in clear what a clerk types: a name written into a "receiver" or a "list" would lie open on
/// every box, and no erasure would reach it.
#[test]
fn what_is_typed_is_a_sealed_cell() {
    let texts = Kind::ALL
        .iter()
        .flat_map(|kind| kind.payload().iter().map(move |(field, ty)| (kind.name(), *field, *ty)));
    let clear: Vec<(&str, &str)> =
        texts.filter(|(.., ty)| ty.contains("String")).map(|(kind, field, _)| (kind, field)).collect();
    assert_eq!(clear, CLEAR);
}

/// Fails if free text can enter an event's bytes unbounded.
#[test]
fn a_text_over_the_limit_is_not_encoded() {
    let what = What::from(ResultReady { paper: "长".repeat(limit::EVENT_TEXT), on: crate::Date::MAX });
    assert_eq!(Event { stamp: stamp(1), what }.encode(), None);
}

proptest! {
    /// Fails if any bytes at all make the decoder panic, or if two encodings mean the same event.
    #[test]
    fn any_bytes_are_refused_or_canonical(mut bytes in prop::collection::vec(any::<u8>(), 0..120), kind in 1u8..67) {
        if bytes.len() > 1 {
            bytes[0] = 1;
            bytes[1] = kind;
        }
        if let Ok(event) = Event::decode(&bytes) {
            prop_assert_eq!(event.encode(), Some(bytes));
        }
    }
}
