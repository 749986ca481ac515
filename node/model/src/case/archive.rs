//! 一件一档: a finished case is filed on a shelf for a time, and then changes only by addition. Whoever asks to have it erased
//! before that time gets it sealed (封存): kept, and out of use. No clock ever erases anything.

use jiff::civil::Date;

use super::{
    Case, Ctx, Done, Mark, Outcome, Turn, Verdict,
    ctx::{Acting, needed},
    event::{
        Archived, Asker, Kind, Payload as _, RetentionProlonged, SealOpened, Sealed, ShelfMoved, Unsealed,
        What,
    },
};
use crate::{
    Refusal,
    item::Version,
    limit,
    record::Edit,
    station::{CENTRE, StationNo},
};

/// Years a file is kept; 0 for ever.
pub const TERMS: [u64; 3] = [10, 30, 0];

/// How a term is said.
#[must_use]
pub fn term(years: u64) -> String {
    if years == 0 { "永久".to_owned() } else { format!("{years} 年") }
}

/// How long cases of an item are kept where the township set nothing: by its 事项类型.
#[must_use]
pub fn default_years(version: &Version) -> u64 {
    let land = version.area.contains("用地") || version.kind.contains("裁决");
    let long = ["许可", "确认", "给付", "征收"].iter().any(|kind| version.kind.contains(kind));
    if land {
        0
    } else if long {
        30
    } else {
        10
    }
}

/// The last day of a term: it counts from the first day of the year after filing. None for ever.
#[must_use]
pub fn last_day(on: Date, years: u64) -> Option<Date> {
    let years = i16::try_from(years).ok().filter(|years| *years > 0)?;
    Date::new(on.year().checked_add(years)?, 12, 31).ok()
}

/// Filing.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// 柜-盒-件.
    pub shelf: String,
    /// Sheets of paper.
    pub pages: u32,
    /// Years it is kept; 0 for ever.
    pub years: u64,
    /// What the record said then.
    pub digest: [u8; 32],
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("File").field("years", &self.years).finish_non_exhaustive()
    }
}

const SHELF: &str = "请写放在哪里，例如“3柜-2盒-15件”。";

/// Files a finished case.
///
/// # Errors
/// When it is not finished, is filed already, or a field is wrong.
pub fn file(case: &Case, command: &File, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("shelf", "放在哪里", &command.shelf, SHELF)?;
    if command.pages == 0 || command.pages > limit::FILE_PAGES {
        let most = limit::FILE_PAGES;
        return Err(Refusal::field("pages", "纸质页数", format!("页数填 1 到 {most} 的数字。")));
    }
    if !case.conflicts.is_empty() {
        return Err(Refusal::because("还有两边不一致的内容没定下，定下以后再归档。"));
    }
    let mut acting = Acting::on(case, ctx);
    let shelf = acting.words("shelf", &command.shelf);
    acting.event(Archived {
        years: command.years,
        until: last_day(ctx.today, command.years),
        pages: u64::from(command.pages),
        digest: command.digest,
        shelf,
        on: ctx.today,
    })?;
    Ok(acting.done())
}

/// The file stands elsewhere now.
///
/// # Errors
/// When it is not filed, or no place is given.
pub fn move_shelf(case: &Case, shelf: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("shelf", "放在哪里", shelf, SHELF)?;
    let mut acting = Acting::on(case, ctx);
    let shelf = acting.words("shelf", shelf);
    acting.event(ShelfMoved { shelf, on: ctx.today })?;
    Ok(acting.done())
}

/// Somebody looked at the file and keeps it for longer.
///
/// # Errors
/// When it is not filed, is kept for ever already, the term is none, or no reason is given.
pub fn prolong(case: &Case, years: u64, reason: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    if !TERMS.contains(&years) {
        return Err(Refusal::field("years", "再保管多久", "还没选再保管多久，请选一项。"));
    }
    let until = last_day(ctx.today, years);
    if let Some((_, Some(now))) = case.retention().filter(|(_, now)| !is_later(until, *now)) {
        let why =
            format!("现在已经保管到 {} 年底，选{}反而短了或者一样，请选更长的。", now.year(), term(years));
        return Err(Refusal::field("years", "再保管多久", why));
    }
    needed("reason", "理由", reason, "请写鉴定的意见，为什么还要留。")?;
    let mut acting = Acting::on(case, ctx);
    let reason = acting.words("keep", reason);
    acting.event(RetentionProlonged { years, until, reason, on: ctx.today })?;
    Ok(acting.done())
}

/// Seals a finished case: somebody asked to have it erased, and it must be kept.
///
/// # Errors
/// While it is being handled, when it is sealed, or no reason is given.
pub fn seal(case: &Case, asker: Asker, reason: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    if case.bars() {
        return Err(Refusal::because("失信记录还没修复，不能封存；修复以后再封存。"));
    }
    needed("reason", "理由", reason, "请写对方为什么要求删除。")?;
    let mut acting = Acting::on(case, ctx);
    let reason = acting.words("seal", reason);
    acting.event(Sealed { asker, reason, on: ctx.today })?;
    Ok(acting.done())
}

/// Somebody at the centre looks into a sealed case.
///
/// # Errors
/// Elsewhere, when it is not sealed, or no reason is given.
pub fn open_seal(case: &Case, reason: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("reason", "理由", reason, "请写为什么要查阅，凭什么文书。")?;
    if case.sealed.is_none() {
        return Err(Refusal::because("本件没有封存，直接看就行。"));
    }
    let mut acting = Acting::on(case, ctx);
    let reason = acting.words("look", reason);
    acting.event(SealOpened { reason, on: ctx.today })?;
    Ok(acting.done())
}

/// Takes a sealed case back into use.
///
/// # Errors
/// Elsewhere than at the centre, when it is not sealed, or no reason is given.
pub fn unseal(case: &Case, reason: &str, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    needed("reason", "理由", reason, "请写为什么解除封存。")?;
    let mut acting = Acting::on(case, ctx);
    let reason = acting.words("unseal", reason);
    acting.event(Unsealed { reason, on: ctx.today })?;
    Ok(acting.done())
}

/// Whether a last day lies behind another; none is for ever.
fn is_later(until: Option<Date>, other: Option<Date>) -> bool {
    until.unwrap_or(Date::MAX) > other.unwrap_or(Date::MAX)
}

fn no(why: &str) -> Verdict {
    Verdict::Refused(why.to_owned())
}

/// What changes a case and is no addition to its file.
const CHANGES: [Kind; 7] = [
    Kind::HandedOver,
    Kind::DeferredArrived,
    Kind::Paid,
    Kind::ResultReady,
    Kind::Delivered,
    Kind::PromiseChecked,
    Kind::ExemptVerified,
];

impl Case {
    /// Where the file stands: the name of the cell that says it.
    #[must_use]
    pub fn shelf(&self) -> Option<&str> {
        let moved = self.shelf_moved.as_ref().map(|moved| moved.what.shelf.as_str());
        moved.or(self.archived.as_ref().map(|filed| filed.what.shelf.as_str()))
    }

    /// How long it is kept: years and last day. Nothing while it is not filed.
    #[must_use]
    pub fn retention(&self) -> Option<(u64, Option<Date>)> {
        let filed = self.archived.as_ref()?;
        let longer = self.prolonged.as_ref().map(|longer| (longer.what.years, longer.what.until));
        Some(longer.unwrap_or((filed.what.years, filed.what.until)))
    }

    /// The day it ended, where it may be filed and is not.
    #[must_use]
    pub fn to_file(&self) -> Option<Date> {
        let (.., on) = self.outcome.as_ref()?;
        let open = self.may(Kind::Archived, CENTRE) == Verdict::Applies;
        open.then_some(*on)
    }

    /// Why a filed case takes no more of this kind.
    pub(super) fn closed(&self, kind: Kind) -> Option<Verdict> {
        let closed = self.archived.is_some() && CHANGES.contains(&kind);
        closed.then(|| no("本件已经归档，只能往里加，不能改。要补充的请用“加说明”或者加照片。"))
    }

    fn by_own(&self, station: StationNo) -> Result<(), Verdict> {
        if station == self.station || station == CENTRE {
            Ok(())
        } else {
            Err(no("本件由收件的站归档，本站不能办。"))
        }
    }

    pub(super) fn may_archive(&self, station: StationNo) -> Verdict {
        if self.archived.is_some() {
            return no("本件已经归档；放的地方变了，用“移动位置”。");
        }
        let Some((outcome, ..)) = &self.outcome else { return no("还没办结，办结以后再归档。") };
        if self.turn() != Turn::Nobody {
            return no("结果还没送到申请人手里，送达以后再归档。");
        }
        if *outcome == Outcome::Approved && self.revoked.is_none() && self.current().is_some() {
            return no("还有环节没办完，办完再归档。");
        }
        if self.awaits_check() {
            return no("承诺还没核查，核查以后再归档。");
        }
        self.by_own(station).err().unwrap_or(Verdict::Applies)
    }

    pub(super) fn may_keep(&self, kind: Kind, station: StationNo) -> Verdict {
        if self.archived.is_none() {
            return no("还没归档。");
        }
        if kind == Kind::RetentionProlonged && self.retention().is_some_and(|(years, _)| years == 0) {
            return no("已经是永久保管，不用再延长。");
        }
        self.by_own(station).err().unwrap_or(Verdict::Applies)
    }

    pub(super) fn may_seal(&self, station: StationNo) -> Verdict {
        if self.outcome.is_none() {
            return no("还在办，不能封存。申请人不办了的，先登记撤回。");
        }
        if self.sealed.is_some() {
            return Verdict::Repeats;
        }
        self.by_own(station).err().unwrap_or(Verdict::Applies)
    }

    /// Looking into what was unsealed apart is no fault.
    pub(super) fn may_unseal(&self, kind: Kind, station: StationNo) -> Verdict {
        if self.sealed.is_none() && self.unsealed.is_none() {
            return no("本件没有封存。");
        }
        if station != CENTRE {
            return no("封存的办件由镇中心查阅和解除，本站不能办。");
        }
        if self.sealed.is_none() && kind == Kind::Unsealed { Verdict::Repeats } else { Verdict::Applies }
    }

    pub(super) fn archive_effect(&mut self, mark: &Mark, what: &What) {
        if let Some(event) = Archived::of(what) {
            self.archived = done(mark, event);
        } else if let Some(event) = ShelfMoved::of(what) {
            self.shelf_moved = done(mark, event);
        } else if let Some(event) = RetentionProlonged::of(what) {
            // two boxes that prolonged apart keep it for the longer of the two
            let longer = self.retention().is_none_or(|(_, now)| is_later(event.until, now));
            if longer || self.prolonged.is_none() {
                self.prolonged = done(mark, event);
            }
        } else if let Some(event) = Sealed::of(what) {
            self.sealed = done(mark, event);
        } else if let Some(event) = Unsealed::of(what) {
            self.sealed = None;
            self.unsealed = done(mark, event);
        }
    }
}

fn done<T: Clone>(mark: &Mark, what: &T) -> Option<Done<T>> {
    Some(Done { mark: mark.clone(), what: what.clone() })
}
