use proptest::prelude::*;

use super::*;
use crate::case::tests::support::{day, version};

const HERE: StationNo = 2308;
const TODAY: &str = "2026-11-23";

#[derive(Debug, Clone, Copy)]
struct Paper {
    way: Way,
    here: bool,
    item: bool,
    /// Days from today to its first and last day; no last day when it has no end.
    from: i64,
    to: Option<i64>,
}

fn written(paper: Paper, code: &str) -> Authority {
    let shifted = |days: i64| day(TODAY).saturating_add(jiff::Span::new().days(days));
    Authority {
        document: "泾民委〔2026〕3号".into(),
        principal: "泾县民政局".into(),
        way: paper.way,
        station: if paper.here { HERE } else { HERE + 1 },
        items: vec![if paper.item { code.to_owned() } else { "S999".to_owned() }],
        from: shifted(paper.from),
        to: paper.to.map(shifted),
        ended: None,
    }
}

fn allows(paper: &Paper, way: Way) -> bool {
    paper.way == way && paper.here && paper.item && paper.from <= 0 && paper.to.is_none_or(|to| to >= 0)
}

fn papers() -> impl Strategy<Value = Vec<Paper>> {
    let way = prop::sample::select(Way::ALL.to_vec());
    let one = (way, any::<bool>(), any::<bool>(), -2i64..3, prop::option::of(-2i64..3));
    let one = one.prop_map(|(way, here, item, from, to)| Paper { way, here, item, from, to });
    prop::collection::vec(one, 0..5)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    /// C6. Fails if a station ever gets a 受理通知书 without a paper in force for this way, this station and this item; if
    /// it is kept from one although it has it; if the way printed is not the way that paper gives; or if nobody says why.
    #[test]
    fn acceptance_is_printed_exactly_where_a_paper_allows_it(
        way in prop::sample::select(Way::ALL.to_vec()),
        papers in papers(),
        centre in any::<bool>(),
    ) {
        let mut item = version("S047");
        item.way = way;
        let written: Vec<Authority> = papers.iter().map(|p| written(*p, &item.code)).collect();
        let station = if centre { CENTRE } else { HERE };
        let standing = decide(&item, &written, station, day(TODAY));
        let paper = papers.iter().any(|paper| allows(paper, way));
        let may = way != Way::OnBehalf && (centre || paper);
        prop_assert_eq!(standing.paper == IntakePaper::AcceptanceNotice, may);
        prop_assert_eq!(standing.way == Way::OnBehalf, !may);
        prop_assert_eq!(standing.fell_back, !may && way != Way::OnBehalf);
        prop_assert_eq!(standing.document.is_some(), may && !centre);
        prop_assert!(standing.why.ends_with('。') && standing.why.chars().count() > 8);
        if standing.fell_back {
            prop_assert!(standing.why.contains("代办") && standing.why.contains(way.label()));
            let fits = papers.iter().filter(|p| p.way == way && p.here && p.item);
            let said = if fits.clone().any(|p| p.to.is_some_and(|to| to < 0)) {
                "到期"
            } else if fits.clone().any(|p| p.from > 0) {
                "才生效"
            } else {
                "没有"
            };
            prop_assert!(standing.why.contains(said), "{} {:?}", standing.why, papers);
        }
    }
}
