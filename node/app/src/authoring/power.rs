//! 受理权限: a written power is registered, and ended.

use crate::{ActError, Node, Who};
use model::authority::{Authority, Ended};
use model::item::Way;
use model::{Date, FieldErrors, Refusal};

/// Characters of a document number and of a body's name.
const TEXT_CHARS: usize = 60;

/// Characters of why one ends.
const WHY_CHARS: usize = 200;

/// A 委托书 or 授权书 as a person typed it.
#[derive(Debug, Clone, Default)]
pub struct NewPower {
    /// Document number.
    pub document: String,
    /// From which body.
    pub principal: String,
    /// Which way it allows; none was chosen where it is `None`.
    pub way: Option<Way>,
    /// To which stations.
    pub stations: Vec<u16>,
    /// Which item codes.
    pub items: Vec<String>,
    /// In force from.
    pub from: Option<Date>,
    /// Last day; open where nothing was typed.
    pub to: Option<Date>,
}

impl NewPower {
    fn check(&self, node: &Node) -> FieldErrors {
        let mut errors = FieldErrors::default();
        let texts = [("document", "文号", &self.document), ("principal", "哪个机关给的", &self.principal)];
        for (field, label, text) in texts {
            let count = text.trim().chars().count();
            if count == 0 {
                errors.add(field, label, format!("还没填{label}，照文书上抄。"));
            } else if count > TEXT_CHARS {
                errors.add(field, label, format!("有 {count} 个字，最多 {TEXT_CHARS} 个。"));
            }
        }
        if self.way.is_none_or(|way| way == Way::OnBehalf) {
            errors.add("way", "办理方式", "还没选办理方式。帮办代办不用文书。");
        }
        if self.stations.is_empty() {
            errors.add("stations", "给哪个站", "还没选站，至少选一个。");
        }
        let reference = node.reference();
        if self.items.is_empty() {
            errors.add("items", "哪些事项", "还没选事项，至少选一个。");
        } else if self.items.iter().any(|code| reference.catalogue.item(code).is_none()) {
            errors.add("items", "哪些事项", "有一个事项已经没有了，请重新选。");
        }
        match (self.from, self.to) {
            (None, _) => errors.add("from", "从哪天起", "还没填起始日期，请写成 2026-01-05。"),
            (Some(from), Some(to)) if to < from => errors.add("to", "到哪天止", "截止日期不能早于起始日期。"),
            (Some(_), _) => {}
        }
        errors
    }
}

impl Node {
    /// Registers a written power, one for each station named.
    ///
    /// # Errors
    /// [`ActError::Refused`] by field; on a station; when the disk says no.
    pub fn register_power(&self, who: &Who, typed: &NewPower) -> Result<(), ActError> {
        self.only_centre()?;
        let mut errors = typed.check(self);
        let document = typed.document.trim();
        let known = self.reference();
        let taken = known
            .authorities
            .iter()
            .any(|one| one.document == document && typed.stations.contains(&one.station));
        if taken {
            errors.add("document", "文号", "这个站已经登记过这个文号。要改就先把旧的结束，再用新文号登记。");
        }
        let (Some(way), Some(from), true) = (typed.way, typed.from, errors.is_empty()) else {
            return Err(Refusal::fields(errors).into());
        };
        let powers: Vec<Authority> = typed
            .stations
            .iter()
            .map(|station| Authority {
                document: document.to_owned(),
                principal: typed.principal.trim().to_owned(),
                way,
                station: *station,
                items: typed.items.clone(),
                from,
                to: typed.to,
                ended: None,
            })
            .collect();
        self.publish_authorities(who, &powers)
    }

    /// Sets the last day of a written power, and says why it ends.
    ///
    /// # Errors
    /// [`ActError::Refused`] when the day does not fit; [`ActError::NotFound`]; on a station; when the disk says no.
    pub fn end_power(
        &self,
        who: &Who,
        station: u16,
        document: &str,
        last: Option<Date>,
        why: &str,
    ) -> Result<(), ActError> {
        self.only_centre()?;
        let reference = self.reference();
        let held =
            reference.authorities.iter().find(|one| one.station == station && one.document == document);
        let mut ended = held.cloned().ok_or(ActError::NotFound)?;
        let field = |words: &str| Refusal::field("last", "最后一天", words);
        let last = last.ok_or_else(|| field("还没填最后一天，请写成 2026-01-05。"))?;
        if last < ended.from {
            return Err(field("最后一天不能早于起始日期。").into());
        }
        if ended.to.is_some_and(|to| to < last) {
            return Err(field("文书本来就更早到期，只能提前，不能延长；要延长请登记新文书。").into());
        }
        let words = why.trim();
        let count = words.chars().count();
        if count == 0 || count > WHY_CHARS {
            let told = if count == 0 {
                "还没填为什么结束，比如“县民政局收回委托”。".to_owned()
            } else {
                format!("有 {count} 个字，最多 {WHY_CHARS} 个。")
            };
            return Err(Refusal::field("why", "为什么结束", told).into());
        }
        ended.to = Some(last);
        ended.ended = Some(Ended {
            words: words.to_owned(),
            by: who.staff.clone(),
            name: who.name.clone(),
            on: self.today(),
        });
        self.publish_authorities(who, &[ended])
    }
}
