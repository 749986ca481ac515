//! What the shell is told: lines on standard output, and a system's reasons in Chinese.

use app::ActError;
use std::io::{self, ErrorKind, Write as _};
use store::engine::EngineError;
use store::open::OpenError;

/// Prints a line. A closed standard output (`bianmin … | head`) is no reason to give up.
pub(crate) fn say(line: &str) {
    let mut out = io::stdout();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Why the system said no.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the kinds that an engineer can mend are named, the rest has a number"
)]
pub(crate) fn reason(error: &io::Error) -> String {
    let known = match error.kind() {
        ErrorKind::AddrInUse => "地址正被别的程序用着",
        ErrorKind::AddrNotAvailable => "这台机器上没有这个地址",
        ErrorKind::PermissionDenied => "没有权限",
        ErrorKind::NotFound => "找不到",
        ErrorKind::AlreadyExists => "那里已经有同名的文件",
        ErrorKind::NotADirectory => "那里不是目录",
        ErrorKind::StorageFull => "磁盘满了",
        ErrorKind::ReadOnlyFilesystem => "磁盘只能读",
        _ => return format!("系统报错 {}", error.raw_os_error().unwrap_or_default()),
    };
    known.to_owned()
}

/// Why a box's folder does not open, and what to do. What the library said goes to the log.
pub(crate) fn does_not_open(error: &OpenError) -> &'static str {
    match error {
        OpenError::Engine(EngineError::InUse) => {
            "这个目录里的便民盒已经在运行。先结束那一个，或者换一个 --dir。"
        }
        OpenError::DatabaseGone => "数据文件不见了，钥匙还在。不要重新开通，请找工程师从备份恢复。",
        OpenError::KeyBagGone => "钥匙文件不见了，数据还在。不要删任何文件，请找工程师。",
        OpenError::Folder { .. } => "目录读写不了。看看磁盘是不是满了、有没有权限。",
        OpenError::Engine(_) | OpenError::Copies(_) => {
            "数据文件坏了，打不开。不要删任何文件，请找工程师从备份恢复。"
        }
    }
}

/// Why a box cannot begin its work, and what to do. What the library said goes to the log.
pub(crate) fn does_not_begin(error: &ActError) -> String {
    tracing::error!(%error, "the box cannot begin");
    if error.is_disk_full() {
        "磁盘快满了，便民盒起不来；已经存下的没有丢。请腾出地方再启动。".to_owned()
    } else {
        "数据读写不了，便民盒起不来。不要删任何文件，请找工程师。".to_owned()
    }
}
