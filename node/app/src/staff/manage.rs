//! 人员: who else may sign in at this box, added and stopped by whoever manages it (docs/decisions/0018). A code is told once, to
//! the person who asked for it, and is kept only as a hash.

use super::account::{Account, Given};
use super::sign_in::{all, end_sessions, put_account};
use crate::cases::once;
use crate::commit::{Job, Said};
use crate::{ActError, Node, Who, limit, ports};
use canon::Canon as _;
use model::{FieldErrors, Refusal};
use store::engine::{ReadTx, Table};
use store::meta;

/// Name of the counter that staff ids come from. It never goes back.
const IDS: &str = "staff ids";

/// A one-time code, to be shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct NewCode {
    /// Whose.
    pub id: String,
    /// Their name.
    pub name: String,
    /// The code; none when the same form made it before, since nobody knows it any more.
    pub code: Option<String>,
}

impl std::fmt::Debug for NewCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewCode").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What is done about somebody who is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// 停用: no sign-in, and every open page ends.
    Stopped,
    /// May add and stop people as well.
    Manages,
    /// Does not any more.
    Manned,
}

impl Node {
    /// Whether this person may add and stop people here.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn manages(&self, who: &Who) -> Result<bool, ActError> {
        let tx = self.engine().read()?;
        Ok(account(&*tx, &who.staff)?.is_some_and(|account| account.manages && !account.stopped))
    }

    /// Whether this person came in with a code that a colleague gave, and has no password yet: a password of one's own comes
    /// first then, so that the colleague's knowledge of the code ends.
    ///
    /// # Errors
    /// When the disk says no.
    pub fn owes_password(&self, who: &Who) -> Result<Option<Given>, ActError> {
        let tx = self.engine().read()?;
        let held = account(&*tx, &who.staff)?.filter(Account::owes_password);
        Ok(held.and_then(|account| account.given))
    }

    /// Adds a colleague, with a code for the first sign-in.
    ///
    /// # Errors
    /// [`ActError::Refused`] when the person does not manage this box, a field lacks, the name is there already, or there are
    /// too many; when the disk says no.
    pub fn add_staff(&self, who: &Who, name: &str, post: &str) -> Result<NewCode, ActError> {
        let (name, post) = (name.trim().to_owned(), post.trim().to_owned());
        let (code, hash) = self.code_with_hash()?;
        let (who, known) = (who.clone(), self.ids_known()?);
        self.commit(move |job| {
            may_manage(job, &who)?;
            let accounts = all(&*job.tx)?;
            if once::done_before(job)? {
                let made = accounts.into_iter().rfind(|account| account.name == name);
                let made = made.ok_or(ActError::NotFound)?;
                return Ok(NewCode { id: made.id, name: made.name, code: None });
            }
            let faults = faults(&accounts, &name, &post);
            if !faults.is_empty() {
                return Err(Refusal::fields(faults).into());
            }
            if accounts.len() >= limit::STAFF_MAX {
                return Err(Refusal::because("这台盒子上的人太多了，请打电话问工程师。").into());
            }
            let last = meta::get(job.tx, IDS)?.and_then(|bytes| bytes.try_into().ok());
            let last = last.map_or(0, u64::from_be_bytes);
            let used = accounts.iter().filter_map(|account| number(&account.id)).max();
            let fresh = last.max(known).max(used.unwrap_or(0)) + 1;
            meta::put(job.tx, IDS, &fresh.to_be_bytes())?;
            let id = format!("s{fresh}");
            let given = Some(given(job, &who));
            let made = Account { id, name, post, code: Some(hash), given, ..Account::default() };
            put_account(job.tx, &made)?;
            job.audit(&who, &Said { act: "加人员", detail: made.id.clone() }, None)?;
            once::remember(job)?;
            Ok(NewCode { id: made.id, name: made.name, code: Some(code) })
        })
    }

    /// Gives a colleague a new code. Their password and their open pages end with it, so that it can't be used behind their
    /// back without them noticing. Also takes up again who was stopped.
    ///
    /// # Errors
    /// [`ActError::Refused`] when the person does not manage this box, or asks for themself; [`ActError::NotFound`]; when the
    /// disk says no.
    pub fn give_staff_code(&self, who: &Who, id: &str) -> Result<NewCode, ActError> {
        let (code, hash) = self.code_with_hash()?;
        let (who, id) = (who.clone(), id.to_owned());
        self.commit(move |job| {
            may_manage(job, &who)?;
            let mut held = account(&*job.tx, &id)?.ok_or(ActError::NotFound)?;
            if id == who.staff {
                return Err(
                    Refusal::because("自己的登录码自己不能给，请别的管人员的同事或者工程师给。").into()
                );
            }
            if once::done_before(job)? {
                return Ok(NewCode { id, name: held.name, code: None });
            }
            held = Account {
                password: None,
                code: Some(hash),
                stopped: false,
                given: Some(given(job, &who)),
                ..held
            };
            put_account(job.tx, &held)?;
            end_sessions(job.tx, &id, None)?;
            job.audit(&who, &Said { act: "给登录码", detail: id }, None)?;
            once::remember(job)?;
            Ok(NewCode { id: held.id, name: held.name, code: Some(code) })
        })
    }

    /// Stops somebody, or changes whether they manage. A box is never without somebody who manages it.
    ///
    /// # Errors
    /// [`ActError::Refused`] when the person does not manage this box, nobody would any more, or they would stop themself;
    /// [`ActError::NotFound`]; when the disk says no.
    pub fn set_standing(&self, who: &Who, id: &str, standing: Standing) -> Result<(), ActError> {
        let (who, id) = (who.clone(), id.to_owned());
        self.commit(move |job| {
            may_manage(job, &who)?;
            let mut held = account(&*job.tx, &id)?.ok_or(ActError::NotFound)?;
            let manager_goes = held.manages && standing != Standing::Manages;
            let act = match standing {
                Standing::Stopped if id == who.staff => {
                    return Err(Refusal::because("不能停用自己，请别的管人员的同事来停。").into());
                }
                Standing::Stopped => {
                    held = Account { stopped: true, manages: false, password: None, code: None, ..held };
                    end_sessions(job.tx, &id, None)?;
                    "停用人员"
                }
                Standing::Manages if held.stopped => {
                    return Err(Refusal::because("这个人停用了，先给登录码，再让他管人员。").into());
                }
                Standing::Manages => {
                    held.manages = true;
                    "让管人员"
                }
                Standing::Manned => {
                    held.manages = false;
                    "不再管人员"
                }
            };
            put_account(job.tx, &held)?;
            let stays = |account: &Account| account.manages && account.can_sign_in();
            if manager_goes && !all(&*job.tx)?.iter().any(stays) {
                let words = "至少要留一个设了密码、能登录的人管人员。请先让别的同事管，等他设了密码再改；您自己还没设密码的，先设一个。";
                return Err(Refusal::because(words).into());
            }
            job.audit(&who, &Said { act, detail: id }, None)
        })
    }

    /// A fresh code for somebody, by the field engineer at the stopped box: the way back in when nobody else manages it. They
    /// manage it from then on.
    ///
    /// # Errors
    /// [`ActError::NotFound`] without such an account, or when the disk says no.
    pub fn rescue(&self, id: &str) -> Result<NewCode, ActError> {
        let (code, hash) = self.code_with_hash()?;
        let id = id.to_owned();
        self.commit(move |job| {
            let held = account(&*job.tx, &id)?.ok_or(ActError::NotFound)?;
            let engineer = Who {
                staff: "engineer".to_owned(),
                name: "工程师".to_owned(),
                post: String::new(),
                session: String::new(),
            };
            let given = Some(given(job, &engineer));
            let held =
                Account { password: None, code: Some(hash), stopped: false, manages: true, given, ..held };
            put_account(job.tx, &held)?;
            end_sessions(job.tx, &id, None)?;
            job.audit(&engineer, &Said { act: "给登录码", detail: id }, None)?;
            Ok(NewCode { id: held.id, name: held.name, code: Some(code) })
        })
    }

    /// A code of eight digits, and what is kept of it.
    fn code_with_hash(&self) -> Result<(String, String), ActError> {
        let _one = self.one_hash_at_a_time();
        let mut code = String::new();
        while code.len() < limit::CODE_DIGITS {
            let [byte] = ports::random::<1>(&*self.ports().random);
            // each digit as likely as the others
            if byte < 250 {
                code.push(char::from(b'0' + byte % 10));
            }
        }
        let hash = self.hash_secret(&code)?;
        Ok((code, hash))
    }

    /// The highest number of a staff id that this station's own records name: a replaced box has its township's records back,
    /// and no account, and must not call somebody new what somebody else was called.
    fn ids_known(&self) -> Result<u64, ActError> {
        let (reference, here, loads) = (self.reference(), self.station().0, self.clerks()?);
        let windows = reference.office.windows.get(&here).map(Vec::as_slice).unwrap_or_default();
        let away = reference.office.away.get(&here).map(Vec::as_slice).unwrap_or_default();
        let posts = windows.iter().flat_map(|window| [&window.a.id, &window.b.id]);
        let own = loads.iter().filter(|load| load.station == here).map(|load| &load.staff);
        let all = posts.chain(away.iter().map(|away| &away.clerk.id)).chain(own);
        let highest = all.filter_map(|id| number(id)).max();
        Ok(highest.unwrap_or(0))
    }
}

fn number(id: &str) -> Option<u64> {
    id.strip_prefix('s')?.parse().ok()
}

fn given(job: &Job<'_>, by: &Who) -> Given {
    Given { by: by.name.clone(), wall: job.node.ports().clock.wall() }
}

fn faults(accounts: &[Account], name: &str, post: &str) -> FieldErrors {
    let long = |text: &str| text.chars().count() > limit::STAFF_TEXT_CHARS;
    let mut faults = FieldErrors::default();
    if name.chars().count() < 2 || long(name) || name.chars().any(char::is_control) {
        faults.add("name", "姓名", "还没填姓名，写身份证上的名字，2 到 20 个字。".to_owned());
    } else if accounts.iter().any(|account| account.name == name || account.id == name) {
        faults.add(
            "name",
            "姓名",
            format!("已经有一个“{name}”了。是同一个人，就在下面点开给登录码；是同名的人，名字后面加个记号。"),
        );
    }
    if post.is_empty() || long(post) || post.chars().any(char::is_control) {
        faults.add("post", "岗位", "还没填岗位，例如“综合窗口”，最多 20 个字。".to_owned());
    }
    faults
}

fn may_manage(job: &Job<'_>, who: &Who) -> Result<(), ActError> {
    match account(&*job.tx, &who.staff)? {
        Some(account) if account.manages && !account.stopped => Ok(()),
        _ => Err(Refusal::because("您不管人员。要加人、停用和给登录码，请找管人员的同事。").into()),
    }
}

fn account<R: ReadTx + ?Sized>(tx: &R, id: &str) -> Result<Option<Account>, ActError> {
    let bytes = tx.get(Table::Staff, id.as_bytes())?;
    bytes.map(|bytes| Account::from_canon(&bytes).map_err(|_| ActError::Damaged("account"))).transpose()
}
