//! The pages of what follows a promise, and of what was done without.

use model::case::event::Source;

use super::Deed;
use super::form::{Asked, DeedForm, Tick, code};
use crate::cases::words;

/// The fields of such a deed.
pub(super) fn form(deed: Deed, asked: &Asked<'_>) -> DeedForm {
    let mut form = DeedForm::default();
    let names = |ids: Vec<&str>| {
        ids.into_iter().map(|id| words::named(id, asked.version)).collect::<Vec<_>>().join("、")
    };
    if deed == Deed::Verify {
        form.lead = "线路通了以后，在共享平台或电子证照里核对，再来登记。".to_owned();
        form.ticks_label = "核验了哪几样";
        let waiting = asked.case.unverified();
        form.ticks = waiting.iter().map(|id| tick(asked, id, waiting.len() == 1)).collect();
        let sources: Vec<_> =
            Source::ALL.iter().map(|source| (code(source.code()), source.label())).collect();
        form.choices = vec![
            asked.choice("source", "在哪里核对", &sources, "1"),
            asked.choice("holds", "核验结果", &[("1", "一致"), ("2", "对不上")], ""),
        ];
        form.fields = vec![asked.area("words", "核验情况", "").hint("对不上时写清哪里对不上")];
    } else if deed == Deed::CheckPromise {
        let vowed = asked.case.promised.iter().map(String::as_str).collect();
        form.lead = format!("用承诺代替的：{}。", names(vowed));
        form.warn = "登记不实的，此人修复以前不能再容缺、不能再承诺；已经批准的，还要撤销决定。";
        form.choices = vec![asked.choice("kept", "核查结果", &[("1", "属实"), ("2", "不实")], "")];
        form.fields = vec![asked.area("words", "核查情况", "").hint("向谁查的，查到什么")];
    } else if deed == Deed::LiftBar {
        form.lead = "改正以后登记修复，此人以后可以再容缺、再承诺。".to_owned();
        form.fields = vec![asked.area("reason", "修复理由", "").hint("改正了什么，谁同意的")];
    } else {
        form.warn = "撤销以后不能恢复，结果不再发放和交付。请打印撤销决定书送达。";
        form.fields = vec![
            asked.area("reason", "理由", "").hint("写给群众看，要说明白"),
            asked.line("basis", "依据", "").hint("哪个文件哪一条"),
        ];
    }
    form
}

fn tick(asked: &Asked<'_>, id: &str, only: bool) -> Tick {
    let on = asked.typed.map_or(only, |fields| fields.pairs().any(|pair| pair == ("materials", id)));
    Tick {
        id: format!("materials-{id}"),
        name: "materials",
        value: id.to_owned(),
        text: words::named(id, asked.version),
        note: String::new(),
        on,
    }
}
