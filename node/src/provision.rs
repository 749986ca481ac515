//! `bianmin provision …`: the shell's words to the provisioning library, and its answers on paper and screen.

use crate::cli::StationOptions;
use crate::system::{SystemClock, SystemRandom};
use crate::words;
use app::ports::{Clock as _, Random as _};
use identity::Role;
use provisioning::kit::Staff;
use provisioning::station::{Provisioned, Spec};
use provisioning::{kit, membership, station, township};
use std::path::{Path, PathBuf};

/// What the first clerk of a station is, until the township says otherwise.
const STATION_POST: &str = "综合窗口";
/// And the centre's.
const CENTRE_POST: &str = "镇中心审批岗";

/// Founds a township and prints what the engineer must do next.
pub(crate) fn found(dir: &Path, name: &str, division: &str) -> Result<(), String> {
    let township = create_township(dir, name, division)?;
    let sheet = township.recovery_sheet().map_err(say)?;
    words::say(&sheet);
    words::say(&format!(
        "{name}的信任根建好了，在 {}。下一步：bianmin provision station 做开通包，先做镇中心（站号 0）。",
        dir.display()
    ));
    Ok(())
}

/// Founds a township.
pub(crate) fn create_township(dir: &Path, name: &str, division: &str) -> Result<township::Township, String> {
    township::create(dir, name, &whole(division), &mut |bytes| SystemRandom.fill(bytes)).map_err(say)
}

/// A township's code is 9 digits by GB/T 10114; statistics write the same with three zeros behind.
fn whole(division: &str) -> String {
    if division.len() == 9 { format!("{division}000") } else { division.to_owned() }
}

/// Makes a kit and prints the clerk's one-time code.
pub(crate) fn station(options: &StationOptions) -> Result<(), String> {
    let made = make_kit(options)?;
    words::say(&format!("{}的开通包做好了，在 {}。", options.name, options.kit.display()));
    words::say(&format!("设备指纹 {}", made.device.fingerprint()));
    words::say(&format!(
        "{}的一次性登录码 {}（只显示这一次，请用另外的途径告诉本人）",
        options.clerk, *made.sign_in
    ));
    words::say("下一步：把开通包拷到便民盒上，运行 bianmin run --dir 目录 --kit 开通包。");
    Ok(())
}

/// Says that the centre came back from a backup, and gives its kit the list that tells everybody.
///
/// Every receipt from before ends with it, which cannot be taken back: so the kits are looked at first.
pub(crate) fn restored(township: &Path, kits: &[PathBuf]) -> Result<(), String> {
    let newest = membership::current(township).map_err(say)?;
    for dir in kits {
        kit::of_centre(dir, &newest).map_err(say)?;
    }
    let list = membership::restored(township).map_err(say)?;
    refresh_kits(township, kits)?;
    words::say(&format!(
        "镇中心现在是第 {} 届，以前的回执都作废了，各站会把中心缺的记录再送一遍。",
        list.incarnation()
    ));
    words::say(BRING_LIST);
    Ok(())
}

/// How a list comes from the engineer's computer to a box.
const BRING_LIST: &str =
    "下一步：把开通包插到那台便民盒上，运行 bianmin run --dir 目录 --kit 开通包；其余各站联网时自己收到。";

/// Makes a kit.
pub(crate) fn make_kit(options: &StationOptions) -> Result<Provisioned, String> {
    let spec = Spec {
        number: options.number,
        name: options.name.clone(),
        division: whole(&options.division),
        role: if options.number == 0 { Role::Centre } else { Role::Station },
        listen: options.listen.clone(),
        addresses: options.addresses.clone(),
        clerk: Staff {
            name: options.clerk.clone(),
            post: if options.number == 0 { CENTRE_POST } else { STATION_POST }.to_owned(),
        },
        replace: options.replace,
    };
    let wall = SystemClock::start().wall();
    station::provision(&options.township, &spec, &options.kit, &mut |bytes| SystemRandom.fill(bytes), wall)
        .map_err(say)
}

/// Brings the newest list into kits that were made before it.
pub(crate) fn refresh_kits(township: &Path, kits: &[PathBuf]) -> Result<(), String> {
    for each in membership::reissue(township, kits).map_err(say)? {
        each.outcome.map_err(say)?;
    }
    Ok(())
}

fn say(fault: impl std::fmt::Display) -> String {
    fault.to_string()
}
