//! What every case is judged by: catalogue, authorities, profiles, calendar. Documents of the centre (profiles: of each
//! station), kept in memory because every page asks for them.

mod held;
#[cfg(test)]
mod tests;

pub(crate) use held::Held;

use crate::authoring::Deed;
use crate::commit::{Change, Job, Said};
use crate::office::Office;
use crate::{ActError, Node, Who, views};
use identity::{Audience, Lane, StationNo};
use model::authority::{self, Authority, Standing};
use model::calendar::{Calendar, Published};
use model::catalogue::Catalogue;
use model::catalogue::check::{Severity, check};
use model::catalogue::package::{Package, Packages};
use model::item::{ItemRef, Version};
use model::record::{Edit, Record, Value};
use model::station::Profile;
use model::{FieldErrors, Refusal};
use records::{DocId, DocKind, DocRef, Document, SeedBook};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::documents;
use store::engine::ReadTx;

/// Fact that holds an authority's or a profile's JSON.
const JSON: &str = "json";
/// Facts `v/1`, `v/2` … hold an item's versions as JSON.
pub(crate) const VERSION: &str = "v/";
/// Facts `p/1`, `p/2` …: by whom and why a version was published.
pub(crate) const PUBLISHED: &str = "p/";
/// Facts `x/1`, `x/2` …: by whom and why the item was retired when it had so many versions.
pub(crate) const RETIRED: &str = "x/";
/// Facts `n/1`, `n/2` … of a calendar hold a year's notices as JSON, `h/1`, `h/2` … the limits for handing over.
pub(crate) const NOTICE: &str = "n/";
pub(crate) const HAND_OVER: &str = "h/";

/// What is in force on this box.
#[derive(Debug, Default)]
pub struct Reference {
    /// Items with all their versions.
    pub catalogue: Catalogue,
    /// Packages with all their versions.
    pub packages: Packages,
    /// What was published and retired, by item code, the oldest first.
    pub deeds: BTreeMap<String, Vec<Deed>>,
    /// Written powers of all stations.
    pub authorities: Vec<Authority>,
    /// Profiles by station number.
    pub profiles: BTreeMap<u16, Profile>,
    /// Working days, and the township's own limits.
    pub calendar: Calendar,
    /// Windows, who is away, norms, the township's own limits.
    pub office: Office,
    /// Every notice that was published, by year, the last of each year in force.
    pub notices: Vec<Published>,
    /// Every limit for handing over that was set, the last in force.
    pub hand_overs: Vec<HandOver>,
}

impl Reference {
    /// How a station stands towards an item today.
    #[must_use]
    pub fn standing(&self, version: &Version, station: u16, today: model::Date) -> Standing {
        authority::decide(version, &self.authorities, station, today)
    }

    /// An item version, wherever it is known.
    #[must_use]
    pub fn version(&self, of: Option<&ItemRef>) -> Option<&Version> {
        self.catalogue.version(of?)
    }
}

/// The township's limit for handing over what was taken on somebody's behalf, as it was set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// Working days.
    pub days: u16,
    /// Name of the clerk.
    pub by: String,
    /// When, seconds since 1970, UTC.
    pub wall: i64,
}

/// The id of a reference document follows from its name, so that publishing twice makes no second one.
pub(crate) fn named(kind: DocKind, name: &str) -> DocRef {
    let hash = canon::hash("reference", |w| {
        w.u8(kind.number()).str(name);
    });
    let mut id = [0; 16];
    id.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    DocRef { id: DocId(id), kind }
}

pub(crate) fn text_facts<'r>(record: &'r Record, prefix: &'r str) -> impl Iterator<Item = &'r str> {
    let named = record.facts.iter().filter(move |(name, _)| name.starts_with(prefix));
    named.filter_map(|(_, candidates)| match candidates.last().map(|last| &last.value) {
        Some(Value::Text(text)) => Some(text.as_str()),
        _ => None,
    })
}

/// Reads everything of reference kind from the disk.
pub(crate) fn load<R: ReadTx + ?Sized>(tx: &R) -> Result<Reference, ActError> {
    let mut versions: Vec<Version> = Vec::new();
    let mut reference = Reference::default();
    let mut packages = Vec::new();
    for kind in [DocKind::Item, DocKind::Authority, DocKind::Station, DocKind::Calendar, DocKind::Package] {
        for id in views::of_kind(tx, kind)? {
            let Some(stored) = documents::get(tx, &id)? else { continue };
            let document = Document::load(DocRef { id: DocId(id), kind }, &stored.saved)?;
            let record = records::read(&document, &SeedBook::new());
            match kind {
                DocKind::Item => read_item(&record, &mut versions, &mut reference.deeds),
                DocKind::Authority => reference.authorities.extend(parse(text_facts(&record, JSON))),
                DocKind::Station => {
                    reference.office.take(&record);
                    let profiles = parse::<Profile>(text_facts(&record, JSON));
                    reference.profiles.extend(profiles.map(|profile| (profile.number, profile)));
                }
                DocKind::Calendar => {
                    reference.notices.extend(parse(numbered(&record, NOTICE).into_iter()));
                    reference.hand_overs.extend(parse(numbered(&record, HAND_OVER).into_iter()));
                }
                DocKind::Package => packages.extend(read_package(&record)),
                DocKind::Case | DocKind::Notice | DocKind::Staff | DocKind::Matter | DocKind::Erasure => {}
            }
        }
    }
    reference.catalogue = Catalogue::new(versions);
    reference.packages = Packages::new(packages);
    // the sort keeps the order of each year
    reference.notices.sort_by_key(|published: &Published| published.notice.year);
    for published in &reference.notices {
        reference.calendar = std::mem::take(&mut reference.calendar).with(published.notice.clone());
    }
    if let Some(set) = reference.hand_overs.last() {
        reference.calendar = std::mem::take(&mut reference.calendar).with_hand_over(set.days);
    }
    Ok(reference)
}

fn read_item(record: &Record, versions: &mut Vec<Version>, deeds: &mut BTreeMap<String, Vec<Deed>>) {
    let mut own: Vec<Version> = parse(text_facts(record, VERSION)).collect();
    let published = parse(text_facts(record, PUBLISHED)).map(|deed| Deed { retires: false, ..deed });
    let retired: Vec<Deed> =
        parse(text_facts(record, RETIRED)).map(|deed: Deed| Deed { retires: true, ..deed }).collect();
    for version in &mut own {
        // whoever retires an item ends all versions it has by then
        let ends = retired.iter().filter(|deed| deed.version >= version.version).map(|deed| deed.on);
        version.retired = ends.chain(version.retired).min();
    }
    if let Some(code) = own.first().map(|version| version.code.clone()) {
        let mut told: Vec<Deed> = published.chain(retired).collect();
        told.sort_by_key(|deed| (deed.at, deed.version));
        deeds.insert(code, told);
    }
    versions.extend(own);
}

/// The versions of a package; whoever retires it ends all that it has by then.
fn read_package(record: &Record) -> Vec<Package> {
    let mut own: Vec<Package> = parse(text_facts(record, VERSION)).collect();
    let retired: Vec<Deed> = parse(text_facts(record, RETIRED)).collect();
    for version in &mut own {
        let ends = retired.iter().filter(|deed| deed.version >= version.version).map(|deed| deed.on);
        version.retired = ends.chain(version.retired).min();
    }
    own
}

/// The texts of facts `n/1`, `n/2` …, in the order of their numbers.
fn numbered<'r>(record: &'r Record, prefix: &str) -> Vec<&'r str> {
    let named = record.facts.iter().filter_map(|(name, candidates)| {
        let number: u32 = name.strip_prefix(prefix)?.parse().ok()?;
        match candidates.last().map(|last| &last.value) {
            Some(Value::Text(text)) => Some((number, text.as_str())),
            _ => None,
        }
    });
    let sorted: BTreeMap<u32, &str> = named.collect();
    sorted.into_values().collect()
}

pub(crate) fn parse<'t, T: serde::de::DeserializeOwned>(
    texts: impl Iterator<Item = &'t str>,
) -> impl Iterator<Item = T> {
    texts.filter_map(|text| match serde_json::from_str(text) {
        Ok(value) => Some(value),
        Err(error) => {
            tracing::error!(%error, "a reference document of an unknown shape is left out");
            None
        }
    })
}

/// What keeps versions from being published, each by its item's name and field.
fn refused(versions: &[Version]) -> FieldErrors {
    let mut faults = FieldErrors::default();
    for version in versions {
        for finding in check(version).into_iter().filter(|finding| finding.severity == Severity::Refuse) {
            let label = format!("{} {}", version.name, finding.field);
            faults.add(version.code.clone(), label, format!("{}：{}", finding.field, finding.words));
        }
    }
    faults
}

impl Node {
    /// What is in force now.
    #[must_use]
    pub fn reference(&self) -> Arc<Reference> {
        self.held_reference()
    }

    /// This box's profile; its name from the membership list alone where none has been set.
    #[must_use]
    pub fn profile(&self, station: u16) -> Profile {
        if let Some(profile) = self.reference().profiles.get(&station) {
            return profile.clone();
        }
        let membership = self.membership();
        let member =
            StationNo::new(u64::from(station)).and_then(|number| membership.station(number).cloned());
        Profile {
            number: station,
            name: member.as_ref().map(|member| member.name.clone()).unwrap_or_default(),
            division: member.map(|member| member.division).unwrap_or_default(),
            township: String::new(),
            county: String::new(),
            address: String::new(),
            phone: String::new(),
            hours: String::new(),
        }
    }

    /// Publishes item versions, all or none. A version that stands already is left alone.
    ///
    /// # Errors
    /// On a station, when a version has a fault that keeps it from being published (see [`model::catalogue::check`]), or
    /// when the disk says no.
    pub fn publish_items(&self, who: &Who, versions: Vec<Version>) -> Result<(), ActError> {
        let faults = refused(&versions);
        if !faults.is_empty() {
            return Err(Refusal::fields(faults).into());
        }
        let changes = versions.iter().map(|version| {
            let text = serde_json::to_string(version).map_err(|_| ActError::Damaged("item"))?;
            Ok((named(DocKind::Item, &version.code), format!("{VERSION}{}", version.version), text))
        });
        self.publish(who, "发布事项", changes.collect::<Result<_, ActError>>()?, Lane::CATALOGUE)
    }

    /// Publishes authorities, all or none; one with the same document number is replaced.
    ///
    /// # Errors
    /// On a station, or when the disk says no.
    pub fn publish_authorities(&self, who: &Who, authorities: &[Authority]) -> Result<(), ActError> {
        let changes = authorities.iter().map(|authority| {
            let text = serde_json::to_string(authority).map_err(|_| ActError::Damaged("authority"))?;
            let name = format!("{}/{}", authority.station, authority.document);
            Ok((named(DocKind::Authority, &name), JSON.to_owned(), text))
        });
        self.publish(who, "发布受理权限", changes.collect::<Result<_, ActError>>()?, Lane::CATALOGUE)
    }

    /// Sets this box's own profile.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn set_profile(&self, who: &Who, profile: &Profile) -> Result<(), ActError> {
        let text = serde_json::to_string(profile).map_err(|_| ActError::Damaged("profile"))?;
        let at = named(DocKind::Station, &self.station().0.to_string());
        self.write_reference(who, "修改站点资料", vec![(at, JSON.to_owned(), text)], Lane::OTHER)
    }

    fn publish(
        &self,
        who: &Who,
        act: &'static str,
        changes: Vec<(DocRef, String, String)>,
        lane: Lane,
    ) -> Result<(), ActError> {
        if !self.is_centre() {
            return Err(Refusal::because("事项和权限由镇中心发布，村站不能改。").into());
        }
        self.write_reference(who, act, changes, lane)
    }

    fn write_reference(
        &self,
        who: &Who,
        act: &'static str,
        changes: Vec<(DocRef, String, String)>,
        lane: Lane,
    ) -> Result<(), ActError> {
        let who = who.clone();
        self.commit(move |job: &mut Job<'_>| {
            for (at, name, text) in changes {
                let mut edit = Edit::default();
                edit.facts.insert(name, Some(Value::Text(text)));
                let opened = job.open(at)?;
                job.write(opened, &Change { edit, audiences: vec![Audience::All], lane })?;
            }
            job.audit(&who, &Said::new(act), None)
        })
    }
}
