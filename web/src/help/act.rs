//! `POST /help/{case}`: says, suggests, takes, declines, closes.

use app::cases::{CaseId, Saved, photo_name};
use app::{ActError, Node, Who};
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use model::Refusal;
use model::case::help::{Say, Suggest};

use super::thread;
use crate::Site;
use crate::cases::perform::once;
use crate::cases::show::id;
use crate::shell::fault::Fault;
use crate::shell::form::Fields;
use crate::shell::path::Part;
use crate::shell::session::Act;

/// Does what the button says.
pub(crate) async fn act(
    State(site): State<Site>,
    Part(case): Part<String>,
    Act { clerk, fields }: Act,
) -> Result<Response, Fault> {
    let of = id(&case)?;
    let (who, typed) = (clerk.who.clone(), fields.clone());
    let form = once(&clerk, &case, "help", &fields);
    let done = site
        .ask(move |node| {
            let node = form.map_or_else(|| node.clone(), |(form, content)| node.once(form, content));
            press(&node, &who, of, &typed)
        })
        .await?;
    match done {
        Ok(_saved) => Ok(Redirect::to(&format!("/help/{case}#say")).into_response()),
        Err(ActError::Refused(refusal)) => thread::refused(&site, &clerk, of, &fields, &refusal).await,
        // a draft that became a case meanwhile: what was typed is shown again on the case's own page
        Err(ActError::NotFound) => thread::moved(&site, &clerk, of, &fields).await,
        Err(error) => Err(error.into()),
    }
}

fn press(node: &Node, who: &Who, id: CaseId, fields: &Fields) -> Result<Saved, ActError> {
    let text = |name: &str| fields.get(name).to_owned();
    let all = |name: &str| -> Vec<String> {
        fields.pairs().filter(|(known, _)| *known == name).map(|(_, value)| value.to_owned()).collect()
    };
    match fields.get("do") {
        "say" => {
            let photos = all("photo").iter().filter_map(|name| photo_name(name)).collect();
            node.help_say(who, id, Say { words: text("words"), fields: all("field"), photos })
        }
        "suggest" => {
            let command = Suggest { field: text("field"), value: text("value"), words: text("why") };
            node.help_suggest(who, id, command)
        }
        "choose" => {
            let none = || Refusal::field("choice", "建议选择", "还没选，请选一项。");
            let (field, value) = fields.get("choice").split_once('=').ok_or_else(none)?;
            let command =
                Suggest { field: field.to_owned(), value: value.to_owned(), words: text("choice-why") };
            node.help_suggest(who, id, command)
        }
        "take" => node.help_take(who, id, text("suggestion")),
        "decline" => node.help_decline(who, id, text("suggestion"), text("why-not")),
        "close" => node.help_close(who, id),
        _other => Err(Refusal::because("没有这个按钮，请刷新再办。").into()),
    }
}
