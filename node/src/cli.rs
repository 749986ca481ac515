//! The command line: words in, a [`Command`] out. Errors are told in Chinese, with the usage.

use lexopt::prelude::*;
use std::path::PathBuf;

/// What `bianmin` was asked to do.
#[derive(Debug)]
pub(crate) enum Command {
    /// Show the usage.
    Help,
    /// Show the version.
    Version,
    /// Three boxes on loopback.
    Demo(DemoOptions),
    /// One box.
    Run(RunOptions),
    /// `provision township`.
    Township { dir: PathBuf, name: String, division: String },
    /// `provision station`.
    Station(StationOptions),
    /// `provision restored`.
    Restored { township: PathBuf, kits: Vec<PathBuf> },
    /// Print the working days of a year.
    Calendar { year: i16, data: Option<PathBuf> },
    /// `staff code`: a way back in when nobody else can give one.
    StaffCode { dir: PathBuf, id: String },
}

/// Options of `demo`.
#[derive(Debug)]
pub(crate) struct DemoOptions {
    pub(crate) data: PathBuf,
    /// First port; 0 picks free ones.
    pub(crate) port: u16,
    pub(crate) fresh: bool,
}

/// Options of `run`.
#[derive(Debug, Default)]
pub(crate) struct RunOptions {
    /// The box's folder.
    pub(crate) dir: PathBuf,
    /// A kit to join from at the first start.
    pub(crate) kit: Option<PathBuf>,
    /// Where staff pages listen; plain HTTP only on loopback.
    pub(crate) http: Option<String>,
    /// Where the mesh listens.
    pub(crate) mesh: Option<String>,
    /// Static neighbours.
    pub(crate) peers: Vec<String>,
    /// No multicast.
    pub(crate) no_mdns: bool,
    /// Demo: mint a sign-in code at each start, offer the link switch, end when stdin ends.
    pub(crate) demo: bool,
    /// Demo: load the sample catalogue when there is none (centre only).
    pub(crate) sample: bool,
}

/// Options of `provision station`.
#[derive(Debug, Default)]
pub(crate) struct StationOptions {
    pub(crate) township: PathBuf,
    pub(crate) kit: PathBuf,
    pub(crate) number: u16,
    pub(crate) name: String,
    pub(crate) division: String,
    pub(crate) clerk: String,
    pub(crate) addresses: Vec<String>,
    /// Where it listens for the mesh.
    pub(crate) listen: String,
    pub(crate) replace: bool,
}

/// Where a box listens for the mesh when nothing else is said.
pub(crate) const DEFAULT_LISTEN: &str = "0.0.0.0:8601";

/// What is printed for `--help` and after a mistake.
pub(crate) const USAGE: &str = "\
便民盒 bianmin

用法：
  bianmin demo [--data 目录] [--port 端口] [--fresh]
      在本机起一个镇中心和两个村站，打印网址和一次性登录码；Ctrl-C 全部结束。
      --port 0 自动找空闲端口；--fresh 清空重来；不写 --fresh 则接着上次的数据。
  bianmin run --dir 目录 [--kit 开通包] [--http 地址:端口] [--mesh 地址:端口] [--peer 地址:端口]... [--no-mdns]
      运行一台便民盒。第一次运行用 --kit 指定开通包。
  bianmin provision township --dir 目录 --name 名称 --division 区划代码
      建立一个乡镇的信任根，打印恢复单。
  bianmin provision station --township 目录 --kit 目录 --number 站号 --name 名称 --division 区划代码 --clerk 姓名 [--listen 地址:端口] [--address 地址:端口]... [--replace]
      做一台便民盒的开通包（站号 0 是镇中心）。
  bianmin provision restored --township 目录 --kit 镇中心的开通包
      镇中心从备份恢复以后用：以前的回执全部作废，各站把中心缺的记录再送一遍。
      把名单写进镇中心用过的开通包；插到镇中心，运行 bianmin run --dir 目录 --kit 开通包。
  bianmin calendar 年份 [--data 便民盒的目录]
      打印这一年的工作日，一行一天。没有通知的日子会另外说明。--data 用那台便民盒收到的日历，要先停下它。
  bianmin staff code --dir 便民盒的目录 [--id 工号]
      管人员的人忘了密码、又没有别人管时用：先停下那台便民盒，打印一个一次性登录码。不写工号就是 s1。
  bianmin --help | --version
";

/// Reads the command line.
///
/// # Errors
/// What is wrong, in Chinese.
pub(crate) fn parse() -> Result<Command, String> {
    if std::env::args_os().any(|word| word == "--help" || word == "-h") {
        return Ok(Command::Help);
    }
    let mut parser = lexopt::Parser::from_env();
    let Some(first) = parser.next().map_err(say)? else { return Ok(Command::Help) };
    match first {
        Short('V') | Long("version") => Ok(Command::Version),
        Value(word) => match word.to_string_lossy().as_ref() {
            "help" => Ok(Command::Help),
            "demo" => demo(&mut parser),
            "run" => run(&mut parser),
            "provision" => provision(&mut parser),
            "calendar" => calendar(&mut parser),
            "staff" => staff(&mut parser),
            other => Err(format!("没有“{other}”这个命令。")),
        },
        other => Err(say(other.unexpected())),
    }
}

fn say(error: lexopt::Error) -> String {
    match error {
        lexopt::Error::MissingValue { option: Some(option) } => format!("{option} 后面要跟一个值。"),
        lexopt::Error::UnexpectedOption(option) => format!("没有 {option} 这个选项。"),
        lexopt::Error::UnexpectedArgument(word) => format!("多了“{}”。", word.to_string_lossy()),
        other @ (lexopt::Error::MissingValue { .. }
        | lexopt::Error::UnexpectedValue { .. }
        | lexopt::Error::ParsingFailed { .. }
        | lexopt::Error::NonUnicodeValue(_)
        | lexopt::Error::Custom(_)) => format!("命令行写得不对：{other}"),
    }
}

fn text(parser: &mut lexopt::Parser) -> Result<String, String> {
    parser.value().and_then(|value| value.string()).map_err(say)
}

fn path(parser: &mut lexopt::Parser) -> Result<PathBuf, String> {
    parser.value().map(PathBuf::from).map_err(say)
}

fn number(parser: &mut lexopt::Parser, what: &str) -> Result<u16, String> {
    let word = text(parser)?;
    word.parse().map_err(|_| format!("{what}要是 0 到 65535 的数，现在是“{word}”。"))
}

fn demo(parser: &mut lexopt::Parser) -> Result<Command, String> {
    let mut options = DemoOptions { data: PathBuf::from("target/demo"), port: 8600, fresh: false };
    while let Some(arg) = parser.next().map_err(say)? {
        match arg {
            Long("data") => options.data = path(parser)?,
            Long("port") => options.port = number(parser, "端口")?,
            Long("fresh") => options.fresh = true,
            other => return Err(say(other.unexpected())),
        }
    }
    if options.port == u16::MAX {
        return Err("--port 最大写 65534：网页用这个端口，联网用它后面一个。".into());
    }
    Ok(Command::Demo(options))
}

fn run(parser: &mut lexopt::Parser) -> Result<Command, String> {
    let mut options = RunOptions::default();
    while let Some(arg) = parser.next().map_err(say)? {
        match arg {
            Long("dir") => options.dir = path(parser)?,
            Long("kit") => options.kit = Some(path(parser)?),
            Long("http") => options.http = Some(text(parser)?),
            Long("mesh") => options.mesh = Some(text(parser)?),
            Long("peer") => options.peers.push(text(parser)?),
            Long("no-mdns") => options.no_mdns = true,
            Long("demo") => options.demo = true,
            Long("sample") => options.sample = true,
            other => return Err(say(other.unexpected())),
        }
    }
    if options.dir.as_os_str().is_empty() {
        return Err("run 要用 --dir 指明便民盒的目录。".into());
    }
    Ok(Command::Run(options))
}

/// What may follow `provision`.
const PROVISION_WORDS: &str = "township、station 或 restored";

fn provision(parser: &mut lexopt::Parser) -> Result<Command, String> {
    match text_argument(parser, &format!("provision 后面要写 {PROVISION_WORDS}。"))?.as_str() {
        "township" => township(parser),
        "station" => station(parser),
        "restored" => restored(parser),
        other => Err(format!("provision 后面要写 {PROVISION_WORDS}，现在是“{other}”。")),
    }
}

fn text_argument(parser: &mut lexopt::Parser, missing: &str) -> Result<String, String> {
    match parser.next().map_err(say)? {
        Some(Value(word)) => Ok(word.to_string_lossy().into_owned()),
        Some(other) => Err(say(other.unexpected())),
        None => Err(missing.to_owned()),
    }
}

fn township(parser: &mut lexopt::Parser) -> Result<Command, String> {
    let (mut dir, mut name, mut division) = (PathBuf::new(), String::new(), String::new());
    while let Some(arg) = parser.next().map_err(say)? {
        match arg {
            Long("dir") => dir = path(parser)?,
            Long("name") => name = text(parser)?,
            Long("division") => division = text(parser)?,
            other => return Err(say(other.unexpected())),
        }
    }
    need(!dir.as_os_str().is_empty(), "--dir")?;
    need(!name.is_empty(), "--name")?;
    need(!division.is_empty(), "--division")?;
    Ok(Command::Township { dir, name, division })
}

fn station(parser: &mut lexopt::Parser) -> Result<Command, String> {
    let mut options = StationOptions { listen: DEFAULT_LISTEN.to_owned(), ..StationOptions::default() };
    let mut numbered = false;
    while let Some(arg) = parser.next().map_err(say)? {
        match arg {
            Long("township") => options.township = path(parser)?,
            Long("kit") => options.kit = path(parser)?,
            Long("number") => {
                options.number = number(parser, "站号")?;
                numbered = true;
            }
            Long("name") => options.name = text(parser)?,
            Long("division") => options.division = text(parser)?,
            Long("clerk") => options.clerk = text(parser)?,
            Long("address") => options.addresses.push(text(parser)?),
            Long("listen") => options.listen = text(parser)?,
            Long("replace") => options.replace = true,
            other => return Err(say(other.unexpected())),
        }
    }
    need(!options.township.as_os_str().is_empty(), "--township")?;
    need(!options.kit.as_os_str().is_empty(), "--kit")?;
    need(numbered, "--number")?;
    need(!options.name.is_empty(), "--name")?;
    need(!options.division.is_empty(), "--division")?;
    need(!options.clerk.is_empty(), "--clerk")?;
    Ok(Command::Station(options))
}

fn restored(parser: &mut lexopt::Parser) -> Result<Command, String> {
    let (mut township, mut kits) = (PathBuf::new(), Vec::new());
    while let Some(arg) = parser.next().map_err(say)? {
        match arg {
            Long("township") => township = path(parser)?,
            Long("kit") => kits.push(path(parser)?),
            other => return Err(say(other.unexpected())),
        }
    }
    need(!township.as_os_str().is_empty(), "--township")?;
    need(!kits.is_empty(), "--kit")?;
    Ok(Command::Restored { township, kits })
}

fn calendar(parser: &mut lexopt::Parser) -> Result<Command, String> {
    let word = text_argument(parser, "calendar 后面要写年份，例如 2026。")?;
    let year = word.parse().ok().filter(|year| (1970..=2199).contains(year));
    let year = year.ok_or_else(|| format!("年份要在 1970 到 2199 之间，现在是“{word}”。"))?;
    let mut data = None;
    while let Some(arg) = parser.next().map_err(say)? {
        match arg {
            Long("data") => data = Some(path(parser)?),
            other => return Err(say(other.unexpected())),
        }
    }
    Ok(Command::Calendar { year, data })
}

fn staff(parser: &mut lexopt::Parser) -> Result<Command, String> {
    let word = text_argument(parser, "staff 后面要写 code。")?;
    if word != "code" {
        return Err(format!("staff 后面要写 code，现在是“{word}”。"));
    }
    let (mut dir, mut id) = (PathBuf::new(), crate::run::FIRST_CLERK.to_owned());
    while let Some(arg) = parser.next().map_err(say)? {
        match arg {
            Long("dir") => dir = path(parser)?,
            Long("id") => id = text(parser)?,
            other => return Err(say(other.unexpected())),
        }
    }
    need(!dir.as_os_str().is_empty(), "--dir")?;
    Ok(Command::StaffCode { dir, id })
}

fn need(there: bool, option: &str) -> Result<(), String> {
    if there { Ok(()) } else { Err(format!("还要写 {option}。")) }
}
