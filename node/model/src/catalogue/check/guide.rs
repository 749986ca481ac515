use super::Findings;
use crate::item::Version;

/// What a resident must be able to read, and what the national list wants beside it.
pub(super) fn check(version: &Version, found: &mut Findings) {
    let guide = &version.guide;
    let resident = [
        ("设定依据", &guide.basis, "按哪条法规或文件办"),
        ("实施主体", &guide.body, "哪个单位负责"),
        ("时限说明", &guide.limit_note, "时限从哪天算、哪些天不算"),
        ("办理地点", &guide.place, "到哪里办"),
        ("办理时间", &guide.hours, "几点到几点"),
        ("咨询方式", &guide.consult, "问谁、打哪个电话"),
        ("监督投诉方式", &guide.complain, "不满意找谁"),
    ];
    for (field, text, what) in resident {
        found.filled(field, text, what);
    }
    let lists = [
        ("受理条件", &guide.conditions, "符合什么条件才能办"),
        ("办理流程", &guide.process, "先做什么、后做什么"),
        ("办理形式", &guide.channels, "窗口办理、上门办理等"),
    ];
    for (field, lines, what) in lists {
        found.filled(field, &lines.concat(), what);
    }
    let codes = [
        ("基本编码", &guide.basic_code),
        ("实施编码", &guide.implementation_code),
        ("业务办理项编码", &guide.business_code),
        ("行使层级", &guide.level),
        ("实施主体性质", &guide.body_nature),
        ("实施主体编码", &guide.body_code),
        ("委托部门", &guide.entrusting),
        ("特别程序", &guide.special),
        ("通办范围", &guide.scope),
        ("网办深度", &guide.online),
        ("主题分类", &guide.theme),
        ("乡镇代码", &guide.division),
    ];
    for (field, text) in codes {
        if text.trim().is_empty() {
            found.warn(field, "没有填。导出到省里时要用，请补上；没有的写“无”。");
        }
    }
    found.filled("收费", &version.fee.words, "不收费，或收多少");
    if version.fee.charged && version.fee.basis.trim().is_empty() {
        found.refuse("收费依据", "写了要收费，没有写依据。请写上收费文件；没有依据的不能收。");
    }
    if version.results.is_empty() && !version.route.is_empty() {
        found.warn("办理结果", "没有写办好后给什么。请写上结果名称和怎么领；确实没有的不用管。");
    }
    for result in &version.results {
        found.filled("结果名称", &result.name, "办好后给居民什么");
        found.filled(format!("结果“{}”的领取方式", result.name), &result.collect, "到哪里领、能不能寄");
    }
}
