//! 登记: a matter is written down.

use jiff::civil::Date;

use super::{Acting, cell, needed, within};
use crate::{
    FieldErrors, Refusal,
    case::{Ctx, facts},
    matter::{Matter, Sort, event::*},
    office::Settings,
    person::{IdNumber, name_fault, phone_fault, tidy_code, tidy_name},
    record::Edit,
};

/// The person answerable.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answerable {
    /// Staff id; empty for nobody yet.
    pub staff: String,
    /// Name.
    pub name: String,
    /// Station.
    pub station: u16,
}

/// What is typed when a matter is written down.
#[derive(Debug, Clone, Default)]
pub struct Open {
    /// Of the sort's closed list.
    pub topic: String,
    /// Item code; empty for none.
    pub item: String,
    /// What it is about.
    pub words: String,
    /// The resident's name.
    pub name: String,
    /// Their phone.
    pub phone: String,
    /// Their id number.
    pub id_number: String,
    /// Until when; what the sort's own limit says where it has one.
    pub due: Option<Date>,
    /// Who answers for it.
    pub answerable: Answerable,
    /// What it belongs with.
    pub link: Option<(LinkedTo, [u8; 16])>,
}

/// Writes a matter down.
///
/// # Errors
/// [`Refusal`] with every field that needs another look.
pub fn open(sort: Sort, typed: &Open, settings: &Settings, ctx: &Ctx<'_>) -> Result<Edit, Refusal> {
    let mut wrong = FieldErrors::default();
    let tidy = Open {
        name: tidy_name(&typed.name),
        phone: tidy_code(&typed.phone),
        id_number: tidy_code(&typed.id_number),
        ..typed.clone()
    };
    check_person(sort, &tidy, ctx, &mut wrong);
    check_matter(sort, &tidy, ctx, &mut wrong);
    if !wrong.is_empty() {
        return Err(Refusal::fields(wrong));
    }
    let mut acting = Acting::on(&Matter::default(), ctx);
    let words = acting.maybe("open", &tidy.words);
    for (name, text) in
        [(facts::NAME, &tidy.name), (facts::PHONE, &tidy.phone), (facts::ID_NUMBER, &tidy.id_number)]
    {
        cell(&mut acting, name, text);
    }
    let due = settings.clock(sort, ctx.today, ctx.calendar).or(tidy.due);
    acting.event(Opened {
        sort,
        topic: tidy.topic,
        item: tidy.item,
        staff: tidy.answerable.staff,
        staff_name: tidy.answerable.name,
        staff_station: u64::from(tidy.answerable.station),
        due,
        words,
        on: ctx.today,
    })?;
    if let Some((to, id)) = tidy.link {
        acting.event(Linked { to, id })?;
    }
    Ok(acting.done())
}

fn check_person(sort: Sort, typed: &Open, ctx: &Ctx<'_>, wrong: &mut FieldErrors) {
    let wants_name = matches!(sort, Sort::Stuck | Sort::Transfer | Sort::Due);
    if (wants_name || !typed.name.is_empty())
        && let Some(fault) = name_fault(&typed.name)
    {
        wrong.add("name", "姓名", fault);
    }
    if (sort == Sort::Stuck || !typed.phone.is_empty())
        && let Some(fault) = phone_fault(&typed.phone)
    {
        wrong.add("phone", "电话", fault);
    }
    if (sort == Sort::Due || !typed.id_number.is_empty())
        && let Err(fault) = IdNumber::parse(&typed.id_number, ctx.today)
    {
        wrong.add("id_number", "证件号码", fault.to_string());
    }
}

fn check_matter(sort: Sort, typed: &Open, ctx: &Ctx<'_>, wrong: &mut FieldErrors) {
    let later = matches!(sort, Sort::Stuck | Sort::Norm | Sort::Behalf);
    if sort.topic(&typed.topic).is_empty() && !(later && typed.topic.is_empty()) {
        wrong.add("topic", "类别", "还没选类别，请选一项。");
    }
    let label = match sort {
        Sort::Consult => "问了什么",
        Sort::Stuck => "反映什么事",
        Sort::Account => "什么情况",
        Sort::Round => "看到什么",
        Sort::Transfer => "办什么",
        Sort::Rating => "哪里不满意",
        Sort::Due | Sort::Norm | Sort::Behalf => "说明",
    };
    let wanted = matches!(sort, Sort::Consult | Sort::Stuck | Sort::Account | Sort::Transfer | Sort::Rating)
        || (sort == Sort::Round && typed.topic != Sort::FINE);
    let told = if wanted {
        needed("words", label, &typed.words, "请照实写几句。")
    } else {
        within("words", label, &typed.words)
    };
    if let Err(refusal) = told {
        wrong.extend(refusal.fields);
    }
    if sort == Sort::Round && typed.topic != Sort::FINE {
        match typed.due {
            None => wrong.add("due", "整改期限", "还没填整改期限，请写到哪一天改好。"),
            Some(due) if due < ctx.today => {
                wrong.add("due", "整改期限", "整改期限早于今天，请核对日期。");
            }
            Some(_) => {}
        }
    }
}
