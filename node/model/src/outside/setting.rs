//! The township's own mapping of an item, as it is typed: one field a line, `栏目 = 来源`.

use super::{Mapping, Place, photo::PARTS, source};
use crate::{FieldErrors, Refusal, item::Version, limit};

/// What the township set for an item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemSetting {
    /// What people call the system.
    pub system: String,
    /// The fields as typed, one a line.
    pub fields: String,
    /// What photos are called there.
    pub photos: String,
}

impl ItemSetting {
    /// A mapping as its page shows it.
    #[must_use]
    pub fn of(mapping: &Mapping, version: &Version) -> Self {
        Self {
            system: mapping.system.clone(),
            fields: told_fields(&mapping.fields, version),
            photos: mapping.photos.clone(),
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// Every line that cannot be read, by its number; a name that is missing or too long; photos that would all be called the
    /// same.
    pub fn read(&self, version: &Version) -> Result<Mapping, Refusal> {
        let mut wrong = FieldErrors::default();
        let system = self.system.trim();
        let count = system.chars().count();
        if count == 0 || count > limit::OUTSIDE_NAME_CHARS {
            let most = limit::OUTSIDE_NAME_CHARS;
            wrong.add("system", "系统名称", format!("请写系统名称，{most} 个字以内。"));
        }
        let photos = self.photos.trim();
        let count = photos.chars().count();
        if count == 0 || count > limit::OUTSIDE_NAME_CHARS {
            let most = limit::OUTSIDE_NAME_CHARS;
            wrong.add("photos", "照片怎么取名", format!("请写照片怎么取名，{most} 个字以内。"));
        } else if !photos.contains("材料名") || !photos.contains("序号") {
            let parts = PARTS.join("、");
            let why = format!("照片的名字里要有“材料名”和“序号”，不然会重名。可以用的：{parts}。");
            wrong.add("photos", "照片怎么取名", why);
        }
        let fields = match read_fields(&self.fields, version) {
            Ok(fields) => fields,
            Err(refusal) => {
                wrong.extend(refusal.fields);
                Vec::new()
            }
        };
        if !wrong.is_empty() {
            return Err(Refusal::fields(wrong));
        }
        let (system, photos) = (system.to_owned(), photos.to_owned());
        Ok(Mapping { item: version.code.clone(), system, fields, photos })
    }
}

/// Fields as they are typed.
#[must_use]
pub fn told_fields(fields: &[Place], version: &Version) -> String {
    let line = |place: &Place| format!("{} = {}\n", place.label, source::words(&place.source, version));
    fields.iter().map(line).collect()
}

/// Reads typed fields.
///
/// # Errors
/// Every line that cannot be read, by its number.
pub fn read_fields(typed: &str, version: &Version) -> Result<Vec<Place>, Refusal> {
    let mut wrong = FieldErrors::default();
    let mut fields = Vec::new();
    for (number, line) in (1..).zip(typed.lines()) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        // a field that is called as its source needs no second word
        let (label, from) = line.split_once(['=', '＝']).map_or((line, line), |(a, b)| (a.trim(), b.trim()));
        let count = label.chars().count();
        if count == 0 || count > limit::OUTSIDE_NAME_CHARS {
            let most = limit::OUTSIDE_NAME_CHARS;
            wrong.add("fields", "栏目", format!("第 {number} 行：栏目名称要有，{most} 个字以内。"));
            continue;
        }
        match source::read(from, version) {
            Some(source) if source::fixed(&source).chars().count() > limit::OUTSIDE_FIXED_CHARS => {
                let most = limit::OUTSIDE_FIXED_CHARS;
                wrong.add(
                    "fields",
                    "栏目",
                    format!("第 {number} 行：固定的文字最多写 {most} 个字，请写短些。"),
                );
            }
            Some(source) => fields.push(Place { label: label.to_owned(), source }),
            None => wrong.add(
                "fields",
                "栏目",
                format!("第 {number} 行：没有“{from}”这个来源，请照下面列出的写，或写“固定：”加上文字。"),
            ),
        }
    }
    if fields.is_empty() && wrong.is_empty() {
        wrong.add("fields", "栏目", "一个栏目也没有，请一行写一个，例如“姓名 = 姓名或名称”。");
    }
    if fields.len() > limit::OUTSIDE_FIELDS {
        let most = limit::OUTSIDE_FIELDS;
        wrong.add("fields", "栏目", format!("最多 {most} 个栏目，现在是 {} 个。", fields.len()));
    }
    if wrong.is_empty() { Ok(fields) } else { Err(Refusal::fields(wrong)) }
}

impl super::Source {
    /// What an item's values may come from, in words, as the setting's page lists it.
    #[must_use]
    pub fn offered(version: &Version) -> Vec<String> {
        source::of_item(version).into_iter().map(|(_, words)| words).collect()
    }
}
