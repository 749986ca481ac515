//! 人员: `/staff`, who may sign in at this box; whoever manages it adds colleagues, gives codes and stops people
//! (docs/decisions/0018). A code stands on the answer to its form and nowhere else.

#[cfg(test)]
mod tests;

use app::ActError;
use app::staff::{Account, NewCode, Standing};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use model::Refusal;

use crate::cases::words;
use crate::frame::{self, Place};
use crate::shell::fault::{Fault, note_refused};
use crate::shell::form::Fields;
use crate::shell::path::{Part, Query};
use crate::shell::session::{Act, Clerk};
use crate::view::{Desk, Field, Gap, Said, Tag};
use crate::{Site, page};

#[derive(Template)]
#[template(path = "staff/list.html")]
struct ListPage {
    desk: Desk,
    said: Option<Said>,
    gaps: Vec<Gap>,
    lines: Vec<Line>,
    /// For those who manage.
    form: Option<Form>,
    /// For the others: whom to ask.
    managers: String,
}

struct Line {
    id: String,
    name: String,
    post: String,
    /// Empty where there is nothing to do.
    href: String,
    note: String,
    tags: Vec<Tag>,
}

struct Form {
    once: String,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "staff/person.html")]
struct PersonPage {
    desk: Desk,
    said: Option<Said>,
    id: String,
    name: String,
    tags: Vec<Tag>,
    facts: Vec<(&'static str, String)>,
    acts: Vec<Press>,
    once: String,
}

/// One thing that can be done about a person, and what follows from it.
struct Press {
    value: &'static str,
    label: &'static str,
    what: &'static str,
    danger: bool,
}

#[derive(Template)]
#[template(path = "staff/code.html")]
struct CodePage {
    desk: Desk,
    id: String,
    name: String,
    /// Empty when it was shown before.
    code: String,
}

/// What was just done.
#[derive(serde::Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

impl Done {
    fn said(&self) -> Option<Said> {
        let text = match self.done.as_str() {
            "stopped" => "停用了，他开着的页面都退出了。办过的件还在他名下。",
            "manages" => "他现在也能管人员。",
            "manned" => "他不再管人员。",
            _ => return None,
        };
        Some(Said { kind: "green", text: text.to_owned() })
    }
}

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/staff", get(list).post(add)).route("/staff/{id}", get(person).post(act))
}

fn once(node: &app::Node, clerk: &Clerk, about: &str, fields: &Fields) -> app::Node {
    crate::cases::perform::once(clerk, about, "staff", fields)
        .map_or_else(|| node.clone(), |(form, content)| node.once(form, content))
}

fn tags(account: &Account) -> Vec<Tag> {
    let mut tags = Vec::new();
    if account.manages {
        tags.push(Tag::new("blue", "管人员"));
    }
    if account.stopped {
        tags.push(Tag::new("", "已停用"));
    } else if account.password.is_none() && account.code.is_some() {
        tags.push(Tag::new("amber", "等本人登录"));
    }
    tags
}

/// Who gave the last code, and whether it was used: everybody sees it.
fn code_note(account: &Account) -> String {
    let Some(given) = &account.given else { return String::new() };
    let used = if account.code.is_some() { "还没用" } else { "用过了" };
    let used = if account.stopped { "作废了" } else { used };
    format!("{} {}给的登录码，{used}", words::moment(given.wall), given.by)
}

async fn listed(
    site: &Site,
    clerk: &Clerk,
    said: Option<Said>,
    typed: Option<(&Fields, &Refusal)>,
) -> Result<ListPage, Fault> {
    let who = clerk.who.clone();
    let (mut accounts, manages) =
        site.ask(move |node| Ok::<_, ActError>((node.accounts()?, node.manages(&who)?))).await??;
    accounts.sort_by_key(|account| (account.stopped, account.id.len(), account.id.clone()));
    let managers: Vec<&str> = accounts
        .iter()
        .filter(|account| account.manages && !account.stopped)
        .map(|account| account.name.as_str())
        .collect();
    let field = |id: &'static str, label, hint: &'static str| {
        let value = typed.map_or("", |(fields, _)| fields.get(id));
        let error = typed.and_then(|(_, refusal)| refusal.fields.of(id)).map(str::to_owned);
        Field::text(id, label, value).hint(hint).max(app::limit::STAFF_TEXT_CHARS).error(error)
    };
    let form = manages.then(|| Form {
        once: site.fresh_form(),
        fields: vec![field("name", "姓名", "印在纸上的名字"), field("post", "岗位", "例如“综合窗口”")],
    });
    Ok(ListPage {
        desk: frame::desk(site, clerk, Place::Staff),
        said,
        gaps: typed.map(|(_, refusal)| gaps(refusal)).unwrap_or_default(),
        managers: managers.join("、"),
        lines: accounts
            .iter()
            .map(|account| Line {
                id: account.id.clone(),
                name: account.name.clone(),
                post: account.post.clone(),
                href: if manages { format!("/staff/{}", account.id) } else { String::new() },
                note: code_note(account),
                tags: tags(account),
            })
            .collect(),
        form,
    })
}

fn gaps(refusal: &Refusal) -> Vec<Gap> {
    if refusal.fields.is_empty() {
        return vec![Gap { target: "name".to_owned(), text: refusal.message.clone() }];
    }
    let gap = |error: &model::FieldError| Gap { target: error.field.clone(), text: error.message.clone() };
    refusal.fields.iter().map(gap).collect()
}

async fn list(State(site): State<Site>, Query(done): Query<Done>, clerk: Clerk) -> Result<Response, Fault> {
    page::show(&listed(&site, &clerk, done.said(), None).await?)
}

fn told(site: &Site, clerk: &Clerk, made: NewCode) -> Result<Response, Fault> {
    page::show(&CodePage {
        desk: frame::desk(site, clerk, Place::Staff),
        id: made.id,
        name: made.name,
        code: made.code.map(spaced).unwrap_or_default(),
    })
}

/// In fours, as one reads a number aloud. The sign-in takes it with or without.
fn spaced(code: String) -> String {
    let middle = code.len() / 2;
    let (first, last) = code.split_at_checked(middle).unwrap_or((code.as_str(), ""));
    format!("{first} {last}")
}

async fn add(State(site): State<Site>, Act { clerk, fields }: Act) -> Result<Response, Fault> {
    let (by, sent) = (clerk.clone(), fields.clone());
    let made = site
        .ask_staff(move |node| {
            once(node, &by, "new", &sent).add_staff(&by.who, sent.get("name"), sent.get("post"))
        })
        .await?;
    match made {
        Ok(made) => told(&site, &clerk, made),
        Err(ActError::Refused(refusal)) => {
            note_refused("new staff", &refusal.fields);
            let shown = listed(&site, &clerk, None, Some((&fields, &refusal))).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&shown)?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `others`: who else manages and can sign in.
fn presses(account: &Account, own: bool, others: usize) -> Vec<Press> {
    let press = |value, label, what, danger| Press { value, label, what, danger };
    let mut presses = Vec::new();
    if !own {
        presses.push(press(
            "code",
            if account.stopped { "重新启用，给登录码" } else { "给登录码" },
            "忘了密码、换了人或者停用以后回来，给一个新的登录码。他原来的密码作废，开着的页面都退出；哪天谁给的，大家都看得见。",
            false,
        ));
    }
    if !account.stopped && !account.manages {
        presses.push(press(
            "manage",
            "让他也管人员",
            "他也能加人、停用、给登录码。站长不在的时候有人管。",
            false,
        ));
    }
    if !account.stopped && account.manages && (!own || others > 0) {
        presses.push(press("unmanage", "不再管人员", "他还能办件，不能再加人、停用、给登录码。", false));
    }
    if !own && !account.stopped {
        presses.push(press(
            "stop",
            "停用",
            "调走、离职的人停用。马上不能登录，开着的页面都退出；办过的件和记录都在，工号不再给别人。",
            true,
        ));
    }
    presses
}

async fn person(
    State(site): State<Site>,
    Part(id): Part<String>,
    Query(done): Query<Done>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    shown(&site, &clerk, id, done.said()).await.and_then(|shown| page::show(&shown))
}

async fn shown(site: &Site, clerk: &Clerk, id: String, said: Option<Said>) -> Result<PersonPage, Fault> {
    let who = clerk.who.clone();
    let (accounts, manages) =
        site.ask(move |node| Ok::<_, ActError>((node.accounts()?, node.manages(&who)?))).await??;
    if !manages {
        return Err(Fault::NotAllowed("您不管人员。要加人、停用和给登录码，请找管人员的同事。".to_owned()));
    }
    let others = accounts.iter().filter(|one| one.manages && one.can_sign_in() && one.id != id).count();
    let account = accounts.into_iter().find(|one| one.id == id).ok_or(Fault::NotFound)?;
    let note = code_note(&account);
    let way = match (account.stopped, account.password.is_some(), account.code.is_some()) {
        (true, ..) => "停用了，不能登录",
        (_, true, _) => "用自己的密码",
        (_, _, true) => "用登录码，还没登录过",
        _ => "没有设密码，退出以后要再给登录码",
    };
    let mut facts =
        vec![("工号", account.id.clone()), ("岗位", account.post.clone()), ("登录", way.to_owned())];
    if !note.is_empty() {
        facts.push(("登录码", note));
    }
    Ok(PersonPage {
        desk: frame::desk(site, clerk, Place::Staff),
        said,
        tags: tags(&account),
        facts,
        acts: presses(&account, account.id == clerk.who.staff, others),
        once: site.fresh_form(),
        id: account.id,
        name: account.name,
    })
}

async fn act(
    State(site): State<Site>,
    Part(id): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let (standing, done) = match fields.get("do") {
        "code" => {
            let by = clerk.clone();
            let made =
                site.ask_staff(move |node| once(node, &by, &id, &fields).give_staff_code(&by.who, &id));
            return told(&site, &clerk, made.await??);
        }
        "stop" => (Standing::Stopped, "stopped"),
        "manage" => (Standing::Manages, "manages"),
        "unmanage" => (Standing::Manned, "manned"),
        _ => return Err(Fault::BadForm),
    };
    let (who, of) = (clerk.who.clone(), id.clone());
    match site.ask(move |node| node.set_standing(&who, &of, standing)).await? {
        // who gave it up themself sees the list only
        Ok(()) if id == clerk.who.staff => Ok(Redirect::to(&format!("/staff?done={done}")).into_response()),
        Ok(()) => Ok(Redirect::to(&format!("/staff/{id}?done={done}")).into_response()),
        Err(ActError::Refused(refusal)) => {
            note_refused("staff", &refusal.fields);
            let said = Said { kind: "amber", text: refusal.message };
            let shown = shown(&site, &clerk, id, Some(said)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page::show(&shown)?).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
