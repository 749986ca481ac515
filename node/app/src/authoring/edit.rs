//! A page of a draft is saved: what fits is kept, what does not is told, and what another window changed meanwhile is not
//! overwritten unseen.

use super::draft::{begin_anew, facts, is_long, open};
use crate::cases::once;
use crate::commit::Change;
use crate::{ActError, Node, Who};
use identity::{Audience, Lane};
use model::Refusal;
use model::item::Version;
use model::item::table::{Table, Wrong};
use model::limit::ITEM_ROWS;
use model::record::Edit;
use std::collections::BTreeMap;

/// One change to a draft.
#[derive(Debug, Clone)]
pub enum ItemEdit {
    /// Words into a row; a new last row without a place.
    Write {
        /// Of which table.
        table: Table,
        /// Which row.
        at: Option<usize>,
        /// By column key.
        words: BTreeMap<&'static str, String>,
    },
    /// A row goes.
    Remove {
        /// Of which table.
        table: Table,
        /// Which row.
        at: usize,
    },
    /// A row changes places with the one before it.
    Raise {
        /// Of which table.
        table: Table,
        /// Which row.
        at: usize,
    },
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edited {
    /// What does not fit, which is not saved; of a new row nothing is.
    pub wrong: Vec<Wrong>,
    /// Another window changed this since the page was drawn: nothing was saved.
    pub clash: bool,
    /// The row that was written.
    pub at: usize,
}

/// What a page was drawn with: of a row, or of the whole table.
#[must_use]
pub fn drawn(version: &Version, table: Table, at: Option<usize>) -> String {
    let rows = table.rows(version);
    let hash = canon::hash("item page", |out| {
        for row in
            rows.iter().enumerate().filter(|(place, _)| at.is_none_or(|at| at == *place)).map(|(_, row)| row)
        {
            out.u64(row.len() as u64);
            for word in row {
                out.str(word);
            }
        }
    });
    data_encoding::HEXLOWER.encode(hash.get(..8).unwrap_or_default())
}

impl ItemEdit {
    /// The table and, for words into a row that there is, the row that must be as the page showed it.
    fn place(&self) -> (Table, Option<usize>) {
        match self {
            Self::Write { table, at, .. } => (*table, *at),
            Self::Remove { table, .. } | Self::Raise { table, .. } => (*table, None),
        }
    }

    fn is_new_row(&self) -> bool {
        matches!(self, Self::Write { at: None, .. })
    }

    fn apply(&self, version: &mut Version) -> Result<(usize, Vec<Wrong>), Refusal> {
        match self {
            Self::Write { table, at, words } => {
                if at.is_none() && table.len(version) >= ITEM_ROWS {
                    return Err(Refusal::because(format!("“{}”最多 {ITEM_ROWS} 条。", table.name())));
                }
                Ok(table.write(version, *at, words))
            }
            Self::Remove { table, at } => {
                if *table == Table::Scenarios {
                    let_go(version, *at)?;
                }
                table.remove(version, *at);
                Ok((*at, Vec::new()))
            }
            Self::Raise { table, at } => {
                table.raise(version, *at);
                Ok((at.saturating_sub(1), Vec::new()))
            }
        }
    }
}

/// Takes a scenario out of what names it. What is asked in this one alone would then be asked in all: that is refused.
fn let_go(version: &mut Version, at: usize) -> Result<(), Refusal> {
    let Some(id) = version.scenarios.get(at).map(|scenario| scenario.id.clone()) else { return Ok(()) };
    let Version { materials, rules, form, .. } = version;
    let materials = materials.iter_mut().map(|row| &mut row.scenarios);
    let rules = rules.iter_mut().map(|row| &mut row.scenarios);
    let mut named: Vec<&mut Vec<String>> =
        materials.chain(rules).chain(form.iter_mut().map(|row| &mut row.scenarios)).collect();
    let alone = named.iter().filter(|ids| ids.len() == 1 && ids.contains(&id)).count();
    if alone > 0 {
        let words = format!(
            "还有 {alone} 条材料、细则或申请表栏目只用在这个情形，先改它们的“适用情形”，或者先删掉。"
        );
        return Err(Refusal::because(words));
    }
    named.iter_mut().for_each(|ids| ids.retain(|one| *one != id));
    Ok(())
}

impl Node {
    /// Changes a draft from a page that was drawn with `seen` (see [`drawn`]); empty takes the page at its word.
    ///
    /// # Errors
    /// [`ActError::NotFound`] without a draft, [`ActError::Refused`] when the change makes no sense, or when the disk says
    /// no.
    pub fn edit_item_draft(
        &self,
        _who: &Who,
        code: &str,
        edit: ItemEdit,
        seen: &str,
    ) -> Result<Edited, ActError> {
        self.only_centre()?;
        let (code, seen) = (code.to_owned(), seen.to_owned());
        self.commit(move |job| {
            if once::done_before(job)? {
                return Ok(Edited::default());
            }
            let (opened, mut draft) = open(job, &code)?;
            let (table, at) = edit.place();
            if !seen.is_empty() && !edit.is_new_row() && drawn(&draft.version, table, at) != seen {
                return Ok(Edited { clash: true, ..Edited::default() });
            }
            let (at, wrong) = edit.apply(&mut draft.version)?;
            if edit.is_new_row() && !wrong.is_empty() {
                return Ok(Edited { wrong, ..Edited::default() });
            }
            draft.version.code.clone_from(&code);
            if is_long(job, &code)? {
                begin_anew(job, &draft)?;
            } else {
                let mut change = Edit::default();
                facts(&draft.version, &mut change)?;
                job.write(
                    opened,
                    &Change { edit: change, audiences: vec![Audience::Hub], lane: Lane::LOCAL },
                )?;
            }
            if edit.is_new_row() {
                once::remember(job)?;
            }
            Ok(Edited { wrong, clash: false, at })
        })
    }
}
