//! What stops, lengthens or accompanies the clock and decides nothing: more time, special procedures, asking a body, notes.

use model::case::event::Special;
use model::case::suspend::extension_days;

use super::Deed;
use super::form::{Asked, DeedForm, code};

/// The fields of such a deed.
pub(super) fn form(deed: Deed, asked: &Asked<'_>) -> DeedForm {
    let mut form = DeedForm::default();
    form.fields = match deed {
        Deed::ApproveExtension => {
            let days = asked.case.extension_asked.as_ref().map_or(0, |asked| asked.what.days);
            form.lead =
                format!("申请延长 {days} 日。批准以后要书面告知申请人理由。{}", asked.extension_reason());
            vec![asked.line("approver", "批准人", "").hint("本机关负责人")]
        }
        Deed::DeclineExtension => {
            let days = asked.case.extension_asked.as_ref().map_or(0, |asked| asked.what.days);
            form.lead = format!(
                "申请延长 {days} 日。不批准的，时限不变，按原来的日子办结。{}",
                asked.extension_reason()
            );
            vec![asked.area("reason", "不批准的理由", "")]
        }
        Deed::AskExtension => {
            let most = extension_days(asked.version);
            form.lead = if most < 30 {
                format!("行政许可最多延长 {most} 个工作日，要本机关负责人批准，并把理由告诉申请人。")
            } else {
                "由镇中心登记批准以后才算数，理由要告诉申请人。".to_owned()
            };
            let days = asked.line("days", "延长几日", "10").max(3);
            vec![days, asked.area("reason", "延期理由", "").hint("照着念给申请人听")]
        }
        Deed::Inquire => {
            let body = asked.case.current().map_or("", |step| step.step.body.as_str());
            vec![asked.line("body", "催问的单位", body), asked.area("words", "谁答的，怎么答的", "")]
        }
        Deed::StartSpecial => {
            let choices: Vec<_> =
                Special::ALL.iter().map(|special| (code(special.code()), special.label())).collect();
            form.choices = vec![asked.choice("which", "哪一种", &choices, "1")];
            form.lead = "停止计时，并书面告知申请人需要多少天。".to_owned();
            vec![asked.line("days", "预计几日", "20").max(3)]
        }
        Deed::EndSpecial => {
            form.lead = "结束以后接着计时。".to_owned();
            Vec::new()
        }
        Deed::Note => vec![asked.area("words", "说明", "")],
        Deed::Accept
        | Deed::Deem
        | Deed::Tell
        | Deed::Visit
        | Deed::PostNotice
        | Deed::EndNotice
        | Deed::FirstReview
        | Deed::ReportUp
        | Deed::FeedBack
        | Deed::Approve
        | Deed::Ready
        | Deed::Deliver
        | Deed::Pay
        | Deed::TakeSupplement
        | Deed::Bring
        | Deed::HandOver
        | Deed::Route
        | Deed::AskSupplement
        | Deed::NotAccept
        | Deed::Refuse
        | Deed::Return
        | Deed::Withdraw
        | Deed::Verify
        | Deed::CheckPromise
        | Deed::LiftBar
        | Deed::Revoke => Vec::new(),
    };
    form
}
