//! What the drafts of a package have together beside their taking: one 一次性告知 of all that is missing, and one place for photos.

use super::intake::parts;
use crate::cases::CaseId;
use crate::commit::{Change, Said};
use crate::{ActError, Node, Who};
use identity::Audience;
use model::case::{Filing, facts, one_time_notice};
use model::{FieldErrors, Refusal};

impl Node {
    /// Writes into every draft of a package to which something is missing that it was told, in one commit; the drafts stay.
    ///
    /// # Errors
    /// [`ActError::Refused`] when nothing is missing, or something has not been looked at: then the notice could not say
    /// everything. Nothing is written then. Or when the disk says no.
    pub fn notice_together(&self, who: &Who, lead: CaseId) -> Result<(), ActError> {
        let who = who.clone();
        self.commit(move |job| {
            let drafts = job.drafts_in_order(lead)?;
            let reference = job.node.reference();
            let filings: Vec<Filing> = drafts.iter().map(|(_, record)| Filing::read(record)).collect();
            let together = parts(&reference, &drafts, &filings)?;
            let (mut told, mut unseen) = (0, FieldErrors::default());
            let today = job.node.today();
            for (place, (id, _)) in drafts.iter().enumerate() {
                let complete = together.parts().get(place).is_some_and(|part| {
                    let checked = part.filing.check(part.version, today);
                    checked.gaps.is_empty() && checked.errors.is_empty()
                });
                if complete {
                    continue;
                }
                let opened = job.open(id.doc())?;
                let asked = job.ask(&who, &opened, |acting| {
                    one_time_notice::one_time_notice(acting.case, "", acting.item()?, acting.ctx)
                });
                match asked {
                    Ok(edit) => {
                        let lane = opened.lane(true);
                        job.write(opened, &Change { edit, audiences: vec![Audience::Hub], lane })?;
                        job.audit(&who, &Said::new("一次性告知"), Some(id.0))?;
                        told += 1;
                    }
                    Err(ActError::Refused(_)) => {
                        let part = together.parts().get(place);
                        let all = part.map(|part| part.filing.check(part.version, today).all_errors());
                        unseen.extend(together.renamed(place, &all.unwrap_or_default()));
                    }
                    Err(error) => return Err(error),
                }
            }
            if !unseen.is_empty() {
                let message = "还有没核对的，核对完才能一次说全。".to_owned();
                return Err(Refusal { message, fields: unseen }.into());
            }
            if told == 0 {
                return Err(Refusal::because("没有缺的，可以直接一起办。").into());
            }
            Ok(())
        })
    }

    /// Which draft a photo is for, and of which of its materials, by the name that a page gives them: `<place>-<material>` in a
    /// package ([`photo_name_of`]), the material's id elsewhere.
    ///
    /// # Errors
    /// [`ActError::NotFound`] when the package has no such place, or when the disk says no.
    pub fn photo_place(&self, id: CaseId, name: &str) -> Result<(CaseId, String), ActError> {
        // a material's own id may have such a sign in it
        if self.lead_of(id)? != Some(id) {
            return Ok((id, name.to_owned()));
        }
        let (place, material) = name.split_once('-').ok_or(ActError::NotFound)?;
        let place: usize = place.parse().map_err(|_no_number| ActError::NotFound)?;
        let Ok(drafts) = self.together(id)? else { return Err(ActError::NotFound) };
        let draft = drafts.drafts.get(place).ok_or(ActError::NotFound)?;
        Ok((draft.id, material.to_owned()))
    }
}

/// How a page names a material of one of a package's items.
#[must_use]
pub fn photo_name_of(place: usize, material: &str) -> String {
    format!("{place}-{material}")
}

/// The items of a package for which a material or rule is asked once, at `place`; none where another place asks it.
#[must_use]
pub fn asked_for(drafts: &super::Together, place: usize, material: &str) -> Option<Vec<String>> {
    let layout = drafts.parts().ok()?;
    let name = facts::material(material);
    if layout.asked_at(place, &name) != place {
        return None;
    }
    let of = (place..drafts.drafts.len()).filter(|at| layout.asked_at(*at, &name) == place);
    let named = of.filter_map(|at| drafts.drafts.get(at)?.version.as_ref());
    Some(named.map(|version| version.name.clone()).collect())
}
