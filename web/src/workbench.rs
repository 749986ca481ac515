//! The clerk's home: find, today's numbers, my cases by what is due first, where the records are, drafts.

use askama::Template;

use crate::view::{Desk, Light, Said, Truth};

/// The keys this page answers to, as its bar shows them.
pub(crate) const KEYS: [(&[&str], &str); 5] = [
    (&["/"], "到查找"),
    (&["J", "K"], "选办件"),
    (&["Enter"], "打开"),
    (&["Alt+N"], "新收件"),
    (&["Alt+D"], "接着办草稿"),
];

/// The workbench as shown.
#[derive(Template)]
#[template(path = "workbench.html")]
pub struct Workbench {
    /// The frame.
    pub desk: Desk,
    /// What the last act said.
    pub said: Option<Said>,
    /// Items this station handles most.
    pub often: Vec<Often>,
    /// Today's numbers.
    pub numbers: Vec<Number>,
    /// Cases in the list as a whole.
    pub count: usize,
    /// Views of the list.
    pub tabs: Vec<Tab>,
    /// This page of the list.
    pub rows: Vec<Row>,
    /// The next page of the list.
    pub more: Option<String>,
    /// Where the records are.
    pub place: Whereabouts,
    /// Unfinished intakes.
    pub drafts: Vec<Draft>,
}

/// A shortcut to an item.
pub struct Often {
    /// Its short name.
    pub name: String,
    /// Its pinyin initials.
    pub initials: String,
    /// Where its intake starts.
    pub href: String,
}

/// One of today's numbers.
pub struct Number {
    /// How many.
    pub count: usize,
    /// Of what.
    pub text: &'static str,
    /// Empty, `amber` or `red`.
    pub class: &'static str,
}

/// One view of the list.
pub struct Tab {
    /// Its name and count.
    pub text: String,
    /// Where it is.
    pub href: String,
    /// Whether it is shown.
    pub now: bool,
}

/// One case in the list.
pub struct Row {
    /// Its deadline.
    pub light: Light,
    /// The applicant, masked.
    pub who: String,
    /// The item.
    pub item: String,
    /// Where it stands.
    pub step: String,
    /// Whether that is with a body without a box.
    pub outside: bool,
    /// What comes next.
    pub next: String,
    /// Where that is done; empty when others must act.
    pub next_href: String,
    /// Where the record is.
    pub truth: Truth,
    /// The case number without the station and year.
    pub number: String,
    /// The case page.
    pub href: String,
}

/// Where this box's records are.
#[derive(Default)]
pub struct Whereabouts {
    /// The oldest without the centre's receipt.
    pub oldest: Option<Age>,
    /// On this box alone.
    pub saved: String,
    /// With another box or a courier.
    pub transit: String,
    /// Signed for by the centre.
    pub receipt: String,
    /// What else is known, one sentence each.
    pub lines: Vec<String>,
    /// Whether the demo's cut switch exists.
    pub demo: bool,
}

/// How long something waits.
pub struct Age {
    /// The number.
    pub number: i64,
    /// Its unit.
    pub unit: &'static str,
    /// Which record.
    pub what: String,
    /// The bar's length, 0 to 320 for 72 hours.
    pub bar: i64,
}

/// An unfinished intake.
pub struct Draft {
    /// Item and applicant, masked.
    pub text: String,
    /// What is missing, how old.
    pub note: String,
    /// Where it goes on.
    pub href: String,
}
