//! Printed papers: what each says is put together here from the case; how it lies on the sheet is `components/paper`.

pub mod fill;
pub mod lay;
pub mod qr;
#[cfg(test)]
mod tests;

use askama::Template;

use lay::Sheet;
use qr::Qr;

/// A paper on its page: a bar with the print button, which is not printed, and one sheet per copy.
#[derive(Template)]
#[template(path = "papers/paper.html")]
pub struct PaperPage {
    /// The paper.
    pub paper: Paper,
    /// Its sheets, the same for each copy.
    pub sheets: Vec<Sheet>,
    /// Where Escape and the bar lead back to.
    pub back: String,
    /// Whether the print dialogue opens at once.
    pub print_now: bool,
}

impl PaperPage {
    /// Lays a paper on its sheets, of the size that was chosen where it is not made for one.
    #[must_use]
    pub fn of(mut paper: Paper, back: String, chosen: Option<Size>) -> Self {
        if let Some(size) = chosen.filter(|_| !paper.fixed) {
            paper.size = size.code();
        }
        let sheets = lay::lay(&paper);
        Self { paper, sheets, back, print_now: false }
    }
}

/// Several papers on one page, printed with one press.
#[derive(Template)]
#[template(path = "papers/many.html")]
pub(crate) struct ManyPapers {
    title: &'static str,
    papers: Vec<(Paper, Vec<Sheet>)>,
    back: (String, &'static str),
    /// The size that was chosen; each paper's own where none was.
    size: &'static str,
}

impl ManyPapers {
    /// Lays them one after another.
    pub(crate) fn of(
        title: &'static str,
        papers: Vec<Paper>,
        back: (String, &'static str),
        chosen: Option<Size>,
    ) -> Self {
        let lay = |paper: Paper| {
            let page = PaperPage::of(paper, String::new(), chosen);
            (page.paper, page.sheets)
        };
        let size = chosen.map_or("", Size::code);
        Self { title, papers: papers.into_iter().map(lay).collect(), back, size }
    }
}

/// What a printer may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// 148 × 210 mm.
    A5,
    /// 210 × 297 mm.
    A4,
}

impl Size {
    /// In URLs, in the cookie that remembers it, in class names.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::A5 => "a5",
            Self::A4 => "a4",
        }
    }

    /// Reads [`Size::code`].
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        [Self::A5, Self::A4].into_iter().find(|size| size.code() == code)
    }
}

/// Any of the papers of domain.md.
#[derive(Debug, Clone, Default)]
pub struct Paper {
    /// `a5` or `a4`.
    pub size: &'static str,
    /// `number` says how many cases stand on it.
    pub counts: bool,
    /// Made for this size: no other is offered.
    pub fixed: bool,
    /// Spaced for the sheet: “受 理 通 知 书”.
    pub title: String,
    /// For the window: “受理通知书”.
    pub title_plain: String,
    /// The body in whose name it stands.
    pub organ: String,
    /// Which copies are printed, one sheet each: “申请人联”, “存根联”.
    pub copies: Vec<&'static str>,
    /// The case number, or that it has none yet.
    pub number: String,
    /// Whom it addresses.
    pub to: String,
    /// The one sentence it is for.
    pub lead: String,
    /// The table.
    pub rows: Vec<Row>,
    /// Paragraphs under the table: rights, consequences.
    pub text: Vec<String>,
    /// How to ask for progress; absent before the case has a number.
    pub ask: Option<Ask>,
    /// Which seal belongs here; empty where only the applicant signs.
    pub seal: String,
    /// Signatures and dates, left and right.
    pub foot: Vec<(String, String)>,
    /// The station and where it stands.
    pub place: String,
    /// What to do with the paper.
    pub keep: &'static str,
    /// For the clerk, beside the print button.
    pub hint: String,
}

impl Paper {
    /// What stands before the number: a list of many cases has how many instead of one number.
    #[must_use]
    pub fn number_word(&self) -> &'static str {
        if self.counts { "件数" } else { "编号" }
    }
}

/// One row of a paper's table: one value, a pair beside it, or lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// The first heading.
    pub name: String,
    /// The first value.
    pub value: String,
    /// A second heading and value in the same row.
    pub pair: Option<(String, String)>,
    /// A numbered list instead of a value.
    pub lines: Vec<Line>,
    /// Columns instead of a value.
    pub cells: Vec<String>,
    /// Names the columns of the rows after it; stands again on the next sheet.
    pub heading: bool,
    /// The first value is what one looks for: it stands in bold.
    pub strong: bool,
}

/// One line of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// From 1, over all sheets.
    pub number: usize,
    /// What.
    pub left: String,
    /// How; may be empty.
    pub right: String,
    /// How stands under what: both together are too wide.
    pub stacked: bool,
}

impl Row {
    /// One value over the whole width.
    pub fn wide(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), ..Self::default() }
    }

    /// Two values side by side.
    pub fn two(
        name: impl Into<String>,
        value: impl Into<String>,
        second: impl Into<String>,
        second_value: impl Into<String>,
    ) -> Self {
        Self { pair: Some((second.into(), second_value.into())), ..Self::wide(name, value) }
    }

    /// With the first value in bold.
    #[must_use]
    pub fn strong(self) -> Self {
        Self { strong: true, ..self }
    }

    /// Columns side by side.
    pub fn cells(name: impl Into<String>, cells: Vec<String>) -> Self {
        Self { name: name.into(), cells, ..Self::default() }
    }

    /// What the columns of the rows after it are.
    pub fn heading(name: impl Into<String>, cells: Vec<String>) -> Self {
        Self { heading: true, ..Self::cells(name, cells) }
    }

    /// A numbered list.
    pub fn list(name: impl Into<String>, lines: Vec<(String, String)>) -> Self {
        let line = |(left, right)| Line { left, right, ..Line::default() };
        Self { name: name.into(), lines: lines.into_iter().map(line).collect(), ..Self::default() }
    }
}

/// How a resident asks for progress.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Leads a phone on the station's Wi-Fi to the progress page; never holds the query code.
    pub qr: Qr,
    /// One sentence each.
    pub lines: Vec<String>,
    /// Six digits, spaced to be read aloud.
    pub code: String,
}

/// Spaces a title the way official papers do.
#[must_use]
pub fn spaced(title: &str) -> String {
    title.chars().map(String::from).collect::<Vec<_>>().join(" ")
}
