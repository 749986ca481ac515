//! Every page with made-up content, for looking at: `cargo run -p web --example gallery [PORT]`. All people are invented.

use std::net::Ipv4Addr;

use askama::Template;
use axum::response::Html;
use axum::routing::get;
use web::papers::{Ask, Paper, PaperPage, Row, qr, spaced};
use web::sign_in::AskPage;
use web::view::{Control, Desk, Field, Gap, Light, Nav, Truth};
use web::workbench::{Age, Draft, Number, Often, Row as CaseRow, Tab, Whereabouts, Workbench};

fn desk(now: &str) -> Desk {
    let names = [("工作台", "/"), ("收件", "/items"), ("办件", "/cases"), ("出件", "/deliveries")];
    let nav = names.map(|(name, href)| Nav {
        name,
        href,
        count: usize::from(name == "出件") * 2,
        now: name == now,
    });
    Desk {
        place: "杨村便民服务站".into(),
        under: "枫河镇".into(),
        nav: nav.into(),
        clerk: "陈春梅".into(),
        post: "1号综合窗口".into(),
        date: "11月23日 星期一".into(),
        time: "10:28".into(),
        csrf: "0".into(),
        foot: "时钟没有核对 · 版本 0.1.0".into(),
    }
}

fn cases() -> Vec<CaseRow> {
    let light = |class, text: &str| Light { class, text: text.into() };
    let row =
        |l, who: &str, item: &str, step: &str, outside, next: &str, link: &str, truth, no: &str| CaseRow {
            light: l,
            who: who.into(),
            item: item.into(),
            step: step.into(),
            outside,
            next: next.into(),
            next_href: link.into(),
            truth,
            number: no.into(),
            href: "/case".into(),
        };
    vec![
        row(
            light("over", "超 1 天"),
            "张*福",
            "残疾人证新办",
            "等市二院评残",
            true,
            "写明超期原因",
            "/",
            Truth::receipt(),
            "K7QM-0367-3",
        ),
        row(
            light("today", "今日到期"),
            "周*兰",
            "临时救助（支出型）",
            "入户核查",
            false,
            "录入核查结果",
            "/",
            Truth::saved(),
            "K7QM-0401-D",
        ),
        row(
            light("soon", "剩 1 天"),
            "李*",
            "灵活就业社保补贴",
            "公示第 7 日",
            false,
            "公示期满，登记结果",
            "/",
            Truth::transit(),
            "K7QM-0360-7",
        ),
        row(
            light("pause", "停止计时"),
            "孙*梅",
            "重度残疾人护理补贴",
            "等补正 2 项，限 11月27日",
            false,
            "提醒群众",
            "/",
            Truth::receipt(),
            "K7QM-0391-8",
        ),
    ]
}

fn workbench() -> Workbench {
    Workbench {
        desk: desk("工作台"),
        said: None,
        often: vec![
            Often { name: "高龄津贴".into(), initials: "gljt".into(), href: "/intake".into() },
            Often { name: "临时救助".into(), initials: "lsjz".into(), href: "/intake".into() },
        ],
        numbers: vec![
            Number { count: 11, text: "今日收件", class: "" },
            Number { count: 8, text: "已受理", class: "" },
            Number { count: 2, text: "等补正", class: "" },
            Number { count: 4, text: "两日内到期", class: "amber" },
            Number { count: 1, text: "已超期", class: "red" },
        ],
        count: 17,
        tabs: vec![
            Tab { text: "全部 17".into(), href: "/".into(), now: true },
            Tab { text: "等我办 9".into(), href: "/?list=mine".into(), now: false },
        ],
        rows: cases(),
        more: Some("/?after=x".into()),
        place: Whereabouts {
            oldest: Some(Age { number: 19, unit: "小时", what: "周*兰 · 临时救助".into(), bar: 84 }),
            saved: "6".into(),
            transit: "3".into(),
            receipt: "1 204".into(),
            lines: vec!["上次与中心通上：昨日 15:26，办事不受影响。".into()],
            demo: true,
        },
        drafts: vec![Draft {
            text: "高龄津贴 · 吴*英".into(),
            note: "差 2 处 · 3 分钟前".into(),
            href: "/".into(),
        }],
    }
}

fn notice() -> PaperPage {
    let paper = Paper {
        size: "a5",
        title: spaced("受理通知书"),
        title_plain: "受理通知书".into(),
        organ: "泾县民政局".into(),
        copies: vec!["申请人联"],
        number: "2308-2026-K7QM-0413-X".into(),
        to: "吴秀英".into(),
        lead: "你申请的高龄津贴申领，材料齐全，符合受理条件，现予受理。".into(),
        rows: vec![
            Row::two("申请人", "吴秀英　女", "证件号码", "341823********2126"),
            Row::two("代办人", "周明霞（女儿）", "联系电话", "139****2476"),
            Row::two("办理情形", "首次申请，80 至 89 周岁", "办理方式", "委托受理"),
            Row::wide("受理机关", "泾县民政局，委托枫河镇杨村便民服务站受理（授权书 2026-03 号）"),
            Row::list(
                "收到材料",
                vec![
                    ("居民身份证".into(), "原件核验，不留存".into()),
                    ("居民户口簿".into(), "复印件 1 份".into()),
                ],
            ),
            Row::two("法定时限", "无法定时限", "承诺时限", "15 个工作日（次日起算）"),
            Row::two("应办结日", "2026年12月14日", "收费", "不收费"),
        ],
        ask: Some(Ask {
            qr: qr::draw("http://192.168.8.10/cx/2308-2026-K7QM-0413-X"),
            lines: vec!["窗口、触摸屏：报编号和查询码".into(), "手机：连站内无线网，扫左边二维码".into()],
            code: "7 4 0 9 2 6".into(),
        }),
        seal: "受理专用章".into(),
        foot: vec![("经办人：陈春梅".into(), "申请人或代办人签收：".into())],
        place: "枫河镇杨村便民服务站　杨村党群服务中心一楼".into(),
        keep: "请妥善保管，领取结果时出示",
        ..Paper::default()
    };
    PaperPage { paper, back: "/".into(), print_now: false }
}

fn sign_in() -> AskPage {
    let error = "登录码不对，或者已经用过。请再看一遍，或请站长重新给一个。";
    AskPage {
        place: "杨村便民服务站".into(),
        csrf: "0".into(),
        back: "/".into(),
        typed: vec![],
        kept: false,
        gaps: vec![Gap { target: "code".into(), text: "登录码不对，或者已经用过".into() }],
        code: "K7QM-22".into(),
        code_error: Some(error.into()),
        by_password: false,
        staff: Field::text("staff", "工号", ""),
        password: Field { control: Control::Password, ..Field::text("password", "密码", "") },
    }
}

fn show(page: impl Template) -> Html<String> {
    Html(page.render().unwrap_or_else(|fault| fault.to_string()))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(8099);
    let (node, _clock) = app::testing::box_alone();
    let site = web::Site::new(node, web::Hosts::new(vec![format!("127.0.0.1:{port}")], false));
    let pages = axum::Router::new()
        .route("/", get(async || show(workbench())))
        .route("/notice", get(async || show(notice())))
        .route("/in", get(async || show(sign_in())));
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("http://127.0.0.1:{port}/ /notice /in /nowhere");
    axum::serve(listener, pages.merge(web::router(site))).await
}
