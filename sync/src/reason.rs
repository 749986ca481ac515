/// Why a segment, an opening or a register was refused. A refusal stops that log in this session, never the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Reason {
    /// The signer did not sign it.
    #[error("the signature does not verify")]
    Signature,
    /// The signer may not hand on this log.
    #[error("the signer may not hand on this log")]
    Signer,
    /// The writer is neither a member nor a cut member.
    #[error("the writer is not on the membership list")]
    Unlisted,
    /// The entries lie beyond the writer's cut.
    #[error("the entries lie beyond the writer's cut")]
    Cut,
    /// The links do not follow from the entries.
    #[error("the links do not follow from the entries")]
    Link,
    /// Another entry stands at this place: a fork inside an epoch.
    #[error("another entry stands at this place")]
    Fork,
    /// The opening is malformed, or another one is held for this epoch.
    #[error("the opening is not acceptable")]
    Opening,
    /// It is not sealed to this box, or to a key that is gone.
    #[error("the seal does not open here")]
    Seal,
    /// What it inflates to is not what the header declares, or over a limit.
    #[error("the payload is not what the header declares")]
    Payload,
    /// Its compression is unknown to this version.
    #[error("the compression is unknown to this version")]
    Codec,
    /// This pair does not exchange this log.
    #[error("this pair does not exchange this log")]
    Scope,
    /// No room: try again in a later session.
    #[error("no room on the disk")]
    Full,
    /// A body does not come out as its link says after the cells were put back.
    #[error("the body does not match its link")]
    Body,
    /// A register that its owner may not write, or that does not say what its kind says.
    #[error("the register is not acceptable")]
    Register,
    /// A reason that a later version of the protocol knows.
    #[error("a reason this version does not know ({0})")]
    Other(u8),
}

const ALL: [Reason; 14] = [
    Reason::Signature,
    Reason::Signer,
    Reason::Unlisted,
    Reason::Cut,
    Reason::Link,
    Reason::Fork,
    Reason::Opening,
    Reason::Seal,
    Reason::Payload,
    Reason::Codec,
    Reason::Scope,
    Reason::Full,
    Reason::Body,
    Reason::Register,
];

impl Reason {
    /// The number on the wire (docs/formats/wire.md): 1 for the first and so on.
    #[must_use]
    pub fn code(self) -> u8 {
        if let Self::Other(code) = self {
            return code;
        }
        ALL.iter().zip(1u8..).find(|(each, _)| **each == self).map_or(0, |(_, code)| code)
    }

    /// The inverse of [`Reason::code`].
    #[must_use]
    pub fn from_code(code: u8) -> Self {
        ALL.iter().zip(1u8..).find(|(_, number)| *number == code).map_or(Self::Other(code), |(each, _)| *each)
    }
}

impl From<identity::CutFault> for Reason {
    fn from(fault: identity::CutFault) -> Self {
        match fault {
            identity::CutFault::Unlisted => Self::Unlisted,
            identity::CutFault::UnlistedLog | identity::CutFault::Beyond => Self::Cut,
            identity::CutFault::OtherSide => Self::Fork,
        }
    }
}
