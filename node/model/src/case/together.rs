//! Several drafts of one visit, a package: what is the same is asked once and kept in each of them.
//!
//! A page names its fields by [`Together::page_name`]: who asks and who acts for them by their plain names, everything
//! an item asks for itself by its place and a dot, `2.m/hukou`. A material, a rule or a field of a form that an earlier
//! item asks for in the same words goes by that item's place.

use std::collections::BTreeMap;

use super::{Case, Ctx, Filing, ctx::Acting, event::Packaged, facts, twin::CaseDoc};
use crate::{
    FieldErrors, Refusal,
    item::{ApplicantKind, Version},
    record::Edit,
};

/// One of the drafts.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// What is asked for.
    pub version: &'a Version,
    /// What stands in it.
    pub filing: &'a Filing,
}

/// The drafts of one visit, in the order of the package.
#[derive(Debug, Clone)]
pub struct Together<'a> {
    parts: Vec<Part<'a>>,
}

/// A field's name without its place.
#[must_use]
pub fn bare(page: &str) -> &str {
    placed(page).map_or(page, |(_, name)| name)
}

/// The place and the name of a field that is one item's.
fn placed(page: &str) -> Option<(usize, &str)> {
    let (place, name) = page.split_once('.')?;
    let digits = !place.is_empty() && place.len() <= 2 && place.bytes().all(|b| b.is_ascii_digit());
    let place = place.parse::<usize>().ok().filter(|_| digits)?;
    Some((place.checked_sub(1)?, name))
}

/// What an item asks for itself.
fn is_own(name: &str) -> bool {
    matches!(name, facts::SCENARIO | facts::DEFERRED_SIGNED | facts::PROMISE_SIGNED)
        || ["m/", "r/", "d/"].iter().any(|front| name.starts_with(front))
        || name.contains("/form.")
}

impl<'a> Together<'a> {
    /// Of drafts in their order.
    #[must_use]
    pub fn new(parts: Vec<Part<'a>>) -> Self {
        Self { parts }
    }

    /// The drafts.
    #[must_use]
    pub fn parts(&self) -> &[Part<'a>] {
        &self.parts
    }

    /// Kinds of applicant that every item takes.
    #[must_use]
    pub fn applicants(&self) -> Vec<ApplicantKind> {
        common(self.parts.iter().map(|part| part.version))
    }

    /// The place of the item under which a thing is asked: the first that asks for it in the same words.
    #[must_use]
    pub fn asked_at(&self, place: usize, name: &str) -> usize {
        let Some(part) = self.parts.get(place) else { return place };
        let same = |earlier: &Part<'_>| is_same(earlier, part, name);
        self.parts.iter().take(place).position(same).unwrap_or(place)
    }

    /// How many items a thing is asked for, the item at the place and those after it.
    #[must_use]
    pub fn asked_for(&self, place: usize, name: &str) -> usize {
        (place..self.parts.len()).filter(|at| self.asked_at(*at, name) == place).count()
    }

    /// How a page names a fact or cell of one draft.
    #[must_use]
    pub fn page_name(&self, place: usize, name: &str) -> String {
        if is_own(name) { format!("{}.{name}", self.asked_at(place, name) + 1) } else { name.to_owned() }
    }

    /// In which drafts a field of the page is kept, and under which name.
    #[must_use]
    pub fn targets(&self, page: &str) -> Vec<(usize, String)> {
        match placed(page) {
            Some((place, name)) if is_own(name) && place < self.parts.len() => {
                let asked = |at: &usize| self.asked_at(*at, name) == place;
                (place..self.parts.len()).filter(asked).map(|at| (at, name.to_owned())).collect()
            }
            None if !is_own(page) => (0..self.parts.len()).map(|at| (at, page.to_owned())).collect(),
            Some(_) | None => Vec::new(),
        }
    }

    /// Everything that is kept, by the page's names.
    #[must_use]
    pub fn typed(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for (place, part) in self.parts.iter().enumerate() {
            for (name, text) in part.filing.typed() {
                all.entry(self.page_name(place, &name)).or_insert(text);
            }
        }
        all
    }

    /// What was typed, draft by draft.
    #[must_use]
    pub fn split(&self, typed: &BTreeMap<String, String>) -> Vec<BTreeMap<String, String>> {
        let mut each = vec![BTreeMap::new(); self.parts.len()];
        for (page, text) in typed {
            for (place, name) in self.targets(page) {
                if let Some(own) = each.get_mut(place) {
                    own.insert(name, text.clone());
                }
            }
        }
        each
    }

    /// Errors of one draft by the page's names; what is an item's own says whose.
    #[must_use]
    pub fn renamed(&self, place: usize, errors: &FieldErrors) -> FieldErrors {
        let mut renamed = FieldErrors::default();
        let item = self.parts.get(place).map_or("", |part| part.version.name.as_str());
        for error in errors.iter() {
            let page = self.page_name(place, &error.field);
            let label =
                if page == error.field { error.label.clone() } else { format!("{item} {}", error.label) };
            renamed.add(page, label, error.message.clone());
        }
        renamed
    }

    /// One refusal of several: which items, and everything there is to mend. Nothing was taken.
    #[must_use]
    pub fn refused(&self, refused: &[(usize, Refusal)]) -> Refusal {
        let (mut fields, mut names) = (FieldErrors::default(), Vec::new());
        for (place, refusal) in refused {
            let item = self.parts.get(*place).map_or("", |part| part.version.name.as_str());
            names.push(format!("“{item}”"));
            if refusal.fields.is_empty() {
                let mut own = FieldErrors::default();
                own.add("", item, refusal.message.clone());
                fields.extend(own);
            }
            // what several items share is asked once on the page, and told once
            let told: Vec<String> = fields.iter().map(|error| error.field.clone()).collect();
            let mut own = self.renamed(*place, &refusal.fields);
            own.retain(|error| error.field.is_empty() || !told.contains(&error.field));
            fields.extend(own);
        }
        let message = format!("{}还不能办，这几件一件也没有收。补好再一起办。", names.join("、"));
        Refusal { message, fields }
    }
}

/// Writes into a case with which others it was taken.
///
/// # Errors
/// When the case is too long.
pub fn packaged(
    case: &Case,
    (package, version): (&str, u32),
    sisters: Vec<CaseDoc>,
    ctx: &Ctx<'_>,
) -> Result<Edit, Refusal> {
    let mut acting = Acting::on(case, ctx);
    let (package, version) = (package.to_owned(), u64::from(version));
    acting.event(Packaged { package, version, sisters, on: ctx.today })?;
    Ok(acting.done())
}

/// Kinds of applicant that all of some items take, in the order of the first.
#[must_use]
pub fn common<'v>(versions: impl Iterator<Item = &'v Version>) -> Vec<ApplicantKind> {
    let mut kinds: Option<Vec<ApplicantKind>> = None;
    for version in versions {
        match kinds.as_mut() {
            None => kinds = Some(version.applicants.clone()),
            Some(kinds) => kinds.retain(|kind| version.applicants.contains(kind)),
        }
    }
    kinds.unwrap_or_default()
}

/// Whether two items ask for a thing in the same words, in the situations that were chosen.
fn is_same(a: &Part<'_>, b: &Part<'_>, name: &str) -> bool {
    let (scene_a, scene_b) = (a.filing.scenario(), b.filing.scenario());
    if let Some(id) = name.strip_prefix("m/") {
        let id = id.split('/').next().unwrap_or_default();
        let of =
            |part: &Part<'_>, scene: &str| part.version.materials_for(scene).find(|m| m.id == id).cloned();
        return of(a, scene_a).zip(of(b, scene_b)).is_some_and(|(a, b)| a.name == b.name && a.need == b.need);
    }
    if let Some(id) = name.strip_prefix("r/") {
        let of = |part: &Part<'_>, scene: &str| part.version.rules_for(scene).find(|r| r.id == id).cloned();
        let alike = |(a, b): (crate::item::Rule, crate::item::Rule)| {
            a.text == b.text && a.auto.is_none() && b.auto.is_none()
        };
        return of(a, scene_a).zip(of(b, scene_b)).is_some_and(alike);
    }
    if let Some((_, id)) = name.split_once("/form.") {
        let id = id.strip_suffix(".holder").unwrap_or(id);
        let of = |part: &Part<'_>, scene: &str| part.version.form_for(scene).find(|f| f.id == id).cloned();
        let alike = |(a, b): (crate::item::Field, crate::item::Field)| a.label == b.label && a.kind == b.kind;
        return of(a, scene_a).zip(of(b, scene_b)).is_some_and(alike);
    }
    false
}

#[cfg(test)]
mod tests;
