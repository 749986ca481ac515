//! What it takes to bring a catalogue in from a workbook: read it, compare it with what there is, write it durably.
//! `cargo bench -p web --bench import -- --items 500`; figures as JSON in `target/measure/import.json`. A centre on this
//! disk, every commit durable, as the page's own job does it.
#![expect(clippy::expect_used, reason = "a bench that cannot measure stops")]
#![expect(clippy::disallowed_methods, reason = "this is where time is measured")]
#![expect(clippy::print_stdout, reason = "its figures")]

use app::authoring::Landing;
use app::testing::{MONDAY, TestClock, clerk, township};
use model::item::Version;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;
use std::{env, fs, process};
use store::{DiskFolder, Folder as _, RedbEngine};

fn items() -> Result<usize, lexopt::Error> {
    use lexopt::prelude::*;
    let mut items = 500;
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("items") => items = parser.value()?.parse()?,
            Long("bench") => {}
            other @ (Short(_) | Long(_) | Value(_)) => return Err(other.unexpected()),
        }
    }
    Ok(items)
}

fn main() {
    let items = items().unwrap_or_else(|error| {
        println!("{error}");
        process::exit(2);
    });
    let target = env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    let folder = target.join("measure/import");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    let disk = DiskFolder::at(folder.clone()).expect("a folder");
    let space = store::free_space::DiskSpace::of(folder.clone());
    let engine = RedbEngine::create(disk.backend("import", true).expect("a file"), Box::new(space))
        .expect("a database");
    let centre = township(0, 5).start(0, Arc::new(engine), TestClock::at(MONDAY), 1);
    let sample = model::catalogue::sample().expect("the sample");
    let sample: Vec<&Version> = sample.items().flat_map(|item| &item.versions).collect();
    let all: Vec<Version> = (0..items)
        .zip(sample.iter().cycle())
        .map(|(number, version)| Version { code: format!("{}-{number}", version.code), ..(*version).clone() })
        .collect();
    let bytes = sheets::export(&all.iter().collect::<Vec<_>>(), centre.today()).expect("a workbook");
    let begun = Instant::now();
    let book = sheets::import(&bytes, centre.today(), &|_, _| ()).expect("a workbook");
    assert!(book.errors.is_empty() && book.versions.len() == items, "every item is read");
    let read = begun.elapsed().as_secs_f64();
    let planned = centre.plan_landing(&book.versions).expect("a plan");
    assert_eq!(planned.len(), items);
    let landing = Landing::Publish {
        effective: Some(centre.today()),
        note: "换年".to_owned(),
        despite: true,
        why: "示例".to_owned(),
    };
    let landed = centre.land_items(&clerk(), Arc::new(book.versions), landing, Arc::new(AtomicUsize::new(0)));
    assert_eq!(landed.expect("all land"), items);
    let seconds = begun.elapsed().as_secs_f64();
    let figures =
        serde_json::json!({ "items": items, "bytes": bytes.len(), "read_seconds": read, "seconds": seconds });
    let text = serde_json::to_string_pretty(&figures).expect("figures are JSON");
    fs::write(target.join("measure/import.json"), &text).expect("the figures are written");
    drop(centre);
    let _ = fs::remove_dir_all(&folder);
    println!("{text}");
}
