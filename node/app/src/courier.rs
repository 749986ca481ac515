//! 捎带 (H5): what is written into a file for a stick or a laptop where no line is up, and read from one. A file is parcels
//! (docs/formats/courier.md): each holds what one other box is not known to have, sealed to that box.

#[cfg(test)]
mod tests;

use crate::commit::Said;
use crate::mesh::MeshContext;
use crate::{ActError, Node, Who};
use identity::{Member, Role};
use sync::courier::{self, Found, Parcel, Taken};

/// A file to be carried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PickUp {
    /// Its bytes; empty when nobody lacks anything.
    pub bytes: Vec<u8>,
    /// What is in it.
    pub parcels: Vec<Carried>,
}

/// One parcel of such a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Carried {
    /// For whom: a station's number, 0 the centre.
    pub to: u16,
    /// Records' entries in it.
    pub entries: u64,
    /// Entries that did not fit.
    pub left: u64,
}

/// What one parcel of a file turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Brought {
    /// Read.
    Taken {
        /// From whom: a station's number, 0 the centre.
        from: u16,
        /// When it was made, seconds since 1970, by its maker's clock.
        made: i64,
        /// What became of it.
        taken: Taken,
    },
    /// For another box; none: for one that the list does not know.
    ForAnother(Option<u16>),
    /// From a box that is not on this township's list.
    Stranger,
    /// Not copied whole, or altered.
    Broken,
    /// Made by a later version.
    Newer,
}

impl Node {
    /// Writes what others are not known to have: a station for the centre, the centre for each station.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn pick_up(&self, who: &Who) -> Result<PickUp, ActError> {
        let mut file = PickUp::default();
        if self.is_drill() {
            return Ok(file);
        }
        let (membership, made) = (self.membership(), self.ports().clock.wall());
        let wanted = |member: &&Member| {
            if self.is_centre() { member.role == Role::Station } else { member.role == Role::Centre }
        };
        let others =
            membership.members().iter().filter(wanted).filter(|member| member.device != self.device());
        for member in others.filter(|member| membership.cut(&member.device).is_none()) {
            let mut context = MeshContext::new(self.clone());
            let Some(packed) = courier::pack(&mut context, member.device, made) else { continue };
            if packed.entries == 0 && packed.registers == 0 {
                continue;
            }
            if file.bytes.len() + packed.bytes.len() > sync::limit::COURIER_FILE {
                // the rest goes with the next file, when these have come and said so
                file.parcels.push(Carried {
                    to: member.station.0,
                    entries: 0,
                    left: packed.entries + packed.left,
                });
                continue;
            }
            file.parcels.push(Carried { to: member.station.0, entries: packed.entries, left: packed.left });
            file.bytes.extend(packed.bytes);
        }
        let entries: u64 = file.parcels.iter().map(|parcel| parcel.entries).sum();
        self.note_courier(who, Said { act: "捎带带走", detail: entries.to_string() })?;
        Ok(file)
    }

    /// Reads a file that was carried here, in the order in which its parcels were made. One line for each.
    ///
    /// # Errors
    /// When the disk says no; what was taken before stays.
    pub fn drop_off(&self, who: &Who, file: &[u8]) -> Result<Vec<Brought>, ActError> {
        let mut found = Parcel::find(file);
        found.sort_by_key(|found| match found {
            Found::Parcel(parcel) => parcel.made,
            Found::Broken | Found::Newer => i64::MAX,
        });
        let brought: Vec<Brought> = found.iter().map(|found| self.read_parcel(found)).collect();
        let fresh: u64 = brought.iter().map(Brought::fresh).sum();
        self.note_courier(who, Said { act: "捎带收下", detail: fresh.to_string() })?;
        Ok(brought)
    }

    fn read_parcel(&self, found: &Found) -> Brought {
        let parcel = match found {
            Found::Parcel(parcel) => parcel,
            Found::Broken => return Brought::Broken,
            Found::Newer => return Brought::Newer,
        };
        let membership = self.membership();
        if parcel.to != self.device() || self.is_drill() {
            return Brought::ForAnother(membership.member(&parcel.to).map(|member| member.station.0));
        }
        // an unlisted maker may be on a newer list, which the parcel then brings
        let taken = courier::unpack(&mut MeshContext::new(self.clone()), parcel);
        let membership = self.membership();
        match membership.member(&parcel.from) {
            Some(member) => Brought::Taken { from: member.station.0, made: parcel.made, taken },
            None => Brought::Stranger,
        }
    }

    fn note_courier(&self, who: &Who, said: Said) -> Result<(), ActError> {
        let who = who.clone();
        self.commit(move |job| job.audit(&who, &said, None))
    }
}

impl Brought {
    /// Entries that are new on this box's disk.
    #[must_use]
    pub fn fresh(&self) -> u64 {
        match self {
            Self::Taken { taken, .. } => taken.fresh,
            Self::ForAnother(_) | Self::Stranger | Self::Broken | Self::Newer => 0,
        }
    }
}
