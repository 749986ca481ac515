//! Beside the applicant: what the same person asks for already, and the clerk's word about it.

use app::cases::Twin;
use model::case::facts;

use super::build::Taking;
use crate::cases::words;
use crate::view::{Choice, Segments};

/// Another draft or case of the same person and item.
pub(crate) struct TwinRow {
    /// Of a package: which item, with a colon.
    pub(crate) of: String,
    pub(crate) text: String,
    pub(crate) href: String,
    pub(crate) link: &'static str,
    /// What this one is beside it; nothing is asked about a draft.
    pub(crate) answer: Option<Segments>,
}

impl Taking<'_> {
    pub(super) fn twins(&self) -> Vec<TwinRow> {
        self.twins.iter().map(|twin| self.twin(twin)).collect()
    }

    fn twin(&self, twin: &Twin) -> TwinRow {
        let line = &twin.line;
        let station = self.names.get(&line.station).cloned();
        let place = station.unwrap_or_else(|| format!("{} 站", line.station));
        let hex = line.id.hex();
        let (Some(on), false) = (twin.on, twin.draft) else {
            let text = format!("这个人办这件事另有一份草稿，{}起的，还没收件。", twin.clerk);
            return TwinRow {
                of: String::new(),
                text,
                href: format!("/intake/{hex}"),
                link: "看那份草稿",
                answer: None,
            };
        };
        let text = format!(
            "这个人办这件事已经收过一件：{}，{}收件，{}，在{place}。",
            line.number,
            words::day(on),
            line.stage.label(),
        );
        let name = facts::twin(&hex);
        let options = vec![Choice::new("apart", "确认不是重复"), Choice::new("again", "另一次办理")];
        let answer = Segments::new(name.as_str(), "这一件是", self.typed(&name), options);
        TwinRow {
            of: String::new(),
            text,
            href: format!("/cases/{hex}"),
            link: "看那一件",
            answer: Some(answer.error(self.error(&name))),
        }
    }
}
