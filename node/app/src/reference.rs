//! What every case is judged by: catalogue, authorities, profiles, calendar. Documents of the centre (profiles: of each
//! station), kept in memory because every page asks for them.

use crate::commit::{Change, Job, Said};
use crate::office::Office;
use crate::{ActError, Node, Who, views};
use identity::{Audience, Lane, StationNo};
use model::authority::{self, Authority, Standing};
use model::calendar::Calendar;
use model::catalogue::Catalogue;
use model::item::{ItemRef, Version};
use model::record::{Edit, Record, Value};
use model::station::Profile;
use records::{DocId, DocKind, DocRef, Document, SeedBook};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::documents;
use store::engine::ReadTx;

/// Fact that holds an authority's or a profile's JSON.
const JSON: &str = "json";
/// Facts `v/1`, `v/2` … hold an item's versions as JSON.
const VERSION: &str = "v/";

/// What is in force on this box.
#[derive(Debug, Default)]
pub struct Reference {
    /// Items with all their versions.
    pub catalogue: Catalogue,
    /// Written powers of all stations.
    pub authorities: Vec<Authority>,
    /// Profiles by station number.
    pub profiles: BTreeMap<u16, Profile>,
    /// Working days.
    pub calendar: Calendar,
    /// Windows, who is away, norms, the township's own limits.
    pub office: Office,
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
    for kind in [DocKind::Item, DocKind::Authority, DocKind::Station] {
        for id in views::of_kind(tx, kind)? {
            let Some(stored) = documents::get(tx, &id)? else { continue };
            let document = Document::load(DocRef { id: DocId(id), kind }, &stored.saved)?;
            let record = records::read(&document, &SeedBook::new());
            match kind {
                DocKind::Item => versions.extend(parse(text_facts(&record, VERSION))),
                DocKind::Authority => reference.authorities.extend(parse(text_facts(&record, JSON))),
                DocKind::Station => {
                    reference.office.take(&record);
                    let profiles = parse::<Profile>(text_facts(&record, JSON));
                    reference.profiles.extend(profiles.map(|profile| (profile.number, profile)));
                }
                DocKind::Case | DocKind::Notice | DocKind::Calendar | DocKind::Staff | DocKind::Matter => {}
            }
        }
    }
    reference.catalogue = Catalogue::new(versions);
    Ok(reference)
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
    /// On a station, or when the disk says no.
    pub fn publish_items(&self, who: &Who, versions: Vec<Version>) -> Result<(), ActError> {
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
            return Err(model::Refusal::because("事项和权限由镇中心发布，村站不能改。").into());
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
