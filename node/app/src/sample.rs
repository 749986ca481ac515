//! 示例: the sample catalogue with the authorities and profiles of an invented township, for the demo and for tests.

use crate::{ActError, Node, Who};
use model::Date;
use model::authority::Authority;
use model::catalogue::Catalogue;
use model::catalogue::package::Package;
use model::item::Way;
use model::station::Profile;
use std::collections::BTreeMap;

/// From when the sample papers are in force.
const FROM: Date = Date::constant(2026, 1, 1);

fn system() -> Who {
    Who { staff: "system".to_owned(), name: "示例".to_owned(), post: String::new(), session: String::new() }
}

impl Node {
    /// Publishes the sample catalogue and authorities for `stations`, where this centre has no item yet.
    ///
    /// # Errors
    /// On a station, or when the disk says no.
    pub fn load_sample(&self, stations: &[u16]) -> Result<(), ActError> {
        self.load(stations, model::catalogue::sample)
    }

    /// As [`Node::load_sample`], the few items that show every way of acting: for whoever sets up many townships.
    ///
    /// # Errors
    /// As [`Node::load_sample`].
    pub fn load_small_sample(&self, stations: &[u16]) -> Result<(), ActError> {
        self.load(stations, model::catalogue::sample_small)
    }

    fn load(
        &self,
        stations: &[u16],
        shipped: fn() -> Result<Catalogue, serde_json::Error>,
    ) -> Result<(), ActError> {
        if self.reference().catalogue.items().next().is_some() {
            return Ok(());
        }
        let sample = shipped().map_err(|_| ActError::Damaged("sample catalogue"))?;
        let versions: Vec<_> = sample.items().flat_map(|item| item.versions.iter().cloned()).collect();
        let mut powers: BTreeMap<(String, Way), Vec<String>> = BTreeMap::new();
        for version in versions.iter().filter(|version| version.way != Way::OnBehalf) {
            powers.entry((version.principal.clone(), version.way)).or_default().push(version.code.clone());
        }
        let mut papers = Vec::new();
        for station in stations {
            for (number, ((principal, way), items)) in powers.iter().enumerate() {
                papers.push(Authority {
                    document: format!("示例授权〔2026〕{}号", number + 1),
                    principal: principal.clone(),
                    way: *way,
                    station: *station,
                    items: items.clone(),
                    from: FROM,
                    to: None,
                    ended: None,
                });
            }
        }
        let packages =
            model::catalogue::package::sample().map_err(|_| ActError::Damaged("sample packages"))?;
        let there = |package: &Package| {
            package.items.iter().all(|code| versions.iter().any(|version| version.code == *code))
        };
        let packages: Vec<Package> = packages.into_iter().filter(there).collect();
        self.publish_items(&system(), versions)?;
        self.publish_authorities(&system(), &papers)?;
        if packages.is_empty() {
            return Ok(());
        }
        self.publish_packages(&system(), packages)
    }

    /// Gives this box an invented profile, where it has none.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn sample_profile(&self) -> Result<(), ActError> {
        let number = self.station().0;
        if self.reference().profiles.contains_key(&number) {
            return Ok(());
        }
        let named = self.profile(number);
        let place = if self.is_centre() {
            "枫河镇人民政府一楼".to_owned()
        } else {
            // the paper says it beside the station's name
            "村党群服务中心一楼".to_owned()
        };
        let profile = Profile {
            township: "枫河镇".to_owned(),
            county: "泾县".to_owned(),
            address: place,
            phone: format!("0563-000 {number:04}"),
            hours: "工作日 8:00 至 17:30".to_owned(),
            ..named
        };
        self.set_profile(&system(), &profile)
    }
}
