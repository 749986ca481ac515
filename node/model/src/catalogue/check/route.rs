use super::{Findings, sane};
use crate::item::{Act, Level, Step, Version, Way};

const FIELD: &str = "办理环节";

/// 收件 first, one 审批, 发放 after it, and every step in the hands of somebody who can do it.
pub(super) fn check(version: &Version, found: &mut Findings) {
    order(version, found);
    notice(version, found);
    for step in &version.route {
        hands(step, found);
    }
    let Some(decide) = version.deciding_step() else {
        found.refuse(FIELD, "没有审批（办结）这一步。请加上由谁决定。");
        return;
    };
    who_decides(version, decide, found);
}

fn place(version: &Version, act: Act) -> Option<usize> {
    version.route.iter().position(|step| step.act == act)
}

fn order(version: &Version, found: &mut Findings) {
    if version.route.first().map(|step| step.act) != Some(Act::Receive) {
        found.refuse(FIELD, "第一步要是收件。请把收件排到最前。");
    }
    for (at, step) in version.route.iter().enumerate() {
        let before = version.route.iter().take(at);
        if before.clone().any(|other| other.act == step.act) {
            found.refuse(FIELD, format!("“{}”出现了两次。请只留一步。", step.act.label()));
        }
        // who is asked must be known before anybody looks, and the decision comes after all of that
        let late = match step.act {
            Act::Receive | Act::Pay => false,
            Act::Accept => before.clone().any(|other| other.act != Act::Receive),
            Act::Visit | Act::Notice | Act::FirstReview | Act::ReportUp => {
                before.clone().any(|other| matches!(other.act, Act::Decide | Act::Pay))
            }
            Act::Decide => before.clone().any(|other| other.act == Act::Pay),
        };
        if late {
            found.refuse(FIELD, format!("“{}”排得太后。请按先后排好。", step.name));
        }
    }
}

fn notice(version: &Version, found: &mut Findings) {
    let has_step = place(version, Act::Notice).is_some();
    match (has_step, version.notice_days) {
        (true, None) => found.refuse("公示天数", "有公示这一步，没有写几天。请写上天数。"),
        (false, Some(_)) => {
            found.refuse("公示天数", "写了公示天数，办理环节里没有公示。请加上这一步，或不填天数。");
        }
        (true, Some(_)) | (false, None) => {}
    }
}

fn hands(step: &Step, found: &mut Findings) {
    let field = format!("环节“{}”", step.name);
    found.filled(FIELD, &step.name, "这一步叫什么");
    found.filled(field.clone(), &step.body, "由哪个单位或岗位办");
    if step.limit.is_some_and(|limit| !sane(limit)) {
        found.refuse(field.clone(), "这一步的时限不对。请核对天数，或不设。");
    }
    match (step.level, step.outside) {
        (Level::Village | Level::Township, true) => {
            found.refuse(field, "村和镇自己办的不是外部环节。请去掉“外部环节”，或改成县级。");
        }
        (Level::County | Level::Other, false) => {
            found.refuse(field, "县级和外部单位没有便民盒，要由人登记办理结果。请勾上“外部环节”。");
        }
        (Level::Village | Level::Township, false) | (Level::County | Level::Other, true) => {}
    }
}

fn who_decides(version: &Version, decide: &Step, found: &mut Findings) {
    let field = format!("环节“{}”", decide.name);
    match version.way {
        Way::Authorised if decide.outside => {
            found.refuse(field, "授权办理要由村站或镇中心自己决定。请改成村里、镇里办，或改用委托受理。");
        }
        Way::OnBehalf if !decide.outside => {
            found.refuse(field, "帮办代办由外部单位决定，村站只是代跑。请勾上“外部环节”，或改用授权办理。");
        }
        Way::AcceptedOnReceipt | Way::Entrusted | Way::Authorised | Way::OnBehalf => {}
    }
    let accepts = place(version, Act::Accept).is_some();
    match (version.way, accepts) {
        (Way::OnBehalf, true) => {
            found.refuse(FIELD, "帮办代办不由村站受理。请去掉受理这一步。");
        }
        (Way::AcceptedOnReceipt | Way::Entrusted | Way::Authorised, false) => {
            found.refuse(FIELD, "没有受理这一步，开不出受理通知书。请在收件后加上受理。");
        }
        (Way::OnBehalf, false) | (Way::AcceptedOnReceipt | Way::Entrusted | Way::Authorised, true) => {}
    }
    match (decide.outside, place(version, Act::ReportUp).is_some()) {
        (true, false) => {
            found.refuse(FIELD, "由外部单位决定，却没有上报（送交）这一步。请加上谁把材料送去。");
        }
        (false, true) => found.refuse(FIELD, "村里、镇里自己决定的不用上报。请去掉上报这一步。"),
        (true, true) | (false, false) => {}
    }
}
