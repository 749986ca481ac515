//! 便民盒: the binary. Assembly, configuration, the only system clock. Everything else is in the crates it joins.
//!
//! Start with `run` (one box) or `demo` (three).

mod calendar;
#[expect(clippy::wildcard_enum_match_arm, reason = "an argument that is not expected is told as it stands")]
mod cli;
mod demo;
mod drill;
mod links;
mod provision;
mod run;
mod system;
mod words;

use cli::Command;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let command = match cli::parse() {
        Ok(command) => command,
        Err(message) => {
            eprintln!("{message}\n\n{}", cli::USAGE);
            return ExitCode::from(2);
        }
    };
    match execute(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: Command) -> Result<(), String> {
    match command {
        Command::Help => {
            words::say(cli::USAGE.trim_end());
            Ok(())
        }
        Command::Version => {
            words::say(concat!("bianmin ", env!("CARGO_PKG_VERSION")));
            Ok(())
        }
        Command::Demo(options) => runtime()?.block_on(demo::demo(options)),
        Command::Run(options) => {
            log_to_stderr();
            let runtime = runtime()?;
            let done = runtime.block_on(run::run(options));
            if let Err(message) = &done {
                tracing::error!(message, "did not start");
            }
            // Blocking reads of standard input cannot be cancelled: do not wait for them.
            runtime.shutdown_background();
            done
        }
        Command::Township { dir, name, division } => provision::found(&dir, &name, &division),
        Command::Station(options) => provision::station(&options),
        Command::Restored { township, kits } => provision::restored(&township, &kits),
        Command::Calendar { year, data } => calendar::print(year, data),
        Command::StaffCode { dir, id } => {
            run::staff_code(&cli::RunOptions { dir, ..cli::RunOptions::default() }, &id)
        }
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| format!("启动不了：{e}"))
}

/// `BIANMIN_LOG` chooses what is logged, as `tracing` filters are written.
fn log_to_stderr() {
    let filter =
        EnvFilter::try_from_env("BIANMIN_LOG").unwrap_or_else(|_| EnvFilter::new("info,mdns_sd=error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
    // The default hook prints a message that may quote data and a backtrace of no use to a village: one line will do.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a part of the program gave up");
    }));
}
