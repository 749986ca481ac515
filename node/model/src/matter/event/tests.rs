use super::*;
use crate::{case::tests::support::stamp, matter::tests::payload, record::OpId};

/// Fails if any kind does not come back as it went in, or half an event is read.
#[test]
fn every_kind_comes_back() {
    for kind in Kind::ALL {
        let mut stamp = stamp(2308);
        stamp.reissue = Some(OpId { lamport: 7, actor: [9; 16] });
        let event = Event { stamp, what: payload(*kind) };
        assert_eq!(event.what.kind(), *kind);
        let bytes = event.encode().unwrap();
        assert_eq!(Event::decode(&bytes), Ok(event));
        assert!((0..bytes.len()).all(|cut| Event::decode(&bytes[..cut]).is_err()));
    }
}

/// Fails if the bytes of any kind change: they stand in documents for ever.
#[test]
fn the_bytes_are_those_of_version_1() {
    let mut golden = String::new();
    for kind in Kind::ALL {
        let bytes = Event { stamp: stamp(2308), what: payload(*kind) }.encode().unwrap();
        let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        golden += &format!("{} {} {hex}\n", kind.number().unwrap(), kind.name());
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/matter-events-1.txt");
    if std::env::var_os("UPDATE").is_some() && !std::path::Path::new(path).exists() {
        std::fs::write(path, &golden).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), golden);
}

/// Fails if the format's page no longer lists what the code writes.
#[test]
fn the_page_lists_every_kind() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/formats/matter.md");
    let page = std::fs::read_to_string(path).unwrap();
    let row = |kind: &Kind| {
        let fields: Vec<String> =
            kind.payload().iter().map(|(name, ty)| format!("{name} {}", ty.replace(' ', ""))).collect();
        let number = kind.number().unwrap();
        format!("| {number} | {} {} | {} |\n", kind.name(), kind.title(), fields.join(", "))
    };
    let rows: String = Kind::ALL.iter().map(row).collect();
    assert!(page.contains(&rows), "docs/formats/matter.md must hold\n{rows}");
}
