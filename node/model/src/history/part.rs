//! How the parts of a payload are written. Every part has one encoding (docs/formats/canon.md).

use canon::{Malformed, Reader, Writer};
use jiff::{Span, civil::Date};

use crate::{limit, record::OpId};

/// One part of a payload.
pub(crate) trait Part: Sized {
    /// Appends it.
    fn put(&self, out: &mut Writer);
    /// Reads it.
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed>;
}

impl Part for String {
    fn put(&self, out: &mut Writer) {
        out.str(self);
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        from.str(limit::EVENT_TEXT).map(str::to_owned)
    }
}

impl Part for u64 {
    fn put(&self, out: &mut Writer) {
        out.u64(*self);
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        from.u64()
    }
}

impl Part for bool {
    fn put(&self, out: &mut Writer) {
        out.bool(*self);
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        from.bool()
    }
}

impl Part for [u8; 16] {
    fn put(&self, out: &mut Writer) {
        out.fixed(self);
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        from.fixed()
    }
}

impl Part for [u8; 32] {
    fn put(&self, out: &mut Writer) {
        out.fixed(self);
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        from.fixed()
    }
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// Days since 1970-01-01.
impl Part for Date {
    fn put(&self, out: &mut Writer) {
        let days = EPOCH.until(*self).map_or(0, |span| i64::from(span.get_days()));
        out.i64(days);
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let days = from.i64()?;
        let span = Span::new().try_days(days).map_err(|_| from.malformed("date"))?;
        EPOCH.checked_add(span).map_err(|_| from.malformed("date"))
    }
}

/// Lamport number, then the actor.
impl Part for OpId {
    fn put(&self, out: &mut Writer) {
        out.u64(self.lamport).fixed(&self.actor);
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self { lamport: from.u64()?, actor: from.fixed()? })
    }
}

impl<T: Part> Part for Option<T> {
    fn put(&self, out: &mut Writer) {
        out.bool(self.is_some());
        if let Some(value) = self {
            value.put(out);
        }
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(if from.bool()? { Some(T::take(from)?) } else { None })
    }
}

impl<T: Part> Part for Vec<T> {
    fn put(&self, out: &mut Writer) {
        out.u64(self.len() as u64);
        for item in self {
            item.put(out);
        }
    }
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let count = from.count(limit::EVENT_LIST)?;
        let mut items = Self::new();
        for _ in 0..count {
            items.push(T::take(from)?);
        }
        Ok(items)
    }
}

/// An enum written as one byte, with the word a user sees.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $( $(#[$doc:meta])* $variant:ident = $code:literal $label:literal, )* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $( $(#[$doc])* $variant, )* }

        impl $name {
            /// All, in the order of their codes.
            pub const ALL: &'static [Self] = &[ $( Self::$variant, )* ];

            /// The byte in the format.
            #[must_use]
            pub fn code(self) -> u8 {
                match self { $( Self::$variant => $code, )* }
            }

            /// The value of a byte.
            #[must_use]
            pub fn from_code(code: u8) -> Option<Self> {
                match code { $( $code => Some(Self::$variant), )* _ => None }
            }

            /// The word on screen.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $( Self::$variant => $label, )* }
            }
        }

        impl $crate::history::part::Part for $name {
            fn put(&self, out: &mut canon::Writer) {
                out.u8(self.code());
            }
            fn take(from: &mut canon::Reader<'_>) -> Result<Self, canon::Malformed> {
                let code = from.u8()?;
                Self::from_code(code).ok_or_else(|| from.malformed(stringify!($name)))
            }
        }
    };
}
pub(crate) use codes;
