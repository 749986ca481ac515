//! 转给属地村: the resident lives in another village, whose station goes on with the case.

use super::{CaseId, Saved};
use crate::commit::Said;
use crate::{ActError, Node, Who};
use identity::Role;
use model::Refusal;
use model::case::route;

impl Node {
    /// The township's village stations, by number: what a clerk picks the resident's village from.
    #[must_use]
    pub fn villages_known(&self) -> Vec<(u16, String)> {
        let membership = self.membership();
        let stations = membership.members().iter().filter(|member| member.role == Role::Station);
        let mut known: Vec<_> = stations.map(|member| (member.station.0, member.name.clone())).collect();
        known.sort();
        known
    }

    /// A village must be one of the township's.
    pub(crate) fn known_village(&self, field: &str, to: u16) -> Result<(), Refusal> {
        if self.villages_known().iter().any(|(number, _)| *number == to) {
            return Ok(());
        }
        Err(Refusal::field(field, "属地村", "镇里的名单上没有这个村站，请重选。"))
    }

    /// Passes a case on to the station of the village where the resident lives.
    ///
    /// # Errors
    /// As [`Node::approve`], or when there is no such station.
    pub fn route(&self, who: &Who, id: CaseId, to: u16, words: String) -> Result<Saved, ActError> {
        self.known_village("to", to)?;
        self.act(who, id, Said::new("转给属地村"), move |acting| {
            route::route(acting.case, to, &words, acting.ctx)
        })
    }
}
