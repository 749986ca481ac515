//! Taking a case in by sending the pages' own forms: what a clerk's browser would post, for scenarios without one.

use crate::demo::DemoFault;
use crate::page::{Form, Page};
use crate::person::Person;
use crate::wait::{PATIENCE, until};
use std::collections::BTreeSet;

/// A person at the counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resident {
    /// Name.
    pub name: String,
    /// Resident id number.
    pub id_number: String,
    /// Mobile phone.
    pub phone: String,
    /// Address.
    pub address: String,
    /// Bank account, where a form asks for one.
    pub account: String,
    /// What is typed wherever a form asks for words.
    pub words: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The case's id, as addresses name it; the same on every box.
    pub id: String,
    /// The page that said so.
    pub page: Page,
}

fn unexpected(what: &str, page: &Page) -> DemoFault {
    DemoFault::Unexpected(format!("{what}: {} {}: {}", page.status, page.url, page.text()))
}

/// The names of all fields of a page that begin with `prefix`.
fn names<'a>(page: &'a Page, prefix: &str) -> BTreeSet<&'a str> {
    let quoted = page.body.split("name=\"").skip(1).filter_map(|rest| rest.split('"').next());
    quoted.filter(|name| name.starts_with(prefix)).collect()
}

/// The tag of the first field of a name, from its `name` on.
fn tag<'a>(page: &'a Page, name: &str) -> &'a str {
    let rest = page.body.split(&format!("name=\"{name}\"")).nth(1).unwrap_or_default();
    rest.split('>').next().unwrap_or_default()
}

fn option(page: &Page, name: &str) -> Option<String> {
    let (before, rest) = page.body.split_once(&format!("name=\"{name}\""))?;
    // only of this field, not of a select that comes later
    before.rsplit('<').next().filter(|tag| tag.starts_with("select"))?;
    let options = rest.split("</select>").next()?.split("<option value=\"").skip(1);
    options.filter_map(|option| option.split('"').next()).find(|value| !value.is_empty()).map(str::to_owned)
}

/// Who applies and who else is named.
#[derive(Clone, Copy, Debug)]
pub struct Party<'a> {
    /// `person` or `household`.
    pub kind: &'a str,
    /// Further fields, in place of what the page offers: members of the household, the agent.
    pub more: &'a [(&'a str, &'a str)],
}

/// As much of `words` as the field with this tag takes.
fn fitting(words: &str, tag: &str) -> String {
    let most = tag.split("maxlength=\"").nth(1).and_then(|rest| rest.split('"').next()?.parse().ok());
    words.chars().take(most.unwrap_or(usize::MAX)).collect()
}

fn answers(page: &Page, resident: &Resident, scenario: &str) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = [
        ("scenario", scenario),
        ("0/name", &resident.name),
        ("0/id_number", &resident.id_number),
        ("0/phone", &resident.phone),
        ("0/address", &resident.address),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    for name in names(page, "0/form.") {
        let about = tag(page, name);
        let value = if let Some(value) = option(page, name) {
            value
        } else if name.ends_with(".holder") {
            resident.name.clone()
        } else if about.contains("inputmode=\"numeric\"") {
            resident.account.clone()
        } else if about.contains("inputmode=\"decimal\"") {
            "1200".to_owned()
        } else if about.contains("placeholder=\"20") {
            "2026-11-02".to_owned()
        } else {
            fitting(&resident.words, about)
        };
        pairs.push((name.to_owned(), value));
    }
    if page.body.contains("name=\"signed\"") {
        pairs.push(("signed".to_owned(), "self".to_owned()));
    }
    let papers = names(page, "m/").into_iter().filter(|name| !name.ends_with("/how"));
    let marks = papers.map(|name| (name.to_owned(), "ok".to_owned()));
    let rules = names(page, "r/").into_iter().map(|name| (name.to_owned(), "pass".to_owned()));
    pairs.extend(marks.chain(rules));
    pairs
}

fn intake(page: &Page) -> Result<Form, DemoFault> {
    let form = page.forms().into_iter().find(|form| form.action.contains("/intake/"));
    form.ok_or_else(|| unexpected("no intake", page))
}

async fn sent(
    person: &Person,
    page: &Page,
    pairs: &[(String, String)],
    act: &str,
) -> Result<Page, DemoFault> {
    let mut all: Vec<(&str, &str)> =
        pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    all.push(("do", act));
    Ok(person.send(&intake(page)?, &all).await?)
}

/// Waits until an item of the catalogue has come to the box whose pages are at `url`: one that has just joined holds none
/// yet. Gives the form that begins an intake.
///
/// # Errors
/// [`DemoFault::Unexpected`] when it does not come.
pub async fn arrived(person: &Person, url: &str, item: &str) -> Result<Form, DemoFault> {
    let list = format!("{}/items", url.trim_end_matches('/'));
    let begin = || async {
        let list = person.get(&list).await?;
        let there = list.body.contains(&format!("name=\"item\" value=\"{item}\""));
        let start = list.forms().into_iter().find(|form| form.post && form.action.ends_with("/intake"));
        start.filter(|_| there).ok_or_else(|| DemoFault::Unexpected("the item has not come yet".to_owned()))
    };
    let start = until("the item is there to begin", PATIENCE, begin).await;
    start.map_err(|vain| DemoFault::Unexpected(vain.to_string()))
}

/// Starts an intake of `item` at the box whose pages are at `url`, fills in everything as good, and accepts.
///
/// # Errors
/// [`DemoFault::Unexpected`] with what the page said when it refused.
pub async fn take(
    person: &Person,
    url: &str,
    item: &str,
    scenario: &str,
    resident: &Resident,
) -> Result<Taken, DemoFault> {
    take_for(person, url, item, scenario, resident, Party { kind: "person", more: &[] }).await
}

/// As [`take`], for a household, or with an agent.
///
/// # Errors
/// As [`take`].
pub async fn take_for(
    person: &Person,
    url: &str,
    item: &str,
    scenario: &str,
    resident: &Resident,
    party: Party<'_>,
) -> Result<Taken, DemoFault> {
    let start = arrived(person, url, item).await?;
    let page = person.send(&start, &[("item", item)]).await?;
    // Scenario and kind of applicant decide which fields there are.
    let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let mut known = owned(&[("scenario", scenario), ("applicant_kind", party.kind)]);
    known.extend(owned(party.more));
    let page = sent(person, &page, &known, "save").await?;
    known.extend(answers(&page, resident, scenario).into_iter().skip(1));
    let page = sent(person, &page, &known, "accept").await?;
    let id = page.url.split("/cases/").nth(1).and_then(|rest| rest.split('?').next()).map(str::to_owned);
    match id {
        Some(id) if page.status == 200 => Ok(Taken { id, page }),
        _ => Err(unexpected("not accepted", &page)),
    }
}

/// What a page says about where its record is: `saved`, `transit`, `receipt` or `reject`.
#[must_use]
pub fn truth(page: &Page) -> &str {
    let marks = page.body.split("data-truth=\"").nth(1);
    marks.and_then(|rest| rest.split('"').next()).unwrap_or("nothing")
}

/// The stage a case page shows.
#[must_use]
pub fn stage(page: &Page) -> &str {
    let marks = page.body.split("data-stage=\"").nth(1);
    marks.and_then(|rest| rest.split('"').next()).unwrap_or("nothing")
}

/// Does an act and types `words` into every field of its page that is neither in `filled` nor a date or a number, so
/// that no field a page may ever offer is left out. Boxes are ticked where nothing else was.
///
/// # Errors
/// As [`act`].
pub async fn act_all(
    person: &Person,
    url: &str,
    case: &str,
    name: &str,
    words: &str,
    filled: &[(&str, &str)],
) -> Result<Page, DemoFault> {
    let path = format!("{}/cases/{case}/acts/{name}", url.trim_end_matches('/'));
    let page = person.get(&path).await?;
    let mut all: Vec<(&str, &str)> = filled.to_vec();
    let texts = page.body.split("class=\"input\"").skip(1);
    let texts = texts.filter_map(|rest| rest.split("name=\"").nth(1)?.split('"').next());
    for field in texts.filter(|field| !matches!(*field, "on" | "until" | "days" | "objections")) {
        if !filled.iter().any(|(known, _)| known == &field) {
            all.push((field, words));
        }
    }
    let form = page.form(&format!("/acts/{name}")).ok_or_else(|| unexpected("no such act", &page))?;
    let done = person.send(&form, &all).await?;
    if done.status == 200 { Ok(done) } else { Err(unexpected(name, &done)) }
}

/// Does an act of a case from its page, with what is filled in.
///
/// # Errors
/// [`DemoFault::Unexpected`] when the box refuses.
pub async fn act(
    person: &Person,
    url: &str,
    case: &str,
    act: &str,
    filled: &[(&str, &str)],
) -> Result<Page, DemoFault> {
    let path = format!("{}/cases/{case}/acts/{act}", url.trim_end_matches('/'));
    let page = person.get(&path).await?;
    let form = page.form(&format!("/acts/{act}")).ok_or_else(|| unexpected("no such act", &page))?;
    let done = person.send(&form, filled).await?;
    if done.status == 200 { Ok(done) } else { Err(unexpected(act, &done)) }
}
