//! The trips that are out: a short list under one name of `meta`, changed in the commit that changes anything about a trip.

use super::TripId;
use crate::commit::{Job, Said};
use crate::{ActError, Node, Who, limit};
use canon::{Reader, Writer};
use store::engine::ReadTx;
use store::{meta, seeds};

/// Name of the list.
const TRIPS: &str = "trips";
const VERSION: u8 = 1;
/// Bytes of a staff id or name in it.
const TEXT_MAX: usize = 200;

/// A trip that is out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trip {
    /// Which.
    pub id: TripId,
    /// Staff id of who took the tablet.
    pub staff: String,
    /// Their name.
    pub name: String,
    /// When, seconds since 1970.
    pub wall: i64,
    /// Items taken along.
    pub items: u64,
    /// Records brought back so far.
    pub brought: u64,
}

pub(super) fn read<R: ReadTx + ?Sized>(tx: &R) -> Result<Vec<Trip>, ActError> {
    let Some(bytes) = meta::get(tx, TRIPS)? else { return Ok(Vec::new()) };
    parse(&bytes).map_err(|_| ActError::Damaged("trips"))
}

fn parse(bytes: &[u8]) -> Result<Vec<Trip>, canon::Malformed> {
    let mut from = Reader::new(bytes);
    if from.u8()? != VERSION {
        return Err(from.malformed("trips version"));
    }
    let mut trips = Vec::new();
    for _ in 0..from.count(limit::TRIPS_OUT_MAX)? {
        trips.push(Trip {
            id: TripId(from.fixed()?),
            staff: from.str(TEXT_MAX)?.to_owned(),
            name: from.str(TEXT_MAX)?.to_owned(),
            wall: from.i64()?,
            items: from.u64()?,
            brought: from.u64()?,
        });
    }
    from.end()?;
    Ok(trips)
}

pub(super) fn write(job: &mut Job<'_>, trips: &[Trip]) -> Result<(), ActError> {
    let mut out = Writer::new();
    out.u8(VERSION).u64(trips.len() as u64);
    for trip in trips {
        out.fixed(&trip.id.0).str(&trip.staff).str(&trip.name);
        out.i64(trip.wall).u64(trip.items).u64(trip.brought);
    }
    Ok(meta::put(job.tx, TRIPS, out.as_bytes())?)
}

/// Counts one more record that a trip brought back; a trip that this box does not know any more is none to count.
pub(super) fn count_one(job: &mut Job<'_>, id: TripId) -> Result<(), ActError> {
    let mut trips = read(&*job.tx)?;
    let Some(trip) = trips.iter_mut().find(|trip| trip.id == id) else { return Ok(()) };
    trip.brought += 1;
    write(job, &trips)
}

impl Node {
    /// The trips that are out, the last one first.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn trips(&self) -> Result<Vec<Trip>, ActError> {
        let mut trips = read(&*self.engine().read()?)?;
        trips.reverse();
        Ok(trips)
    }

    /// Ends a trip: the tablet has nothing left, or it is `lost`. Its key is destroyed here. A trip that is not out is ended
    /// already.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn end_trip(&self, who: &Who, id: TripId, lost: bool) -> Result<(), ActError> {
        let who = who.clone();
        self.commit(move |job| {
            let mut trips = read(&*job.tx)?;
            let Some(place) = trips.iter().position(|trip| trip.id == id) else { return Ok(()) };
            let ended = trips.remove(place);
            write(job, &trips)?;
            seeds::remove_of(job.tx, &id.0)?;
            let act = if lost { "上门平板作废" } else { "上门回来" };
            job.audit(&who, &Said { act, detail: format!("带回 {} 件", ended.brought) }, None)
        })
    }
}
