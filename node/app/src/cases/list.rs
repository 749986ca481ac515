//! Lists for pages: a page of rows, each opened for its masked name.

use super::truth::TruthMark;
use super::{CaseId, CaseView};
use crate::time::day_number;
use crate::views::page::{List, page};
use crate::views::shared::ROUTED;
use crate::views::{BY_DAY, BY_TURN, Crossed, Hands, OPEN, POSTED, TROUBLES, tally};
use crate::{ActError, Node};
use model::calendar::{Due, Light};
use model::case::event::Kind;
use model::case::{Case, Stage};
use store::engine::ReadTx;
use store::rows::View;

/// Which cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// Everything somebody still has to do something about.
    Open,
    /// By whose turn it is.
    Turn(Hands),
    /// Waiting for a person's ruling: values set apart, acts that could not stand.
    Troubles,
    /// With a 公示 that stands, the first to end first.
    Posted,
    /// Taken in by one village for another: which way, and whether they are over.
    Crossed(Crossed, bool),
}

/// One line of a list. Names are masked.
#[derive(Debug, Clone)]
pub struct CaseLine {
    /// Which.
    pub id: CaseId,
    /// Case number.
    pub number: String,
    /// 张*三; a unit's name in full.
    pub name: String,
    /// 高龄津贴申领.
    pub item: String,
    /// The scenario's name.
    pub scenario: String,
    /// The accepting station.
    pub station: u16,
    /// The station whose case it is: another one where it was passed on.
    pub home: u16,
    /// 办理中.
    pub stage: Stage,
    /// The step it stands at: 镇初审.
    pub step: String,
    /// That step is 外部环节.
    pub outside: bool,
    /// Whose step it is: 泾县民政局.
    pub body: String,
    /// Whose turn.
    pub hands: Hands,
    /// The act by which it goes on on this box.
    pub next: Option<Kind>,
    /// When it is due.
    pub due: Option<Due>,
    /// Working days left; negative when overdue.
    pub left: Option<i32>,
    /// The light.
    pub light: Light,
    /// Accepted as 即办件: done while the resident waits, so days left say nothing before it is late.
    pub instant: bool,
    /// Taken on somebody's behalf and carried on: nobody's clock runs until the body accepts.
    pub carried: bool,
    /// A licence that nobody accepted or told the gaps of in time counts as accepted from this day: a person registers it.
    pub deemed: Option<model::Date>,
    /// Where the record is.
    pub truth: TruthMark,
    /// Something needs a person: anomalies and conflicts.
    pub troubles: usize,
}

/// A page of a list.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The lines, first due first.
    pub lines: Vec<CaseLine>,
    /// Where the next page begins; give it back as it is.
    pub next: Option<String>,
}

/// Today in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Papers taken today.
    pub received_today: u64,
    /// Open, all.
    pub open: u64,
    /// Waiting for the station.
    pub station: u64,
    /// Waiting for the centre.
    pub centre: u64,
    /// Waiting for a body outside.
    pub outside: u64,
    /// Waiting for the resident.
    pub applicant: u64,
    /// Waiting for the village where the resident lives, which is another one.
    pub elsewhere: u64,
    /// Due within two calendar days, today included.
    pub due_soon: u64,
    /// Overdue.
    pub overdue: u64,
}

/// The applicant's name as screens show it: a unit's is public.
pub(crate) fn masked_name(case: &Case) -> String {
    case.filing.shown_name()
}

/// A page of the rows of a filter.
fn ids_of(
    tx: &dyn ReadTx,
    filter: Filter,
    after: Option<&str>,
    count: usize,
) -> Result<(Vec<CaseId>, Option<String>), ActError> {
    // the bytes of a key behind the prefix
    let (view, prefix, rest): (View, Vec<u8>, usize) = match filter {
        Filter::Open => (OPEN, Vec::new(), 28),
        Filter::Turn(hands) => (BY_TURN, vec![hands as u8], 28),
        Filter::Troubles => (TROUBLES, Vec::new(), 28),
        Filter::Posted => (POSTED, Vec::new(), 20),
        Filter::Crossed(way, over) => (ROUTED, vec![way as u8, u8::from(over)], 20),
    };
    let (ids, next) = page(tx, &List { view, prefix: &prefix, rest }, after, count)?;
    Ok((ids.into_iter().map(CaseId).collect(), next))
}

impl Node {
    /// A page of cases, first due first. `after` is what [`Listing::next`] said.
    ///
    /// # Errors
    /// [`ActError::BadCursor`] for a cursor that is not ours, or when the disk says no.
    pub fn cases(&self, filter: Filter, after: Option<&str>, count: usize) -> Result<Listing, ActError> {
        let tx = self.engine().read()?;
        let (ids, next) = ids_of(&*tx, filter, after, count)?;
        Ok(Listing { lines: self.lines(&*tx, ids.into_iter())?, next })
    }

    /// [`Node::cases`] with everything that is known of each.
    ///
    /// # Errors
    /// As [`Node::cases`].
    pub fn case_views(
        &self,
        filter: Filter,
        after: Option<&str>,
        count: usize,
    ) -> Result<(Vec<CaseView>, Option<String>), ActError> {
        let tx = self.engine().read()?;
        let (ids, next) = ids_of(&*tx, filter, after, count)?;
        let reference = self.reference();
        let views = ids.into_iter().map(|id| self.view_case(&*tx, &reference, id));
        Ok((views.collect::<Result<_, _>>()?, next))
    }

    pub(crate) fn lines(
        &self,
        tx: &dyn ReadTx,
        ids: impl Iterator<Item = CaseId>,
    ) -> Result<Vec<CaseLine>, ActError> {
        let (reference, confirmed) = (self.reference(), self.confirmed(tx)?);
        let line = |id| {
            let truth = self.mark(tx, id, confirmed.as_ref())?;
            Ok(self.line(&self.view_marked(tx, &reference, id, truth)?))
        };
        let open = ids.map(|id| Ok::<_, ActError>((id, crate::views::is_sealed(tx, &id.0)?)));
        let open = open.filter_map(|found| match found {
            Ok((_, true)) => None,
            Ok((id, false)) => Some(line(id)),
            Err(error) => Some(Err(error)),
        });
        open.collect()
    }

    /// A case as a line of a list.
    #[must_use]
    pub fn line(&self, view: &CaseView) -> CaseLine {
        let (case, reference, today) = (&view.case, self.reference(), self.today());
        let due = case.due(&reference.calendar);
        let unit =
            case.clock().and_then(|clock| clock.limit).map_or(model::item::Unit::Working, |limit| limit.unit);
        let step = case.current();
        let version = view.version.as_ref();
        let scenario = version.and_then(|v| v.scenario(case.filing.scenario()));
        CaseLine {
            id: view.id,
            number: case.number().unwrap_or_default().to_owned(),
            name: masked_name(case),
            item: version.map(|v| v.name.clone()).unwrap_or_default(),
            scenario: scenario.map(|s| s.name.clone()).unwrap_or_default(),
            station: view.owner,
            home: case.home(),
            stage: case.stage(),
            step: step.map(|state| state.step.name.clone()).unwrap_or_default(),
            outside: step.is_some_and(|state| state.step.outside),
            body: step.map(|state| state.step.body.clone()).unwrap_or_default(),
            hands: Hands::of(&case.turn(), self.station().0),
            next: case.next_act(self.station().0),
            due,
            left: due.map(|due| reference.calendar.left(today, due.date, unit)),
            light: case.light(&reference.calendar, today),
            instant: version.is_some_and(|v| v.pace == model::item::Pace::Instant) && case.accepted.is_some(),
            carried: case.is_carried(),
            deemed: case.is_deemed(version, &reference.calendar, today).map(|waiting| waiting.received),
            truth: view.truth,
            troubles: view.anomalies.len() + case.conflicts.len(),
        }
    }

    /// How many cases wait for a person's ruling.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn troubles(&self) -> Result<u64, ActError> {
        tally::sum(&*self.engine().read()?, TROUBLES, &[])
    }

    /// How many cases that one village took in for another are not over: those that came to this station, those that went
    /// from it, and at the centre all.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn crossed(&self) -> Result<[(Crossed, u64); 3], ActError> {
        let tx = self.engine().read()?;
        let mut counts = [(Crossed::In, 0), (Crossed::Out, 0), (Crossed::Between, 0)];
        for (way, count) in &mut counts {
            *count = tally::sum(&*tx, ROUTED, &[*way as u8, 0])?;
        }
        Ok(counts)
    }

    /// Today in numbers.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn counts(&self) -> Result<Counts, ActError> {
        let tx = self.engine().read()?;
        let today = u32::try_from(day_number(self.today())).unwrap_or(0);
        let mut counts =
            Counts { received_today: tally::sum(&*tx, BY_DAY, &today.to_be_bytes())?, ..Counts::default() };
        let turns = [
            (Hands::Station, &mut counts.station),
            (Hands::Centre, &mut counts.centre),
            (Hands::Outside, &mut counts.outside),
            (Hands::Applicant, &mut counts.applicant),
            (Hands::Elsewhere, &mut counts.elsewhere),
        ];
        for (hands, of) in turns {
            for (front, count) in tally::of(&*tx, BY_TURN, &[hands as u8])? {
                let due = front.last_chunk::<4>().map_or(u32::MAX, |day| u32::from_be_bytes(*day));
                *of += count;
                if due < today {
                    counts.overdue += count;
                } else if due <= today.saturating_add(2) {
                    counts.due_soon += count;
                }
            }
        }
        counts.open = counts.station + counts.centre + counts.outside + counts.applicant;
        counts.open += counts.elsewhere;
        Ok(counts)
    }
}
