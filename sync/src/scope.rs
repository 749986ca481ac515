use crate::{RegisterMark, kind};
use identity::{Audience, DeviceId, Lane, LogId, Member, Role, StationNo};

/// One side of a pair, as the membership list has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Party {
    /// Its key.
    pub device: DeviceId,
    /// What it is.
    pub role: Role,
    /// Its number.
    pub station: StationNo,
}

/// Which logs and registers are meant: what two boxes exchange, or what a receipt speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What a station and the centre exchange: every log for all, the station's own, and those written for it.
    Hub(Party),
    /// What two stations exchange: every log for all.
    Neighbours(DeviceId, DeviceId),
    /// All logs of one writer: what a receipt covers.
    WrittenBy(DeviceId),
}

impl From<&Member> for Party {
    fn from(member: &Member) -> Self {
        Self { device: member.device, role: member.role, station: member.station }
    }
}

impl Scope {
    /// What these two exchange. The same seen from either side.
    #[must_use]
    pub fn pair(a: Party, b: Party) -> Self {
        match (a.role, b.role) {
            (Role::Centre, _) => Self::Hub(b),
            (Role::Station, Role::Centre) => Self::Hub(a),
            (Role::Station, Role::Station) => {
                Self::Neighbours(a.device.min(b.device), a.device.max(b.device))
            }
        }
    }

    /// Whether a log belongs to it. Local logs (drafts) never do.
    #[must_use]
    pub fn contains(&self, log: &LogId) -> bool {
        if log.lane == Lane::LOCAL {
            return false;
        }
        match self {
            Self::Hub(station) => {
                log.device == station.device
                    || log.audience == Audience::All
                    || log.audience == Audience::Member(station.station)
            }
            Self::Neighbours(..) => log.audience == Audience::All,
            Self::WrittenBy(device) => log.device == *device,
        }
    }

    /// Whether a register belongs to it. Kinds that this version does not know never do.
    #[must_use]
    pub fn speaks_of(&self, mark: &RegisterMark, centre: Option<&DeviceId>) -> bool {
        match (self, mark.kind) {
            (Self::WrittenBy(_), _) => false,
            (_, kind::MEMBERSHIP) => true,
            (Self::Hub(station), kind::RECEIPT) => {
                // what a centre said that is no longer the centre is nobody's receipt
                mark.subject == u64::from(station.station.0) && Some(&mark.owner) == centre
            }
            (Self::Hub(station), kind::SEALING_KEY) => {
                mark.owner == station.device || Some(&mark.owner) == centre
            }
            (Self::Hub(station), kind::HEALTH) => mark.owner == station.device,
            (Self::Neighbours(a, b), kind::SEALING_KEY) => mark.owner == *a || mark.owner == *b,
            _ => false,
        }
    }
}
