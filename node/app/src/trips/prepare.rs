//! 出门前准备: a key for the tablet, the 口令 that opens it there, and the items it takes along.

use super::{Trip, TripId, registry};
use crate::commit::Said;
use crate::{ActError, Node, Who, keyring, limit, ports};
use model::Refusal;
use model::item::Version;
use records::SeedBook;
use seal::Seed;
use std::collections::BTreeSet;
use store::seeds::SeedPlace;

/// Letters of a 口令: none that looks like another one on paper.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// The person under whose number a trip's key is kept.
const KEY: u64 = 0;

/// A tablet may leave. `Debug` hides the secrets.
#[derive(Clone)]
pub struct Prepared {
    /// The trip.
    pub id: TripId,
    /// The key its records are sealed with: 32 hex digits.
    pub key: String,
    /// What opens the key on the tablet: sixty random bits in three groups. Told once, kept nowhere.
    pub words: String,
    /// The items it takes along, as they are today.
    pub items: Vec<Version>,
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Prepared({}, {} items)", self.id.hex(), self.items.len())
    }
}

/// Sixty bits as people write them down: `K7QM-3WXR-9TBD`.
fn words(bits: u64) -> String {
    let letter = |place: u32| {
        let index = usize::try_from(bits >> (5 * place) & 31).unwrap_or(0);
        LETTERS.get(index).map_or('0', |letter| char::from(*letter))
    };
    let group = |first: u32| (first..first + 4).map(letter).collect::<String>();
    [group(0), group(4), group(8)].join("-")
}

impl Node {
    /// Makes a trip with these items.
    ///
    /// # Errors
    /// [`ActError::Refused`] when no item is chosen, too many are, one does not exist, or too many tablets are out.
    pub fn prepare_trip(&self, who: &Who, codes: &[String]) -> Result<Prepared, ActError> {
        let most = limit::TRIP_ITEMS_MAX;
        // an item that was ticked twice is taken along once
        let mut told = BTreeSet::new();
        let codes: Vec<&String> = codes.iter().filter(|code| told.insert(code.as_str())).collect();
        if codes.is_empty() {
            return Err(Refusal::field("items", "带哪些事项", "还没选，请至少选一个事项。").into());
        }
        if codes.len() > most {
            let why = format!("一次最多带 {most} 个，请去掉用不上的。");
            return Err(Refusal::field("items", "带哪些事项", why).into());
        }
        let (reference, today) = (self.reference(), self.today());
        let of = |code: &&String| reference.catalogue.current(code, today).cloned();
        let items: Option<Vec<Version>> = codes.iter().map(of).collect();
        let gone = || Refusal::field("items", "带哪些事项", "有一个事项现在不办了，请重新选。");
        let items = items.ok_or_else(gone)?;
        let random = &*self.ports().random;
        let id = TripId(ports::random(random));
        let (seed, words) = (Seed(ports::random(random)), words(u64::from_be_bytes(ports::random(random))));
        let key = data_encoding::HEXLOWER.encode(&seed.0);
        let (who, count) = (who.clone(), items.len() as u64);
        self.commit(move |job| {
            let mut trips = registry::read(&*job.tx)?;
            if trips.len() >= limit::TRIPS_OUT_MAX {
                let why = "没回来的平板太多，请先在“上门”页把丢了的作废。";
                return Err(Refusal::because(why).into());
            }
            let wall = job.node.ports().clock.wall();
            let (staff, name) = (who.staff.clone(), who.name.clone());
            trips.push(Trip { id, staff, name, wall, items: count, brought: 0 });
            registry::write(job, &trips)?;
            let place = SeedPlace { doc: id.0, person: KEY };
            let node = job.node.clone();
            keyring::keep(job.tx, &node, place, &seed, &mut SeedBook::new())?;
            job.audit(&who, &Said { act: "出门准备", detail: format!("{count} 个事项") }, None)
        })?;
        Ok(Prepared { id, key, words, items })
    }

    /// The key of a trip that is out, for a clerk whose 口令 is lost and who is back at the station. Who asked is written down
    /// first.
    ///
    /// # Errors
    /// [`ActError::NotFound`] when the trip is not out, or when the disk says no.
    pub fn trip_key(&self, who: &Who, id: TripId) -> Result<String, ActError> {
        let who = who.clone();
        self.commit(move |job| {
            let book = keyring::open(&*job.tx, job.node.bag(), &id.0)?;
            let seeds = book.all(KEY);
            let seed = seeds.first().ok_or(ActError::NotFound)?;
            job.audit(&who, &Said::new("用盒子打开上门平板"), None)?;
            Ok(data_encoding::HEXLOWER.encode(&seed.0))
        })
    }
}
