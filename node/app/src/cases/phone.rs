//! The clerk's phone as a camera: a code on the draft's page opens one page that adds photos to that draft and does nothing
//! else. No cookie, no name: who has the code may add photos until the draft is received, the code is taken back, or half an
//! hour has gone on the box's own monotonic clock. A restart takes every code back.

use super::{CaseId, CaseView, NewPhoto, Saved};
use crate::commit::Said;
use crate::limit::{PHONE_MS, PHONES_MAX};
use crate::{ActError, Node, Who, ports, views};
use data_encoding::HEXLOWER;
use model::Refusal;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use subtle::ConstantTimeEq as _;

/// The codes that are out, by draft: one each.
#[derive(Default)]
pub(crate) struct Doors(Mutex<BTreeMap<CaseId, Door>>);

struct Door {
    token: [u8; 16],
    who: Who,
    until_ms: u64,
}

impl Doors {
    fn open(&self, now_ms: u64) -> MutexGuard<'_, BTreeMap<CaseId, Door>> {
        let mut doors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        doors.retain(|_, door| door.until_ms > now_ms);
        doors
    }
}

/// A code that is out, for the draft's page.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneCode {
    /// 32 hex digits: the last part of the phone page's address.
    pub token: String,
    /// How long it still opens, in milliseconds.
    pub left_ms: u64,
}

/// Why a phone is not let in.
#[derive(Debug, thiserror::Error)]
pub enum PhoneRefusal {
    /// No such code now.
    #[error("no such code")]
    Wrong,
    /// Too many wrong tries from there.
    #[error("wait {0} ms")]
    Wait(u64),
    /// The box could not do it.
    #[error(transparent)]
    Act(#[from] ActError),
}

impl Node {
    /// Puts a code out for a draft; one that was out before is taken back.
    ///
    /// # Errors
    /// [`ActError::NotFound`] when it is no draft; [`ActError::Refused`] when too many codes are out.
    pub fn open_phone(&self, who: &Who, draft: CaseId) -> Result<(), ActError> {
        if !views::is_draft(&*self.engine().read()?, &draft.0)? {
            return Err(ActError::NotFound);
        }
        let now = self.ports().clock.monotonic_ms();
        let token = ports::random(&*self.ports().random);
        let mut doors = self.doors().open(now);
        if doors.len() >= PHONES_MAX && !doors.contains_key(&draft) {
            return Err(Refusal::because("同时开着的手机拍照太多，请先把不用的收回。").into());
        }
        doors.insert(draft, Door { token, who: who.clone(), until_ms: now.saturating_add(PHONE_MS) });
        drop(doors);
        let who = who.clone();
        self.commit(move |job| job.audit(&who, &Said::new("开手机拍照"), Some(draft.0)))
    }

    /// Takes a draft's code back.
    pub fn close_phone(&self, draft: CaseId) {
        self.doors().open(self.ports().clock.monotonic_ms()).remove(&draft);
    }

    /// The code that is out for a draft.
    #[must_use]
    pub fn phone_code(&self, draft: CaseId) -> Option<PhoneCode> {
        let now = self.ports().clock.monotonic_ms();
        let doors = self.doors().open(now);
        let door = doors.get(&draft)?;
        Some(PhoneCode { token: HEXLOWER.encode(&door.token), left_ms: door.until_ms.saturating_sub(now) })
    }

    /// The draft that a code opens. `source` is where the phone is, for slowing guesses down.
    ///
    /// # Errors
    /// [`PhoneRefusal`].
    pub fn by_phone(&self, token: &str, source: &str) -> Result<CaseView, PhoneRefusal> {
        Ok(self.let_in(token, source)?.0)
    }

    /// Takes a photo from a phone into the draft, in the name of whoever put the code out.
    ///
    /// # Errors
    /// [`PhoneRefusal`], within it as [`Node::add_photo`].
    pub fn add_by_phone(&self, token: &str, source: &str, new: NewPhoto) -> Result<Saved, PhoneRefusal> {
        let (view, who) = self.let_in(token, source)?;
        // the code of a package's first draft is good for all of it
        let (draft, material) = self.photo_place(view.id, &new.material)?;
        // a phone adds, it never takes away
        Ok(self.add_photo(&who, draft, NewPhoto { instead: None, material, ..new })?)
    }

    fn let_in(&self, token: &str, source: &str) -> Result<(CaseView, Who), PhoneRefusal> {
        let now = self.ports().clock.monotonic_ms();
        let source = format!("phone {source}");
        let wait = self.queries().wait(&source, now);
        if wait > 0 {
            return Err(PhoneRefusal::Wait(wait));
        }
        let named: Option<[u8; 16]> =
            HEXLOWER.decode(token.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        let fits = |door: &Door| named.is_some_and(|named| door.token.ct_eq(&named).into());
        let found = {
            let doors = self.doors().open(now);
            doors.iter().find(|(_, door)| fits(door)).map(|(draft, door)| (*draft, door.who.clone()))
        };
        let Some((draft, who)) = found else {
            self.queries().wrong(&source, now);
            tracing::info!(source, "a phone's code was refused");
            return Err(PhoneRefusal::Wrong);
        };
        if !views::is_draft(&*self.engine().read().map_err(ActError::from)?, &draft.0)? {
            self.close_phone(draft);
            return Err(PhoneRefusal::Wrong);
        }
        Ok((self.case(draft)?, who))
    }
}
