//! Leave to look at one photo once, given to one session after its reason was written down. In memory: a restart takes all
//! of it back.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use app::Node;
use app::cases::{CaseId, PhotoName};

use crate::limit;

/// What was given and not yet used.
#[derive(Default)]
pub(crate) struct Grants(Mutex<BTreeMap<String, Grant>>);

struct Grant {
    session: String,
    case: CaseId,
    photo: PhotoName,
    until_ms: u64,
}

impl Grants {
    /// Gives leave; the answer is the number that the image's address carries.
    pub(crate) fn give(
        &self,
        session: &str,
        case: CaseId,
        photo: PhotoName,
        now_ms: u64,
        node: &Node,
    ) -> String {
        let number: [u8; 16] = app::ports::random(&*node.ports().random);
        let number = data_encoding::HEXLOWER.encode(&number);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, grant| grant.until_ms > now_ms);
        while all.len() >= limit::GRANTS_MAX {
            all.pop_first();
        }
        let until_ms = now_ms.saturating_add(limit::GRANT_MS);
        all.insert(number.clone(), Grant { session: session.to_owned(), case, photo, until_ms });
        number
    }

    /// Uses it up.
    pub(crate) fn take(
        &self,
        number: &str,
        session: &str,
        case: CaseId,
        photo: PhotoName,
        now_ms: u64,
    ) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = all.get(number).is_some_and(|grant| {
            grant.session == session && grant.case == case && grant.photo == photo && grant.until_ms > now_ms
        });
        fits && all.remove(number).is_some()
    }
}
