use super::*;
use crate::{
    catalogue::sample,
    item::{Act, AutoCheck, Exemption, FieldKind, Level, Material, Need, Way},
};

fn item(code: &str) -> Version {
    let today = "2026-11-23".parse().unwrap();
    sample().unwrap().current(code, today).unwrap().clone()
}

/// What is found of a kind, as an editor reads it.
fn told(version: &Version, severity: Severity) -> Vec<String> {
    let of = check(version).into_iter().filter(|finding| finding.severity == severity);
    of.map(|finding| format!("{}：{}", finding.field, finding.words)).collect()
}

/// D5. Fails if the shipped sample could not be published as it stands, or if warnings creep in beyond the papers whose
/// original must be there: a card or licence that is handed back, a household register that the police write into.
#[test]
fn the_sample_may_be_published() {
    let mut warned = Vec::new();
    for item in sample().unwrap().items() {
        let version = &item.versions[0];
        assert_eq!(told(version, Severity::Refuse), Vec::<String>::new(), "{}", version.name);
        for words in told(version, Severity::Warn) {
            println!("{}　{words}", version.name);
            warned.push((version.code.clone(), words));
        }
    }
    let codes: Vec<&str> = warned.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["S029", "S061", "S075", "S076", "S077", "S078", "S085"], "{warned:?}");
    assert!(warned.iter().all(|(_, words)| words.contains("免交方式")));
}

type Fault = fn(&mut Version);

fn material(version: &mut Version) -> &mut Material {
    &mut version.materials[0]
}

/// Faults of the words and limits: what is done to 高龄津贴申领, and what the refusal must name.
const PLAIN: [(Fault, &str); 21] = [
    (|v| v.code = "事项".to_owned(), "事项编号"),
    (|v| v.code = "x".repeat(41), "事项编号"),
    (|v| v.version = 0, "版本号"),
    (|v| v.retired = Some(v.effective), "取消日期"),
    (|v| v.name = " ".to_owned(), "事项名称"),
    (|v| v.area.clear(), "领域"),
    (|v| v.kind.clear(), "事项类型"),
    (|v| v.decided_by.clear(), "决定或办理主体"),
    (|v| v.principal.clear(), "受理通知书落款"),
    (|v| v.applicants.clear(), "服务对象"),
    (|v| v.guide.basis.clear(), "设定依据"),
    (|v| v.guide.place.clear(), "办理地点"),
    (|v| v.guide.complain.clear(), "监督投诉方式"),
    (|v| v.guide.conditions.clear(), "受理条件"),
    (|v| v.guide.process = vec![String::new()], "办理流程"),
    (|v| v.fee.charged = true, "收费依据"),
    (|v| v.results[0].collect.clear(), "领取方式"),
    (|v| v.legal = Some(Limit::working(0)), "法定时限"),
    (|v| v.promised = Some(Limit::working(1001)), "承诺时限"),
    (|v| v.legal = Some(Limit::working(14)), "比法定的"),
    (|v| v.notice_days = Some(0), "公示天数"),
];

/// Faults of scenarios, materials, rules and form.
const PARTS: [(Fault, &str); 24] = [
    (|v| v.scenarios.clear(), "办理情形"),
    (|v| v.scenarios[1].id = "s1".to_owned(), "用了两次"),
    (|v| v.scenarios[1].name.clear(), "办理情形"),
    (|v| v.rules.retain(|r| r.scenarios == ["s1"]), "没有审查细则"),
    (|v| v.materials[1].id = "id_card".to_owned(), "用了两次"),
    (|v| v.materials[1].id = "户口".to_owned(), "内部代号"),
    (|v| v.rules[1].id = "same person".to_owned(), "内部代号"),
    (|v| v.form[1].id = "living".to_owned(), "用了两次"),
    (|v| v.rules[1].scenarios = vec!["s9".to_owned()], "没有的办理情形"),
    (|v| material(v).scenarios = vec!["s9".to_owned()], "没有的办理情形"),
    (|v| v.form[0].scenarios = vec!["s9".to_owned()], "没有的办理情形"),
    (|v| material(v).passes.clear(), "受理标准"),
    (|v| material(v).fails.clear(), "不合格怎么办"),
    (|v| material(v).source.clear(), "来源渠道"),
    (|v| (material(v).need, material(v).exemption) = (Need::Exempt, None), "怎么免"),
    (|v| material(v).need = Need::Deferrable, "容缺期限"),
    (|v| material(v).defer_days = Some(3), "容缺期限"),
    (|v| (material(v).need, material(v).defer_days) = (Need::Deferrable, Some(16)), "不能超过承诺时限"),
    (|v| v.rules[0].fails.clear(), "细则“人证相符”"),
    (|v| v.rules[0].auto = Some(AutoCheck::Age { from: None, to: None }), "没有写从几岁"),
    (|v| v.rules[0].auto = Some(AutoCheck::Age { from: Some(90), to: Some(80) }), "起点比终点大"),
    (|v| v.form.retain(|f| f.id != "account"), "没有这个账号"),
    (|v| v.rules[0].auto = Some(AutoCheck::HouseholdSize { at_least: 2 }), "家庭成员表"),
    (|v| v.form[0].kind = FieldKind::Choice { options: vec!["独居".to_owned(); 2] }, "一样的选项"),
];

/// Faults of the route.
const ROUTE: [(Fault, &str); 13] = [
    (|v| v.route.clear(), "没有审批"),
    (|v| v.route.retain(|s| s.act != Act::Receive), "第一步要是收件"),
    (|v| v.route.retain(|s| s.act != Act::Accept), "没有受理这一步"),
    (|v| v.route.retain(|s| s.act != Act::Notice), "没有公示"),
    (|v| v.notice_days = None, "没有写几天"),
    (|v| v.route.retain(|s| s.act != Act::ReportUp), "没有上报"),
    (|v| v.route.swap(1, 2), "排得太后"),
    (|v| v.route.swap(4, 5), "排得太后"),
    (|v| v.route.push(v.route[1].clone()), "出现了两次"),
    (|v| v.route[5].outside = false, "勾上“外部环节”"),
    (|v| v.route[1].outside = true, "不是外部环节"),
    (|v| v.route[3].body.clear(), "环节“镇初审”"),
    (|v| v.route[3].limit = Some(Limit::working(0)), "时限不对"),
];

/// Fails if a fault that is planted in a sound item is not refused in words that name it.
#[test]
fn every_planted_fault_is_refused() {
    for (fault, named) in PLAIN.into_iter().chain(PARTS).chain(ROUTE) {
        let mut version = item("S047");
        assert!(told(&version, Severity::Refuse).is_empty());
        fault(&mut version);
        let told = told(&version, Severity::Refuse);
        assert!(told.iter().any(|words| words.contains(named)), "{named}: {told:?}");
    }
}

/// Fails if an item may be published whose way of acting and whose decision do not go together.
#[test]
fn who_acts_and_who_decides_must_go_together() {
    let wrong = |code: &str, way: Way, named: &str| {
        let mut version = item(code);
        version.way = way;
        let told = told(&version, Severity::Refuse);
        assert!(told.iter().any(|words| words.contains(named)), "{code} {way:?}: {told:?}");
    };
    wrong("S047", Way::Authorised, "授权办理要由村站或镇中心自己决定");
    wrong("S047", Way::OnBehalf, "帮办代办不由村站受理");
    wrong("S007", Way::OnBehalf, "帮办代办由外部单位决定");
    wrong("S101", Way::Entrusted, "没有受理这一步");
    let mut version = item("S007");
    version.route[2].level = Level::County;
    assert!(told(&version, Severity::Refuse).iter().any(|words| words.contains("外部环节")));
}

/// D5. Fails if a paper that a government office gives out, and that must be brought, passes without a word.
#[test]
fn a_government_paper_that_must_be_brought_warns() {
    let mut version = item("S047");
    assert!(told(&version, Severity::Warn).is_empty());
    material(&mut version).exemption = None;
    let words = told(&version, Severity::Warn).concat();
    assert!(words.starts_with("材料“居民身份证”的免交方式："), "{words}");
    material(&mut version).exemption = Some(Exemption::Shared);
    assert!(told(&version, Severity::Warn).is_empty());
}

/// D5. Fails if a village certificate of the abolished list may still be asked for, or if a hospital's or the police's
/// paper of such a name is taken for one.
#[test]
fn an_abolished_village_certificate_is_refused() {
    assert_eq!(abolished::count(), 20);
    let with = |name: &str, note: &str| {
        let mut version = item("S047");
        let paper = material(&mut version);
        (paper.name, paper.source_note) = (name.to_owned(), note.to_owned());
        (paper.source, paper.exemption) = ("其他".to_owned(), None);
        version
    };
    for (name, note) in [
        ("亲属关系证明", "到村委会开，盖章"),
        ("村（社区）出具的居民身份信息证明", "带来原件"),
        ("无犯罪记录证明", "先找派出所，找不到的由社区居委会开"),
        ("证件遗失证明", "由居民委员会写"),
        ("居民养犬证明", "在社区办"),
    ] {
        let told = told(&with(name, note), Severity::Refuse).concat();
        assert!(told.contains("民发〔2020〕20号") && told.contains("改为："), "{name}: {told}");
    }
    for (name, note) in [
        ("死亡证明", "医院或村卫生室开的死亡医学证明，不用村里开证明"),
        ("无犯罪记录证明", "到派出所开"),
        ("出生医学证明", "接生的医院开"),
        ("社区戒毒社区康复人员情况证明", "由公安机关出具"),
        ("村民会议记录", "村委会盖章"),
    ] {
        let version = with(name, note);
        assert_eq!(told(&version, Severity::Refuse), Vec::<String>::new(), "{name}");
        assert_eq!(told(&version, Severity::Warn), Vec::<String>::new(), "{name}");
    }
    // who gives it out is left open
    let open = with("婚姻状况证明", "自己准备");
    assert!(told(&open, Severity::Refuse).is_empty());
    assert!(told(&open, Severity::Warn).concat().contains("请写明出具单位"));
}

/// Fails if what is only doubtful is passed over in silence.
#[test]
fn doubtful_things_warn() {
    let warned = |fault: Fault, named: &str| {
        let mut version = item("S047");
        fault(&mut version);
        let told = told(&version, Severity::Warn);
        assert!(told.iter().any(|words| words.contains(named)), "{named}: {told:?}");
    };
    warned(|v| v.guide.theme.clear(), "主题分类");
    warned(|v| v.results.clear(), "办理结果");
    warned(|v| v.pace = Pace::Instant, "办件类型");
    warned(|v| v.route[3].limit = Some(Limit::working(30)), "比整件的");
    warned(|v| v.materials.clear(), "没有要交的材料");
}
