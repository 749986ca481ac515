//! 登记.

use super::{MatterId, Saved, owner_of_new};
use crate::cases::CaseId;
use crate::commit::{Change, Said};
use crate::{ActError, Node, Who, ports};
use identity::{Lane, StationNo};
use model::Refusal;
use model::matter::Sort;
use model::matter::act::{self, Open};
use model::matter::event::LinkedTo;

impl Node {
    /// Writes a matter down. A form that is sent twice writes it down once.
    ///
    /// # Errors
    /// [`ActError::Refused`] with the fields, or when the disk says no.
    pub fn open_matter(&self, who: &Who, sort: Sort, typed: Open) -> Result<Saved, ActError> {
        let id = self.new_matter();
        let typed = if sort == Sort::Rating { self.about_whom(typed)? } else { typed };
        let who = who.clone();
        self.commit(move |job| {
            let opened = job.open(id.doc())?;
            if !opened.is_new() {
                return Ok(Saved { id, before: true });
            }
            let reference = job.node.reference();
            let known = reference.catalogue.current(&typed.item, job.node.today()).is_some();
            if !typed.item.is_empty() && !known {
                return Err(Refusal::field("item", "关联事项", "没有这个事项，请从列表里选。").into());
            }
            let of_somebody = matches!(sort, Sort::Account | Sort::Rating);
            let asked = if of_somebody { typed.answerable.station } else { StationNo::CENTRE.0 };
            let owner = owner_of_new(&job.node, asked);
            let settings = reference.office.settings.clone();
            let edit = job.ask_matter(&who, &opened, |_, _, ctx| act::open(sort, &typed, &settings, ctx))?;
            let audiences = job.node.audiences(owner);
            job.write(opened, &Change { edit, audiences, lane: Lane::CASES })?;
            job.audit(&who, &Said { act: "登记", detail: sort.label().to_owned() }, Some(id.0))?;
            Ok(Saved { id, before: false })
        })
    }

    /// The case of a number that somebody typed, for a link; none where nothing was typed.
    ///
    /// # Errors
    /// [`ActError::Refused`] when there is no such case here, or when the disk says no.
    pub fn case_to_link(&self, typed: &str) -> Result<Option<(LinkedTo, [u8; 16])>, ActError> {
        if typed.trim().is_empty() {
            return Ok(None);
        }
        let tx = self.engine().read()?;
        let Some(CaseId(id)) = self.by_number(&*tx, typed)? else {
            let why = "本机没有这个编号的办件，请照文书上的编号再填一遍。";
            return Err(Refusal::field("case", "办件编号", why).into());
        };
        Ok(Some((LinkedTo::Case, id)))
    }

    /// A 差评 names who is meant, found by the case that is told; the case itself would tell who gave it, and is left out.
    fn about_whom(&self, mut typed: Open) -> Result<Open, ActError> {
        typed.name = String::new();
        if let Some((LinkedTo::Case, case)) = typed.link.take() {
            let tx = self.engine().read()?;
            typed.answerable = self.first_receiver(&*tx, CaseId(case))?;
        }
        Ok(typed)
    }

    /// The id of the matter that this form opens: the same form always names the same one.
    pub(super) fn new_matter(&self) -> MatterId {
        let Some(form) = self.form() else { return MatterId(ports::random(&*self.ports().random)) };
        let hash = canon::hash("matter of form", |out| {
            out.fixed(&self.device().0).fixed(&form.number).fixed(&form.content);
        });
        MatterId(hash.first_chunk().copied().unwrap_or_default())
    }
}
