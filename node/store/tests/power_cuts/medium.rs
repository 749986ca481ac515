//! The medium under the folder: what was synced is there for good; of the rest a power cut keeps any part.

use crate::dice::Dice;
use crate::disk::{FileId, Image, Op, numbered, put};
use std::collections::BTreeMap;

/// One file: what is on the platter, and what is only in the cache, in order.
#[derive(Default, Clone)]
struct File {
    durable: Vec<u8>,
    cached: Vec<Op>,
}

/// Follows a recorded log, operation by operation; at any point the power can be cut.
#[derive(Clone)]
pub(crate) struct Medium {
    files: BTreeMap<FileId, File>,
    names: BTreeMap<String, FileId>,
    cached_names: Vec<Op>,
}

/// What a cut keeps of what was not synced.
#[derive(Clone, Copy)]
enum Keep {
    Nothing,
    Everything,
    /// Each sector by its own coin.
    Sectors {
        size: u64,
    },
    /// Each write by its own coin, whole.
    Writes,
    /// The first ones in order, the next one torn.
    Prefix {
        size: u64,
    },
}

impl Medium {
    pub(crate) fn new(image: &Image) -> Self {
        let (mut files, mut names) = (BTreeMap::new(), BTreeMap::new());
        for (name, (file, durable)) in numbered(image) {
            names.insert(name, file);
            files.insert(file, File { durable, cached: Vec::new() });
        }
        Self { files, names, cached_names: Vec::new() }
    }

    pub(crate) fn apply(&mut self, op: &Op) {
        match op {
            Op::Create { file, .. } => {
                self.files.insert(*file, File::default());
                self.cached_names.push(op.clone());
            }
            Op::Rename { .. } | Op::Remove { .. } => self.cached_names.push(op.clone()),
            Op::SyncNames => {
                for op in std::mem::take(&mut self.cached_names) {
                    rename(&mut self.names, &op);
                }
            }
            Op::Write { file, .. } | Op::SetLen { file, .. } => {
                self.files.entry(*file).or_default().cached.push(op.clone());
            }
            Op::Sync { file } => {
                let file = self.files.entry(*file).or_default();
                for op in std::mem::take(&mut file.cached) {
                    settle(&mut file.durable, &op, &mut |_| true);
                }
            }
            Op::Note(_) => {}
        }
    }

    /// What is found when the power comes back.
    pub(crate) fn cut(&self, dice: &mut Dice) -> Image {
        let mut names = self.names.clone();
        // A file system keeps changes of names in order (its journal), but how many is chance.
        for op in self.cached_names.iter().take(dice.roll(self.cached_names.len() as u64 + 1) as usize) {
            rename(&mut names, op);
        }
        let size = if dice.coin() { 512 } else { 4096 };
        let keep = match dice.roll(8) {
            0 => Keep::Nothing,
            1 => Keep::Everything,
            2 | 3 => Keep::Writes,
            4 | 5 => Keep::Prefix { size },
            _ => Keep::Sectors { size },
        };
        names
            .into_iter()
            .map(|(name, file)| {
                (name, self.files.get(&file).map_or_else(Vec::new, |file| file.cut(keep, dice)))
            })
            .collect()
    }
}

impl File {
    fn cut(&self, keep: Keep, dice: &mut Dice) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        let last = dice.index(self.cached.len() + 1);
        for (number, op) in self.cached.iter().enumerate() {
            match keep {
                Keep::Nothing => {}
                Keep::Everything => settle(&mut bytes, op, &mut |_| true),
                Keep::Writes => {
                    if dice.coin() {
                        settle(&mut bytes, op, &mut |_| true);
                    }
                }
                Keep::Sectors { size } => by_sector(&mut bytes, op, size, dice),
                Keep::Prefix { .. } if number < last => settle(&mut bytes, op, &mut |_| true),
                Keep::Prefix { size } if number == last => by_sector(&mut bytes, op, size, dice),
                Keep::Prefix { .. } => {}
            }
        }
        bytes
    }
}

fn by_sector(bytes: &mut Vec<u8>, op: &Op, size: u64, dice: &mut Dice) {
    let mut coins: BTreeMap<u64, bool> = BTreeMap::new();
    settle(bytes, op, &mut |offset| *coins.entry(offset / size).or_insert_with(|| dice.coin()));
}

/// Brings an operation to the platter; of a write those 512-byte sectors whose offset `kept` says.
fn settle(bytes: &mut Vec<u8>, op: &Op, kept: &mut dyn FnMut(u64) -> bool) {
    match op {
        Op::SetLen { len, .. } if kept(u64::MAX) => bytes.resize(*len as usize, 0),
        Op::Write { offset, data, .. } => {
            let mut at = 0;
            while at < data.len() {
                let place = offset + at as u64;
                let end = (at + (512 - (place % 512) as usize)).min(data.len());
                if kept(place) {
                    put(bytes, place, &data[at..end]);
                }
                at = end;
            }
        }
        other => debug_assert!(!matches!(other, Op::Sync { .. } | Op::Note(_)), "only writes are cached"),
    }
}

fn rename(names: &mut BTreeMap<String, FileId>, op: &Op) {
    match op {
        Op::Create { name, file } => {
            names.insert(name.clone(), *file);
        }
        Op::Rename { from, to } => {
            if let Some(file) = names.remove(from) {
                names.insert(to.clone(), file);
            }
        }
        Op::Remove { name } => {
            names.remove(name);
        }
        _ => {}
    }
}
