//! Which rows stand on which sheet. Browsers of 2020 can't count pages, so it is reckoned here: a sheet is never filled
//! beyond what its text can need at the widest, and each knows its number and how many there are.

use super::{Line, Paper, Row};

/// One sheet of a paper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Its rows; a list that does not fit goes on on the next sheet.
    pub rows: Vec<Row>,
    /// From 1.
    pub page: usize,
    /// How many there are.
    pub pages: usize,
    /// Its rows stand closer, so that little is not left for a further sheet.
    pub tight: bool,
}

impl Sheet {
    /// It has the head and the one sentence.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.page == 1
    }

    /// It has the seal, the signatures and how to ask for progress.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.page == self.pages
    }
}

/// Millimetres of one size of paper, as `components/paper/paper.css` sets them.
struct Size {
    /// Height between the margins, a little less than there is.
    height: f32,
    /// Width between the margins.
    width: f32,
    /// One character of the table.
    em: f32,
    /// A row's heading column.
    heading: f32,
    /// The title and the two lines about it.
    head: f32,
    /// Least height of a row.
    row: f32,
    /// A table's line of text in characters' heights.
    line: f32,
    /// What a cell adds to it.
    cell: f32,
}

const A5: Size = Size {
    height: 193.0,
    width: 128.0,
    em: 3.36,
    heading: 17.5,
    head: 24.0,
    row: 6.4,
    line: 1.42,
    cell: 1.8,
};
const A4: Size = Size {
    height: 263.0,
    width: 174.0,
    em: 4.06,
    heading: 30.0,
    head: 31.0,
    row: 9.0,
    line: 1.42,
    cell: 1.8,
};
/// As `.sheet--tight` sets them.
const A5_TIGHT: Size = Size { row: 5.2, line: 1.3, cell: 1.0, ..A5 };
const A4_TIGHT: Size = Size { row: 7.0, line: 1.3, cell: 1.0, ..A4 };

const CELL_SIDES: f32 = 4.0;
const POINT: f32 = 0.353;

impl Size {
    fn of(paper: &Paper, tight: bool) -> &'static Self {
        match (paper.size, tight) {
            ("a4", false) => &A4,
            ("a4", true) => &A4_TIGHT,
            (_, false) => &A5,
            (_, true) => &A5_TIGHT,
        }
    }

    fn wide(&self) -> f32 {
        self.width - self.heading - CELL_SIDES
    }

    fn half(&self) -> f32 {
        (self.width - 2.0 * self.heading) / 2.0 - CELL_SIDES
    }

    fn lines(&self, count: f32) -> f32 {
        count * self.em * self.line
    }

    fn cell(&self, row: &Row) -> f32 {
        let name = lines(&row.name, self.heading + self.em, self.em);
        if !row.cells.is_empty() {
            let one = self.columns(row.cells.len());
            let most = row.cells.iter().zip(one).map(|(text, width)| lines(text, width, self.em));
            return (self.lines(most.fold(1.0, f32::max)) + self.cell).max(self.row);
        }
        let most = match &row.pair {
            Some((second, value)) => lines(second, self.heading + self.em, self.em)
                .max(lines(&row.value, self.half(), self.em))
                .max(lines(value, self.half(), self.em)),
            None => lines(&row.value, self.wide(), self.em),
        };
        (self.lines(most.max(name)) + self.cell).max(self.row)
    }

    /// Widths of so many columns, as `.sheet__cols--N` sets them.
    fn columns(&self, count: usize) -> Vec<f32> {
        let room = self.width - self.heading;
        let shares: &[f32] = if count == 4 { &[0.4, 0.28, 0.15, 0.17] } else { &[0.3, 0.42, 0.28] };
        shares.iter().map(|share| room * share - CELL_SIDES).collect()
    }

    fn line(&self, line: &Line) -> f32 {
        let (wide, number) = (self.wide(), 2.5 * self.em);
        let left = lines(&line.left, wide - number, self.em);
        let right = if line.stacked { lines(&line.right, wide - number, self.em) } else { 0.0 };
        self.lines(left + right) + 0.3
    }

    /// Whether left and right can stand side by side.
    fn beside(&self, line: &Line) -> bool {
        ems(&line.left) + ems(&line.right) + 5.0 < self.wide() / self.em
    }

    fn lead(&self, paper: &Paper) -> f32 {
        let em = 10.5 * POINT;
        lines(&format!("{}：{}", paper.to, paper.lead), self.width, em) * em * 1.5 + 4.2
    }

    fn head(&self, paper: &Paper) -> f32 {
        let organ = lines(&paper.organ, self.width, 12.0 * POINT * 1.2) - 1.0;
        self.head + organ * 6.4 + self.lead(paper)
    }

    /// Where it stands, what to do with it, the page's number.
    fn foot(&self, paper: &Paper) -> f32 {
        let em = 7.5 * POINT;
        (lines(&paper.place, self.width, em) + lines(paper.keep, self.width - 22.0, em)) * em * 1.5 + 3.2
    }

    /// Everything after the table.
    fn tail(&self, paper: &Paper) -> f32 {
        let text = |text: &String| lines(&format!("　　{text}"), self.width, self.em) * self.em * 1.6 + 2.0;
        let ask = paper.ask.as_ref().map_or(0.0, |ask| {
            let (em, seal) = (8.5 * POINT, if paper.seal.is_empty() { 0.0 } else { 33.0 });
            let said: f32 = ask.lines.iter().map(|line| lines(line, self.width - 28.0 - seal, em)).sum();
            said * em * 1.45 + 12.5
        });
        let seal = if paper.seal.is_empty() { 0.0 } else { 30.0 };
        let qr = if paper.ask.is_some() { 25.0 } else { 0.0 };
        let signed = |pair: &(String, String)| {
            lines(&pair.0, self.width / 2.0, self.em).max(lines(&pair.1, self.width / 2.0, self.em))
        };
        let foot: f32 = paper.foot.iter().map(signed).sum();
        let under = f32::max(ask, seal).max(qr);
        paper.text.iter().map(text).sum::<f32>() + under + 4.0 + foot * self.em * 1.7 + 2.5
    }
}

/// Width in characters, each at its widest.
fn ems(text: &str) -> f32 {
    let one = |c: char| match c {
        ' ' | ',' | '.' | ':' | ';' | '\'' | '/' | '(' | ')' | '-' => 0.4,
        c if c.is_ascii_uppercase() => 0.78,
        c if c.is_ascii() => 0.6,
        '\u{80}'..='\u{2ff}' => 0.7,
        _ => 1.0,
    };
    text.chars().map(one).sum()
}

/// Lines that a text needs in a width; one character less than fits, since a comma never begins a line.
fn lines(text: &str, width: f32, em: f32) -> f32 {
    let fits = (width / em - 1.0).max(1.0);
    text.split('\n').map(|part| (ems(part) / fits).ceil().max(1.0)).sum()
}

struct Pile<'a> {
    size: &'a Size,
    done: Vec<Vec<Row>>,
    rows: Vec<Row>,
    used: f32,
    room: f32,
    /// Room of every sheet after the first.
    next: f32,
    /// What names the columns of the rows that are being put.
    heading: Option<Row>,
}

impl Pile<'_> {
    fn turn(&mut self) {
        self.done.push(std::mem::take(&mut self.rows));
        (self.used, self.room) = (0.0, self.next);
    }

    fn put(&mut self, row: Row) {
        if row.heading {
            self.heading = Some(row.clone());
        } else if row.cells.is_empty() {
            self.heading = None;
        }
        if row.lines.is_empty() {
            let height = self.size.cell(&row);
            // a heading does not stand alone at the foot
            let more = if row.heading { 2.0 * height } else { height };
            if self.used + more > self.room && !self.rows.is_empty() {
                self.turn();
                self.again(&row);
            }
            self.used += height;
            self.rows.push(row);
        } else {
            self.put_list(row);
        }
    }

    /// The columns' names once more, before a row that begins a sheet.
    fn again(&mut self, row: &Row) {
        if let Some(heading) = self.heading.clone().filter(|_| !row.heading && !row.cells.is_empty()) {
            self.used += self.size.cell(&heading);
            self.rows.push(heading);
        }
    }

    fn put_list(&mut self, row: Row) {
        let begin = |name: &str| Row { name: name.to_owned(), ..Row::default() };
        let (name, again) = (row.name.clone(), format!("{}（续）", row.name));
        let mut piece = begin(&name);
        let mut height = self.size.cell;
        for (place, mut line) in row.lines.into_iter().enumerate() {
            line.number = place + 1;
            line.stacked = !line.right.is_empty() && !self.size.beside(&line);
            let more = self.size.line(&line);
            let full = self.used + height + more > self.room;
            if full && !(piece.lines.is_empty() && self.rows.is_empty()) {
                if !piece.lines.is_empty() {
                    self.rows.push(std::mem::replace(&mut piece, begin(&again)));
                }
                self.turn();
                height = self.size.cell;
            }
            height += more;
            piece.lines.push(line);
        }
        self.used += height.max(self.size.row);
        self.rows.push(piece);
    }

    /// Makes room for what follows the table: if there is none, the last row goes over with it, or the last line of a list.
    fn end(&mut self, tail: f32) {
        if self.used + tail <= self.room {
            return;
        }
        let Some(mut last) = self.rows.pop() else { return };
        if last.lines.len() > 1 {
            let moved = last.lines.pop();
            let name = if last.name.ends_with("（续）") {
                last.name.clone()
            } else {
                format!("{}（续）", last.name)
            };
            self.rows.push(last);
            self.turn();
            self.rows.push(Row { name, lines: moved.into_iter().collect(), ..Row::default() });
        } else if self.rows.is_empty() {
            self.rows.push(last);
            self.turn();
        } else {
            self.turn();
            self.again(&last);
            self.rows.push(last);
        }
    }
}

/// The sheets of one copy: with rows closer together where that saves a sheet.
#[must_use]
pub fn lay(paper: &Paper) -> Vec<Sheet> {
    let wide = laid(paper, false);
    if wide.len() == 1 {
        return wide;
    }
    let tight = laid(paper, true);
    if tight.len() < wide.len() { tight } else { wide }
}

fn laid(paper: &Paper, tight: bool) -> Vec<Sheet> {
    let size = Size::of(paper, tight);
    let foot = size.foot(paper);
    let (first, next) = (size.height - size.head(paper) - foot, size.height - 9.0 - foot);
    let mut pile =
        Pile { size, done: Vec::new(), rows: Vec::new(), used: 0.0, room: first, next, heading: None };
    for row in paper.rows.clone() {
        pile.put(row);
    }
    pile.end(size.tail(paper));
    pile.turn();
    let pages = pile.done.len();
    pile.done.into_iter().enumerate().map(|(at, rows)| Sheet { rows, page: at + 1, pages, tight }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(rows: Vec<Row>) -> Paper {
        Paper { size: "a5", seal: "受理专用章".to_owned(), rows, ..Paper::default() }
    }

    fn materials(count: usize, length: usize) -> Row {
        let line = |n| (format!("{n}{}", "长".repeat(length)), "原件核验，不留存".to_owned());
        Row::list("收到材料", (0..count).map(line).collect())
    }

    /// Fails when a line of a list is lost, doubled or numbered anew on the next sheet.
    #[test]
    fn every_line_stands_on_one_sheet() {
        for count in 1..60 {
            let sheets = lay(&paper(vec![
                Row::wide("事项", "示例"),
                materials(count, 30),
                Row::wide("收费", "不收费"),
            ]));
            let numbers: Vec<usize> =
                sheets.iter().flat_map(|s| &s.rows).flat_map(|r| &r.lines).map(|l| l.number).collect();
            assert_eq!(numbers, (1..=count).collect::<Vec<_>>());
            assert!(sheets.iter().all(|s| !s.rows.is_empty() && s.pages == sheets.len()));
            let wide = sheets.iter().flat_map(|s| &s.rows).filter(|r| r.lines.is_empty()).count();
            assert_eq!(wide, 2);
        }
        assert_eq!(lay(&paper(vec![materials(3, 5)])).len(), 1);
        assert!(lay(&paper(vec![materials(50, 30)])).len() > 2);
    }

    /// Fails when a nearly full sheet spills one row onto another, or a paper with room for all is set close.
    #[test]
    fn a_nearly_full_sheet_is_set_closer() {
        let sheets = |rows: usize| lay(&paper(vec![Row::wide("项", "值"); rows]));
        let first = (1..60).find(|rows| sheets(*rows)[0].tight).unwrap();
        assert_eq!(sheets(first).len(), 1);
        assert!(!sheets(first - 1)[0].tight && sheets(first + 2).len() == 1);
        let spilt = (first..60).find(|rows| sheets(*rows).len() == 2).unwrap();
        assert!(!sheets(spilt)[0].tight, "where two are needed anyway, rows keep their room");
    }

    /// Fails when a row of a table is lost, or a sheet goes on with it without saying what its columns are.
    #[test]
    fn a_table_that_goes_on_names_its_columns_again() {
        let head = || Row::heading("序号", vec!["姓名".to_owned(); 3]);
        for count in 1..70 {
            let mut rows = vec![head()];
            rows.extend((1..=count).map(|n| Row::cells(n.to_string(), vec!["吴秀英".to_owned(); 3])));
            let sheets = lay(&paper(rows));
            let held = sheets.iter().flat_map(|sheet| &sheet.rows).filter(|row| !row.heading);
            let names: Vec<String> = held.map(|row| row.name.clone()).collect();
            assert_eq!(names, (1..=count).map(|n| n.to_string()).collect::<Vec<_>>());
            assert!(sheets.iter().all(|sheet| sheet.rows[0].heading && sheet.rows.len() > 1), "{count}");
        }
    }

    /// Fails when two texts that need more than one line are put side by side.
    #[test]
    fn what_does_not_fit_side_by_side_is_stacked() {
        let stacked = |length| lay(&paper(vec![materials(1, length)]))[0].rows[0].lines[0].stacked;
        assert!(!stacked(10) && stacked(30));
    }
}
