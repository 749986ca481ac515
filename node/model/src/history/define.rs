//! Makes payload types, `What` and `Kind` of a kind of document's table, so that code and format cannot part. Every table has
//! a `Settled`: what could not stand is always a person's to settle.

macro_rules! events {
    ($( $(#[$meta:meta])* $number:literal $name:ident $title:literal {
        $( $(#[$fmeta:meta])* $field:ident : $ty:ty, )*
    } )*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, Eq)]
            pub struct $name { $( $(#[$fmeta])* pub $field: $ty, )* }

            impl $crate::history::Payload<What> for $name {
                fn of(what: &What) -> Option<&Self> {
                    if let What::$name(payload) = what { Some(payload) } else { None }
                }
            }

            impl From<$name> for What {
                fn from(payload: $name) -> Self {
                    Self::$name(payload)
                }
            }
        )*

        /// What happened.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum What {
            $( #[doc = $title] $name($name), )*
            /// A kind of a later version: kept, shown as an anomaly.
            Unknown {
                /// Its number.
                kind: u64,
            },
        }

        /// The kind alone.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $( #[doc = $title] $name, )*
            /// A kind of a later version.
            Unknown,
        }

        impl Kind {
            /// All kinds of this version.
            pub const ALL: &'static [Self] = &[ $( Self::$name, )* ];

            /// Its number in the format.
            #[must_use]
            pub fn number(self) -> Option<u64> {
                match self { $( Self::$name => Some($number), )* Self::Unknown => None }
            }

            /// The word on screen.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $( Self::$name => $title, )* Self::Unknown => "新版本的记录" }
            }

            /// Its name in the format's table.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $( Self::$name => stringify!($name), )* Self::Unknown => "Unknown" }
            }

            /// Its payload as the format's table writes it.
            #[must_use]
            pub fn payload(self) -> &'static [(&'static str, &'static str)] {
                match self {
                    $( Self::$name => &[ $( (stringify!($field), stringify!($ty)), )* ], )*
                    Self::Unknown => &[],
                }
            }
        }

        impl What {
            /// The kind alone.
            #[must_use]
            pub fn kind(&self) -> Kind {
                match self { $( Self::$name(_) => Kind::$name, )* Self::Unknown { .. } => Kind::Unknown }
            }
        }

        impl $crate::history::Happening for What {
            fn number(&self) -> Option<u64> {
                self.kind().number()
            }

            fn title(&self) -> &'static str {
                self.kind().title()
            }

            fn settles(&self) -> Option<($crate::record::OpId, $crate::history::Settlement)> {
                if let Self::Settled(settled) = self { Some((settled.event, settled.verdict)) } else { None }
            }

            fn settling(
                event: $crate::record::OpId,
                verdict: $crate::history::Settlement,
                reason: $crate::history::CellKey,
            ) -> Self {
                Self::Settled(Settled { event, verdict, reason })
            }

            fn put(&self, out: &mut canon::Writer) {
                match self {
                    $( Self::$name(payload) => {
                        let _ = payload;
                        $( $crate::history::part::Part::put(&payload.$field, out); )*
                    } )*
                    Self::Unknown { .. } => { let _ = out; }
                }
            }

            fn take(kind: u64, from: &mut canon::Reader<'_>) -> Result<Self, canon::Malformed> {
                Ok(match kind {
                    $( $number => Self::$name($name {
                        $( $field: $crate::history::part::Part::take(from)?, )*
                    }), )*
                    kind => Self::Unknown { kind },
                })
            }
        }
    };
}

pub(crate) use events;
