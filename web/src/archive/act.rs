//! `/archive/{case}/{act}`: filing, moving, keeping longer, taking out, sealing, and what only the centre does with a sealed one.

use app::ActError;
use app::cases::{CaseId, Saved, Why};
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::case::Verdict;
use model::case::event::{Asker, Kind};

use super::{export, one, terms};
use crate::Site;
use crate::cases::perform::once;
use crate::cases::show::{Opened, id};
use crate::frame::{self, Place};
use crate::page;
use crate::registers::sheet::{self, Form, Frame};
use crate::shell::fault::Fault;
use crate::shell::form::Fields;
use crate::shell::path::Part;
use crate::shell::session::{Act, Clerk};
use crate::view::{Choice, Field, Segments};

/// What can be done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    File,
    Shelf,
    Prolong,
    Export,
    Seal,
    Open,
    Unseal,
}

impl Deed {
    fn parse(code: &str) -> Result<Self, Fault> {
        Ok(match code {
            "file" => Self::File,
            "shelf" => Self::Shelf,
            "prolong" => Self::Prolong,
            "export" => Self::Export,
            "seal" => Self::Seal,
            "open" => Self::Open,
            "unseal" => Self::Unseal,
            _ => return Err(Fault::NotFound),
        })
    }

    /// Why it cannot be done here now; none when it can.
    fn why_not(self, opened: &Opened) -> Option<String> {
        let kind = match self {
            Self::File => Kind::Archived,
            Self::Shelf => Kind::ShelfMoved,
            Self::Prolong => Kind::RetentionProlonged,
            Self::Seal => Kind::Sealed,
            Self::Export => {
                let open = opened.view.case.outcome.is_none();
                return open.then(|| "还没办结，办结以后再导出。".to_owned());
            }
            Self::Open | Self::Unseal => return None,
        };
        match opened.view.case.may(kind, opened.here) {
            Verdict::Refused(why) => Some(why),
            Verdict::Applies | Verdict::Repeats => None,
        }
    }

    /// Its heading, its button, what is said before the fields, and what cannot be taken back.
    fn look(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::File => {
                ("归档", "归档", "把纸质材料理好、编页，放进柜子，照实写。", "归档以后只能往里加，不能改。")
            }
            Self::Shelf => ("移动位置", "存下", "档案换了地方，写新的位置；原来的位置还在记录里。", ""),
            Self::Prolong => {
                ("延长保管", "延长保管", "到期的档案先鉴定：还有用的延长保管。不会自动销毁。", "")
            }
            Self::Export => (
                "导出",
                "导出",
                "导出成一个压缩包：卷内目录、照片、每个文件的指纹。遮住的不带照片和姓名号码。",
                "",
            ),
            Self::Seal => (
                "有人要求删除",
                "封存",
                "受理过的办件在保管期满以前依法要留，不能删除。有人要求删除的，改为封存：留着，但不再使用。",
                "封存以后列表和查找里都没有，谁也不能看、不能办；只有镇中心写明理由才能查阅或解除。",
            ),
            Self::Open => {
                ("查阅封存件", "记下并查阅", "只显示这一次。您的姓名、时间和理由记进这一件，不能删。", "")
            }
            Self::Unseal => ("解除封存", "解除封存", "解除以后回到列表里，又可以查找和使用。", ""),
        }
    }
}

fn line(typed: Option<&Fields>, name: &str, label: &str) -> Field {
    Field::text(name, label, typed.map_or("", |fields| fields.get(name))).width("full")
}

fn form(deed: Deed, typed: Option<&Fields>) -> Form {
    let (_, _, lead, warn) = deed.look();
    let mut form = Form { lead: vec![lead.to_owned()], warn, ..Form::default() };
    let was = |name: &str, now: &str| typed.map_or(now, |fields| fields.get(name)).to_owned();
    let mut reason = Field::area("reason", "理由", was("reason", ""));
    (reason.max, reason.rows) = (300, 3);
    match deed {
        Deed::File => {
            form.fields = vec![
                line(typed, "shelf", "放在哪里").hint("柜-盒-件，例如 3柜-2盒-15件").max(40),
                line(typed, "pages", "纸质页数").max(4),
            ];
        }
        Deed::Shelf => form.fields = vec![line(typed, "shelf", "新的位置").hint("柜-盒-件").max(40)],
        Deed::Prolong => {
            form.choices = vec![terms::choice("再保管多久", &was("years", ""))];
            form.fields = vec![reason.hint("鉴定的意见")];
        }
        Deed::Export => {
            let whole = vec![Choice::new("", "遮住的"), Choice::new("1", "完整的，要记下")];
            let whys = Why::ALL.iter().map(|why| Choice::new(why.code(), why.label())).collect();
            form.choices = vec![
                Segments::new("whole", "导出哪一种", was("whole", ""), whole),
                Segments::new("why", "完整的要选为什么", was("why", ""), whys),
            ];
        }
        Deed::Seal => {
            let askers =
                Asker::ALL.iter().map(|one| Choice::new(one.code().to_string(), one.label())).collect();
            form.choices = vec![Segments::new("asker", "谁要求的", was("asker", "1"), askers)];
            form.fields = vec![reason];
        }
        Deed::Open | Deed::Unseal => form.fields = vec![reason],
    }
    form
}

async fn shown(
    site: &Site,
    clerk: &Clerk,
    (case, id): (&str, CaseId),
    (deed, act): (Deed, &str),
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<Response, Fault> {
    let sealed = matches!(deed, Deed::Open | Deed::Unseal);
    let number = if sealed {
        "封存件".to_owned()
    } else {
        let opened = site.ask(move |node| Opened::read(node, id)).await??;
        // nobody fills a form that cannot be done; what was typed on an older page is shown with why
        if let (None, Some(words)) = (typed, deed.why_not(&opened)) {
            return Err(Fault::NotOpen { words, back: format!("/cases/{case}") });
        }
        opened.view.case.number().unwrap_or_default().to_owned()
    };
    let (title, button, ..) = deed.look();
    let back = if sealed {
        ("回封存的".to_owned(), "/archive?list=sealed".to_owned())
    } else {
        ("回档案".to_owned(), format!("/archive/{case}"))
    };
    let frame = Frame {
        title: format!("{title}：{number}"),
        button: button.to_owned(),
        action: format!("/archive/{case}/{act}"),
        back,
    };
    sheet::ask(site, clerk, frame, form(deed, typed), refusal)
}

/// Asks for what it needs.
pub(crate) async fn ask(
    State(site): State<Site>,
    Part((case, act)): Part<(String, String)>,
    clerk: Clerk,
) -> Result<Response, Fault> {
    let (id, deed) = (id(&case)?, Deed::parse(&act)?);
    if matches!(deed, Deed::Open | Deed::Unseal) && !site.node().is_centre() {
        return Err(Fault::NotAllowed("封存的办件由镇中心负责人查阅和解除，请联系镇中心。".to_owned()));
    }
    shown(&site, &clerk, (&case, id), (deed, &act), None, None).await
}

/// Does it.
pub(crate) async fn perform(
    State(site): State<Site>,
    Part((case, act)): Part<(String, String)>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let (id, deed) = (id(&case)?, Deed::parse(&act)?);
    let done = match deed {
        Deed::Export => export::file(&site, &clerk, id, &fields).await,
        Deed::Open => open(&site, &clerk, id, &fields).await,
        Deed::File | Deed::Shelf | Deed::Prolong | Deed::Seal | Deed::Unseal => {
            write(&site, &clerk, (&case, id), (deed, &act), &fields).await
        }
    };
    match done {
        Ok(response) => Ok(response),
        Err(Undone::Refused(refusal)) => {
            shown(&site, &clerk, (&case, id), (deed, &act), Some(&fields), Some(&refusal)).await
        }
        Err(Undone::Fault(fault)) => Err(fault),
    }
}

/// Why it was not done: for the form, or for a page of its own.
pub(super) enum Undone {
    Refused(Refusal),
    Fault(Fault),
}

impl From<Fault> for Undone {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<ActError> for Undone {
    fn from(error: ActError) -> Self {
        if let ActError::Refused(refusal) = error {
            Self::Refused(refusal)
        } else {
            Self::Fault(error.into())
        }
    }
}

async fn open(site: &Site, clerk: &Clerk, id: CaseId, fields: &Fields) -> Result<Response, Undone> {
    let (who, reason) = (clerk.who.clone(), fields.get("reason").to_owned());
    let opened = site
        .ask(move |node| Ok::<_, ActError>(Opened::of(node, node.open_sealed(&who, id, reason)?)))
        .await??;
    let desk = frame::desk(site, clerk, Place::Archive);
    Ok(page::show(&one::sheet(desk, &opened, Vec::new(), true))?)
}

async fn write(
    site: &Site,
    clerk: &Clerk,
    (case, id): (&str, CaseId),
    (deed, act): (Deed, &str),
    fields: &Fields,
) -> Result<Response, Undone> {
    let (who, typed) = (clerk.who.clone(), fields.clone());
    let form = once(clerk, case, act, fields);
    let saved = site
        .ask(move |node| {
            let node = form.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
            written(&node, &who, id, deed, &typed)
        })
        .await??;
    let code = if saved.before { "again" } else { act };
    let to = match deed {
        Deed::Seal => "/archive?list=sealed&done=seal".to_owned(),
        Deed::Unseal => "/archive?list=sealed&done=unseal".to_owned(),
        Deed::File | Deed::Shelf | Deed::Prolong | Deed::Export | Deed::Open => {
            format!("/archive/{case}?done={code}")
        }
    };
    Ok(Redirect::to(&to).into_response())
}

fn written(
    node: &app::Node,
    who: &app::Who,
    id: CaseId,
    deed: Deed,
    fields: &Fields,
) -> Result<Saved, ActError> {
    let text = |name: &str| fields.get(name).to_owned();
    match deed {
        // what is no number is no count of pages
        Deed::File => node.file_case(who, id, text("shelf"), fields.get("pages").parse().unwrap_or(0)),
        Deed::Shelf => node.move_shelf(who, id, text("shelf")),
        Deed::Prolong => {
            let years = fields.get("years").parse().unwrap_or(u64::MAX);
            node.prolong(who, id, years, text("reason"))
        }
        Deed::Seal => {
            let asker = Asker::ALL.iter().find(|one| one.code().to_string() == fields.get("asker"));
            let none = || Refusal::field("asker", "谁要求的", "还没选谁要求的，请选一项。");
            node.seal_case(who, id, *asker.ok_or_else(none)?, text("reason"))
        }
        Deed::Unseal => node.unseal_case(who, id, text("reason")),
        Deed::Export | Deed::Open => Err(ActError::NotFound),
    }
}
