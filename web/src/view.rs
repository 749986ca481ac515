//! What the shared components show: plain, display-ready values. Nothing here knows a case, a key or a clock.

/// A status light: shape, colour and text say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Light {
    /// `ok`, `soon`, `today`, `over` or `pause`.
    pub class: &'static str,
    /// Such as “剩 6 天”.
    pub text: String,
}

/// Where a record is: shape, colour and text say the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// `saved`, `transit`, `receipt` or `reject`.
    pub class: &'static str,
    /// Such as “中心已回执”.
    pub text: String,
}

impl Truth {
    /// On this box's disk and nowhere else.
    #[must_use]
    pub fn saved() -> Self {
        Self { class: "saved", text: "本机已存".to_owned() }
    }

    /// Another box or a courier file durably holds it, the centre has not signed for it.
    #[must_use]
    pub fn transit() -> Self {
        Self { class: "transit", text: "在途".to_owned() }
    }

    /// The centre signed for it: on its disk, applied, complete.
    #[must_use]
    pub fn receipt() -> Self {
        Self { class: "receipt", text: "中心已回执".to_owned() }
    }

    /// The centre holds it and did not take it up.
    #[must_use]
    pub fn rejected() -> Self {
        Self { class: "reject", text: "中心未采纳".to_owned() }
    }
}

/// A small label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Empty, `blue`, `amber`, `red`, `green` or `out`.
    pub kind: &'static str,
    /// What it says.
    pub text: String,
}

impl Tag {
    /// A label of a kind.
    pub fn new(kind: &'static str, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }
}

/// One thing that is missing or wrong, with the id of the field that mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The field's element id; empty where no field can mend it.
    pub target: String,
    /// Which field, why, in one breath.
    pub text: String,
}

/// One choice of a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is posted.
    pub value: String,
    /// What is read.
    pub text: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: value.into(), text: text.into() }
    }
}

/// One of a few in a row, all of them in sight.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Segments {
    /// Element id of the first, and name of all.
    pub id: String,
    /// What is chosen.
    pub label: String,
    /// What was chosen.
    pub value: String,
    /// What may be.
    pub options: Vec<Choice>,
    /// What is wrong, and the cure.
    pub error: Option<String>,
}

impl Segments {
    /// A row of choices.
    pub fn new(
        id: impl Into<String>,
        label: impl Into<String>,
        value: impl Into<String>,
        options: Vec<Choice>,
    ) -> Self {
        Self { id: id.into(), label: label.into(), value: value.into(), options, error: None }
    }

    /// With what is wrong about it.
    #[must_use]
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }
}

/// A banner's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Empty, `green`, `amber` or `red`.
    pub kind: &'static str,
    /// What it says.
    pub text: String,
}

/// What kind of control a field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Control {
    /// One line.
    #[default]
    Text,
    /// One line, not shown while typed.
    Password,
    /// Several lines.
    Area,
    /// One of a few.
    Select,
}

/// One field of a form with everything the component shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// Element id and name.
    pub id: String,
    /// What it is.
    pub label: String,
    /// One small line beside the label.
    pub hint: String,
    /// What was typed, kept whatever was wrong with it.
    pub value: String,
    /// Which field, why, the cure; under the control.
    pub error: Option<String>,
    /// The control.
    pub control: Control,
    /// For a select.
    pub options: Vec<Choice>,
    /// `s`, `m`, `l` or `full`: how wide it stands in the form's grid.
    pub width: &'static str,
    /// Characters taken.
    pub max: usize,
    /// Lines of an area.
    pub rows: usize,
    /// The browser's autocomplete token; `off` for a resident's data on a shared PC.
    pub autocomplete: &'static str,
    /// The soft keyboard.
    pub inputmode: &'static str,
    /// An example inside the empty control.
    pub placeholder: String,
    /// Whether the page starts here.
    pub focus: bool,
    /// It may stay empty: the key that leads to what is missing goes past it.
    pub optional: bool,
}

impl Field {
    /// A line of text.
    pub fn text(id: impl Into<String>, label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
            value: value.into(),
            width: "m",
            max: 60,
            rows: 2,
            autocomplete: "off",
            ..Self::default()
        }
    }

    /// A choice.
    pub fn select(
        id: impl Into<String>,
        label: impl Into<String>,
        value: impl Into<String>,
        options: Vec<Choice>,
    ) -> Self {
        Self { control: Control::Select, options, ..Self::text(id, label, value) }
    }

    /// Several lines.
    pub fn area(id: impl Into<String>, label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { control: Control::Area, width: "full", max: 500, ..Self::text(id, label, value) }
    }

    /// With a small line beside the label.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// With its width in the grid.
    #[must_use]
    pub fn width(mut self, width: &'static str) -> Self {
        self.width = width;
        self
    }

    /// With at most this many characters.
    #[must_use]
    pub fn max(mut self, max: usize) -> Self {
        self.max = max;
        self
    }

    /// With what is wrong about it.
    #[must_use]
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    /// Whether the control is a select.
    #[must_use]
    pub fn is_select(&self) -> bool {
        self.control == Control::Select
    }

    /// Whether the control has several lines.
    #[must_use]
    pub fn is_area(&self) -> bool {
        self.control == Control::Area
    }

    /// The input's type.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        if self.control == Control::Password { "password" } else { "text" }
    }
}

/// One step of a route.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Such as “镇初审”.
    pub name: String,
    /// Who, when, outcome: one line each.
    pub lines: Vec<String>,
    /// Done.
    pub done: bool,
    /// Where the case stands.
    pub now: bool,
    /// A body without a box: drawn dashed.
    pub outside: bool,
}

/// One line of a timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// What was done.
    pub what: String,
    /// When, as a label.
    pub when: String,
    /// Who did it, and where.
    pub who: String,
    /// One more line.
    pub note: String,
}

/// One stage of the intake, at the left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stage {
    /// What is asked.
    pub name: String,
    /// What was answered, or what is missing.
    pub note: String,
    /// Where on the page it is; empty when not reachable yet.
    pub href: String,
    /// Answered.
    pub done: bool,
    /// Being asked.
    pub now: bool,
}

/// One thing that may be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Act {
    /// For tests and scripts.
    pub code: String,
    /// On the button.
    pub label: String,
    /// Where it is done.
    pub href: String,
    /// The key a script listens for; empty for none.
    pub key: String,
    /// The key as shown.
    pub key_cap: String,
    /// What it means.
    pub note: String,
    /// The most pressing.
    pub primary: bool,
    /// Ends the case.
    pub danger: bool,
}

/// One entry of the main navigation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Nav {
    /// What it is called.
    pub name: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// How many wait there.
    pub count: usize,
    /// Whether this is the page.
    pub now: bool,
}

/// The frame around every staff page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Desk {
    /// The station's or centre's name.
    pub place: String,
    /// What it belongs to, or how many stations it has.
    pub under: String,
    /// The main navigation: where one goes all day.
    pub nav: Vec<Nav>,
    /// And where one goes now and then.
    pub more: Vec<Nav>,
    /// Who is signed in.
    pub clerk: String,
    /// Which post.
    pub post: String,
    /// “11月23日 星期一”.
    pub date: String,
    /// “10:28”.
    pub time: String,
    /// The token every form of the page carries.
    pub csrf: String,
    /// Clock and version, at the right of the keys bar.
    pub foot: String,
    /// The date to be confirmed, once after each start of a box that cannot be sure of its clock.
    pub ask_day: Option<Day>,
}

/// A date, for a person and for the form that confirms it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Day {
    /// “2026年11月23日 星期一”.
    pub text: String,
    /// “2026-11-23”.
    pub value: String,
}

impl Day {
    /// Of a date.
    #[must_use]
    pub fn of(date: model::Date) -> Self {
        let text = format!("{}年{}", date.year(), crate::cases::words::day_and_weekday(date));
        Self { text, value: date.to_string() }
    }
}
