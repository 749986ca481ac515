//! QR codes as one SVG path, so that a printed paper needs no script and no image file.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// A QR code ready for an SVG of `side` × `side` modules, quiet zone included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    /// Modules along one side.
    pub side: i32,
    /// The dark modules, runs of a row drawn as one rectangle.
    pub path: String,
}

/// Modules of white around a code that a phone's camera needs; the norm asks for 4, cheap phones do with 2.
const QUIET: i32 = 4;

/// Draws `text` with 15 % redundancy (a stamp or a fold may cover a corner). Empty when the text is too long for any
/// code: a paper without a code is better than no paper.
#[must_use]
pub fn draw(text: &str) -> Qr {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else {
        return Qr { side: 1, path: String::new() };
    };
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        let mut x = 0;
        while x < size {
            let start = x;
            while x < size && code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                let run = x - start;
                let _infallible = write!(path, "M{} {}h{run}v1h-{run}z", start + QUIET, y + QUIET);
            } else {
                x += 1;
            }
        }
    }
    Qr { side: size + 2 * QUIET, path }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails when a run is dropped or drawn twice: the drawn area must be that of the dark modules.
    #[test]
    fn every_dark_module_is_drawn_once() {
        let text = "http://127.0.0.2:8101/cx/2308-2026-K7QM-0352-P";
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).unwrap();
        let dark = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        let dark = dark.filter(|&(x, y)| code.get_module(x, y)).count();
        let qr = draw(text);
        let runs = qr.path.split('h').skip(1).filter_map(|part| Some(part.split_once('v')?.0));
        let drawn: usize = runs.map(|run| run.parse::<usize>().unwrap()).sum();
        assert_eq!(drawn, dark);
        assert_eq!(qr.side, code.size() + 8);
    }

    /// Draws the path again, four pixels a module, and lets another program's reader look at it.
    fn read(drawn: &Qr) -> String {
        let side = usize::try_from(drawn.side).unwrap();
        let mut dark = vec![false; side * side];
        for run in drawn.path.split('M').skip(1) {
            let (x, rest) = run.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let long: usize = rest.split_once('v').unwrap().0.parse().unwrap();
            dark[y * side + x..y * side + x + long].fill(true);
        }
        let pixel = |x: usize, y: usize| if dark[y / 4 * side + x / 4] { 0 } else { 255 };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * 4, side * 4, pixel);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().unwrap().1
    }

    /// Fails when a phone could not read what is drawn, or would read something else.
    #[test]
    fn another_reader_reads_what_was_drawn() {
        for text in [
            "http://127.0.0.2:8101/cx/2308-2026-K7QM-0352-P",
            "http://192.168.88.10/cx/0000-2026-ZZZZ-9999-X",
        ] {
            assert_eq!(read(&draw(text)), text);
        }
    }
}
