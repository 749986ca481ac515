//! The one file that turns errors into pages: each says in plain Chinese what happened and what to do next, and
//! carries the request id, so that a word on the phone finds the line in the log.

use app::ActError;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use model::FieldErrors;

use super::form::Fields;
use super::host::Stranger;
use crate::{Site, sign_in};

/// Why a page could not be given. Holds no personal value: what was typed rides in [`Fields`], which hides itself.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Fault {
    /// An address this box does not answer to, or a form from elsewhere.
    #[error(transparent)]
    Stranger(#[from] StrangerFault),
    /// No such page, or a case this clerk may not see: the two look the same on purpose.
    #[error("not found")]
    NotFound,
    /// The page exists, but not for this verb.
    #[error("wrong method")]
    WrongMethod,
    /// The body was longer than any form of ours.
    #[error("body too large")]
    TooLarge,
    /// A file was larger than any workbook of ours.
    #[error("file too large")]
    FileTooLarge,
    /// The body did not arrive in time.
    #[error("body too slow")]
    SlowBody,
    /// The body was no form.
    #[error("body is not a form")]
    BadForm,
    /// A list was asked for from a place that is none of ours.
    #[error("bad cursor")]
    BadCursor,
    /// What follows the `?` of an address cannot be read.
    #[error("bad query")]
    BadQuery,
    /// Nobody is signed in. What was typed comes along and is offered again after the sign-in.
    #[error("sign in first")]
    SignInFirst {
        /// The page to return to.
        back: String,
        /// The posted form, if there was one.
        typed: Option<Fields>,
        /// A file was posted, which cannot come along.
        lost: bool,
    },
    /// A colleague gave the code with which this person came in: a password of their own comes first.
    #[error("password first")]
    PasswordFirst,
    /// The page was made for an earlier sign-in. What was typed is offered again.
    #[error("form is stale")]
    Stale {
        /// Where the form was going.
        action: String,
        /// The posted form.
        typed: Fields,
        /// The token of the session as it is now.
        csrf: String,
    },
    /// This clerk or this box may not do that; the words are for the person.
    #[error("not allowed")]
    NotAllowed(String),
    /// An act that the case does not allow as it stands now; the words are for the person.
    #[error("act is not open")]
    NotOpen {
        /// Why, and what comes first.
        words: String,
        /// The case's page.
        back: String,
    },
    /// Too many tries; the words say how long to wait.
    #[error("throttled")]
    Throttled(String),
    /// The box can't do it now; the words say what to do.
    #[error("unavailable: {log}")]
    Unavailable {
        /// For the person.
        words: String,
        /// For the log: no personal value.
        log: String,
    },
    /// A page took too long.
    #[error("timed out")]
    TimedOut,
    /// A defect of ours.
    #[error("defect: {0}")]
    Defect(&'static str),
}

/// A request from nowhere we know, in the shape the pages need.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error(transparent)]
pub struct StrangerFault(Stranger);

impl From<Stranger> for Fault {
    fn from(stranger: Stranger) -> Self {
        Self::Stranger(StrangerFault(stranger))
    }
}

impl Fault {
    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Stranger(StrangerFault(Stranger::Host)) => StatusCode::MISDIRECTED_REQUEST,
            Self::Stranger(StrangerFault(Stranger::Origin)) => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge | Self::FileTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::SlowBody => StatusCode::REQUEST_TIMEOUT,
            Self::BadForm | Self::BadCursor | Self::BadQuery => StatusCode::BAD_REQUEST,
            Self::SignInFirst { .. } | Self::PasswordFirst => StatusCode::UNAUTHORIZED,
            Self::Stale { .. } | Self::NotOpen { .. } | Self::NotAllowed(_) => StatusCode::CONFLICT,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable { .. } | Self::TimedOut => StatusCode::SERVICE_UNAVAILABLE,
            Self::Defect(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The form was good and the box was not: what was typed is offered again.
    pub(crate) fn may_be_sent_again(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::TimedOut | Self::Defect(_))
    }

    fn heading(&self) -> &'static str {
        match self {
            Self::Stranger(StrangerFault(Stranger::Host)) => "这个网址不是本站的",
            Self::Stranger(StrangerFault(Stranger::Origin)) => "这次提交不是从本站的页面发出的",
            Self::NotFound => "没有这一页",
            Self::WrongMethod => "这一页不能这样打开",
            Self::TooLarge => "提交的内容太多",
            Self::FileTooLarge => "文件太大",
            Self::SlowBody => "内容没有传完",
            Self::BadForm => "提交的内容读不出来",
            Self::BadCursor => "翻页的位置不对",
            Self::BadQuery => "网址后面的内容读不出来",
            Self::SignInFirst { .. } | Self::PasswordFirst => "请先登录",
            Self::Stale { .. } => "这一页是上次登录时打开的",
            Self::NotAllowed(_) | Self::NotOpen { .. } => "这件事现在不能办",
            Self::Throttled(_) => "试得太多了，请等一等",
            Self::Unavailable { .. } => "盒子现在办不了",
            Self::TimedOut => "等得太久了",
            Self::Defect(_) => "盒子出了错",
        }
    }

    fn words(&self) -> &str {
        match self {
            Self::Stranger(StrangerFault(Stranger::Host)) => {
                "请用标签上印的网址打开。网址换过的，请找工程师把新网址加到盒子里。"
            }
            Self::Stranger(StrangerFault(Stranger::Origin)) => {
                "为了安全没有办。请从工作台重新打开那一页，再提交一次。"
            }
            Self::NotFound => "可能是网址抄错了，或者这份记录不在本站。请回工作台，用查找再找一次。",
            Self::WrongMethod => "请回工作台，从页面上的按钮进去。",
            Self::TooLarge => "什么都没有存。请把太长的说明缩短，再提交一次。",
            Self::FileTooLarge => {
                "什么都没有导入。表格文件最多 4 MB，500 个事项也用不了；太大多半是插了图片，请删掉图片再存一次。"
            }
            Self::SlowBody => "什么都没有存。请看看网线或无线网，再提交一次。",
            Self::BadForm => "什么都没有存。请退回上一页，再提交一次。",
            Self::BadCursor => "请回到列表第一页，再往后翻。",
            Self::BadQuery => "可能是网址抄错了。请从页面上的按钮进去。",
            Self::SignInFirst { .. } | Self::PasswordFirst => "登录以后会回到刚才那一页，填过的都还在。",
            Self::Stale { .. } => "填过的都还在。看一看是不是您要办的，点“接着提交”就行。",
            Self::NotAllowed(words)
            | Self::NotOpen { words, .. }
            | Self::Throttled(words)
            | Self::Unavailable { words, .. } => words,
            Self::TimedOut => "可能已经办成，也可能没有。请先回工作台看一看，再决定要不要重办。",
            Self::Defect(_) => "已经存下的没有丢。请回工作台再试一次；还不行，就把下面的编号报给工程师。",
        }
    }
}

/// A fault answers with its status alone and itself beside it; [`page`] gives it a face once the request id is known.
impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage<'a> {
    heading: &'a str,
    words: &'a str,
    request: &'a str,
    again: Option<Again>,
    /// The form can be sent again from here; there is a way back beside it.
    kept: bool,
    /// The way back, and what it is called.
    back: (&'a str, &'static str),
}

/// Notes in the log that an answer says no to a form, which is drawn again and so is no [`Fault`]: why, by a fixed word,
/// and the names of the fields. Their values stay out of it.
pub(crate) fn note_refused(reason: &str, fields: &FieldErrors) {
    let fields = fields.iter().map(|error| error.field.as_str()).collect::<Vec<_>>().join(" ");
    tracing::warn!(reason, fields, "refused");
}

/// A form offered again with what was typed.
struct Again {
    action: String,
    label: &'static str,
    hidden: Vec<(String, String)>,
}

impl From<ActError> for Fault {
    fn from(error: ActError) -> Self {
        if error.is_disk_full() {
            let words = "盒子的磁盘快满了，这一次没有存下；以前存下的没有丢。请打电话给工程师腾地方。";
            return Self::Unavailable { words: words.to_owned(), log: error.to_string() };
        }
        if error.is_document_full() {
            let words = "这份记录改的次数太多，已经写满，这一次没有存下；以前存下的都在。请打电话给镇中心，另起一份接着办。";
            return Self::Unavailable { words: words.to_owned(), log: error.to_string() };
        }
        match error {
            ActError::NotFound => Self::NotFound,
            ActError::BadCursor => Self::BadCursor,
            ActError::Refused(refusal) => Self::NotAllowed(refusal.message),
            ActError::Store(_)
            | ActError::Kept(_)
            | ActError::Damaged(_)
            | ActError::Load(_)
            | ActError::Edit(_) => Self::Unavailable {
                words: "没有存下。请看看盒子的硬盘灯，再试一次；还不行就打电话给工程师。".to_owned(),
                log: error.to_string(),
            },
        }
    }
}

/// What is typed anew each time, and is never sent back to a browser.
const SECRETS: [&str; 3] = ["password", "again", "code"];

/// The page for a fault. `sent` is the form that met it, and where it went.
pub(crate) fn page(site: &Site, fault: &Fault, request: &str, sent: Option<(String, Fields)>) -> Response {
    if matches!(fault, Fault::PasswordFirst) {
        return Redirect::to("/password").into_response();
    }
    if let Fault::SignInFirst { back, typed, lost } = fault {
        return sign_in::first(site, back, typed.as_ref(), *lost);
    }
    let again = if let Fault::Stale { action, typed, csrf } = fault {
        let mut hidden = typed.without(&["csrf"]);
        hidden.push(("csrf".to_owned(), csrf.clone()));
        Some(Again { action: action.clone(), label: "接着提交", hidden })
    } else {
        sent.map(|(action, fields)| Again {
            action, label: "再提交一次", hidden: fields.without(&SECRETS)
        })
    };
    let kept = again.is_some() && fault.may_be_sent_again();
    let back = if let Fault::NotOpen { back, .. } = fault {
        let case = ["/cases/", "/queue/"].iter().any(|front| back.starts_with(front));
        (back.as_str(), if case { "回这件办件" } else { "回去" })
    } else {
        ("/", "回工作台")
    };
    let view = FaultPage { heading: fault.heading(), words: fault.words(), request, again, kept, back };
    let html = view.render().unwrap_or_else(|_| fault.heading().to_owned());
    (fault.status(), Html(html)).into_response()
}
