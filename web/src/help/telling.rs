//! A thread's lines in words: who said what about which fields and photos.

use model::case::event::What;
use model::case::help::Line;
use model::case::photo::BlobName;
use model::case::{Case, facts};
use model::item::Version;
use model::station::CENTRE;

use super::thread::{Read, Shown, Suggested};
use crate::cases::show::Names;
use crate::cases::words;

/// A thread with all that telling its lines needs.
pub(super) struct Telling<'a> {
    pub(super) read: &'a Read,
    pub(super) case: &'a Case,
    pub(super) version: Option<&'a Version>,
    pub(super) names: &'a Names,
}

impl Telling<'_> {
    /// One line.
    pub(super) fn line(&self, line: &Line) -> Shown {
        let station = line.mark.stamp.station;
        let place = self.names.get(&station).cloned().unwrap_or_else(|| format!("{station} 站"));
        let mut shown = Shown {
            what: line.what.kind().title(),
            who: format!("{}　{place}", line.mark.stamp.name),
            when: words::moment(line.mark.stamp.wall),
            words: String::new(),
            marks: Vec::new(),
            shots: Vec::new(),
            suggested: None,
            ours: (station == CENTRE) == (self.read.opened.here == CENTRE),
        };
        let cell = |key: &str| self.case.filing.cell(key).unwrap_or("").to_owned();
        if let What::HelpAsked(said) = &line.what {
            shown.words = cell(&said.words);
            (shown.marks, shown.shots) = (self.marks(&said.fields), self.shots(&said.photos));
        } else if let What::HelpSaid(said) = &line.what {
            shown.words = cell(&said.words);
            (shown.marks, shown.shots) = (self.marks(&said.fields), self.shots(&said.photos));
        } else if let What::HelpSuggested(said) = &line.what {
            shown.words = said.words.as_deref().map(cell).unwrap_or_default();
            shown.suggested = Some(self.suggested(&said.value, &said.field));
        } else if let What::HelpTaken(said) = &line.what {
            shown.words = format!("{}已经改好。", words::field_named(&said.field, self.version));
        } else if let What::HelpDeclined(said) = &line.what {
            shown.words = said.words.as_deref().map(cell).unwrap_or_default();
        }
        shown
    }

    fn suggested(&self, value: &str, field: &str) -> Suggested {
        let text = self.case.filing.cell(value).unwrap_or("");
        let answer = self.case.help.answer(value).map(|line| line.what.kind().title());
        let shown = if facts::is_cell(field) { text.to_owned() } else { spoken(field, text, self.version) };
        Suggested {
            value: value.to_owned(),
            field: words::field_named(field, self.version),
            text: shown,
            open: answer.is_none() && self.read.opened.here != CENTRE,
            answer: answer.unwrap_or_default().to_owned(),
        }
    }

    fn marks(&self, fields: &[String]) -> Vec<(String, String, String)> {
        let mark = |name: &String| {
            let text = self.case.filing.typed().get(name).cloned().unwrap_or_default();
            let stands =
                if text.is_empty() { "没填".to_owned() } else { spoken(name, &text, self.version) };
            let href = if self.read.draft {
                format!("/intake/{}#{name}", self.read.opened.hex)
            } else {
                String::new()
            };
            (words::field_named(name, self.version), stands, href)
        };
        fields.iter().map(mark).collect()
    }

    fn shots(&self, photos: &[BlobName]) -> Vec<(String, String)> {
        let shot = |name: &BlobName| {
            let label = photo_label(self.case, self.version, name);
            let href = if self.read.here.contains(name) {
                format!("/photos/{}/{}", self.read.opened.hex, data_encoding::HEXLOWER.encode(name))
            } else {
                String::new()
            };
            (label, href)
        };
        photos.iter().map(shot).collect()
    }
}

/// 居民户口簿 第 1 张.
pub(super) fn photo_label(case: &Case, version: Option<&Version>, name: &BlobName) -> String {
    let Some(photo) = case.photo(*name) else { return "照片".to_owned() };
    let material = &photo.what.material;
    let place = case.photos_of(material).position(|one| one.what.photo == *name).unwrap_or(0) + 1;
    format!("{} 第 {place} 张", words::named(material, version))
}

/// A value as a page says it: a code by its word, a person's masked.
pub(super) fn spoken(name: &str, text: &str, version: Option<&Version>) -> String {
    if name == facts::SCENARIO {
        let scenario = version.and_then(|version| version.scenario(text));
        return scenario.map_or_else(|| text.to_owned(), |scenario| scenario.name.clone());
    }
    if name == facts::APPLICANT_KIND {
        let kind = model::item::ApplicantKind::parse(text);
        return kind.map_or_else(|| text.to_owned(), |kind| kind.label().to_owned());
    }
    words::value(name, text)
}
