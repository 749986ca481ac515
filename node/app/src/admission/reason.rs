//! Why an entry is kept and not applied: the numbers of receipts and pages (docs/formats/wire.md). Those below 200 are
//! `records::guard`'s.

/// The kind of document is unknown to this version.
pub const KIND: u8 = 200;
/// The writer's role may not write this kind of document.
pub const ROLE: u8 = 201;
/// The case belongs to another station.
pub const OWNER: u8 = 202;
/// Only the centre may hand on another's change.
pub const VOUCHER: u8 = 203;
/// The document itself is damaged on this box.
pub const DOCUMENT: u8 = 204;
/// Parked: changes that it depends on are not here yet.
pub const WAITS: u8 = 205;
/// Beyond the cut of its writer, taken before the cut was known.
pub const CUT: u8 = 206;

/// The reason as a person is told it.
#[must_use]
pub fn words(code: u8) -> &'static str {
    match code {
        KIND => "这台机器的版本还不认识这类资料，升级后会再试",
        ROLE => "写它的站没有写这类资料的权限",
        OWNER => "这件事归别的站管",
        VOUCHER => "只有中心能转交别人的记录",
        DOCUMENT => "这份资料在本机上坏了，请找工程师",
        WAITS => "它前面的记录还没到，到了就会接上",
        CUT => "写它的机器已经停用，这是停用之后写的，不算数",
        _ => "内容不合规矩，没有采用，请找工程师",
    }
}
