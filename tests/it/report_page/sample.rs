//! A page with every kind of block, of a size and with names as an evaluation has them. All numbers are made up.

pub mod answer;
mod classes;
pub mod evaluation;

use l1kdb::page::{
    Axis, Bars, Bins, Block, Column, Group, Heading, Histogram, Interval, Lines, Page, Section, Series, Table,
};

const METHODS: [&str; 4] = ["embedding, 32 dimensions", "raw cosine", "raw Euclid", "permuted labels"];

pub use classes::map;

/// Numbers in [0, 1) that look random and are always the same.
struct Scatter(u64);

impl Scatter {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() * n as f64) as usize
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.next()).sum::<f64>() - 6.0
    }
}

pub fn page() -> Page {
    let sections = vec![
        Section {
            title: "What was done".into(),
            blocks: vec![Block::Facts(facts()), Block::Warning(WARNING.into())],
        },
        Section { title: "Same drug".into(), blocks: same_drug() },
        Section { title: "Strata".into(), blocks: vec![Block::Bars(strata()), Block::Bars(few_strata())] },
        Section { title: "Therapeutic class".into(), blocks: classes::blocks() },
        Section { title: "Figures".into(), blocks: vec![Block::Table(table()), Block::Table(short_table())] },
    ];
    Page {
        title: "How well does the embedding bring signatures of one drug together?".into(),
        subtitle:
            "1,645 signatures of 902 drugs, split by drug; every figure is of drugs that training never saw."
                .into(),
        sections,
    }
}

const WARNING: &str = "The test set holds 181 drugs. Differences between cells rest on few of them: look at the \
                       intervals before the order.";

fn facts() -> Vec<(String, String)> {
    let digest = "9f2c4b1e7a0d3358c6e1f4920b7d8a6655e0c3d1f2a4b89770c1d2e3f4a5b6c7";
    [
        ("command", "l1kdb eval lincs.l1kdb --profiles level5_beta_trt_cp_n720216x12328.gctx --sig-info siginfo_beta.txt \
                     --pert-info pert_info.txt --split split.toml --model models/weights/published --report out.html"),
        ("split", "by drug: 721 train, 90 validation, 91 test (seed 20240611)"),
        ("version", "l1kdb 0.1.0, ONNX Runtime 1.24.1"),
        ("profiles", digest),
        ("network", digest),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

fn same_drug() -> Vec<Block> {
    let text = "Every signature is a query against all others. The quantile of a positive is the share of negatives that \
                are more similar to the query: 0 is best, 0.5 is chance.\n\nBands are 95 % intervals from 1,000 resamples of drugs.";
    vec![Block::Text(text.into()), Block::Lines(recall()), Block::Lines(roc()), Block::Histogram(histogram())]
}

/// Recall at quantile x when ranks follow x^power.
fn curve(name: &str, power: f64, from: f64, banded: bool) -> Series {
    let points: Vec<(f64, f64)> =
        (0..=2_000).map(|i| from.powf(1.0 - f64::from(i) / 2_000.0)).map(|x| (x, x.powf(power))).collect();
    let band = points.iter().step_by(20).map(|&(x, y)| (x, y * 0.86, (y * 1.12).min(1.0)));
    let band = if banded { band.collect() } else { Vec::new() };
    Series { name: name.into(), points, band }
}

const POWERS: [f64; 4] = [0.14, 0.24, 0.29, 0.97];

fn recall() -> Lines {
    let mut series: Vec<Series> =
        METHODS.iter().zip(POWERS).map(|(name, power)| curve(name, power, 1e-5, power < 0.9)).collect();
    series[0].points.insert(0, (0.0, 0.1));
    Lines {
        heading: Heading::new("recall-curve", "Recall by quantile")
            .caption("Share of positives found within the first x of the ranking. A curve further up and to the left is better.")
            .n("12,345 pairs of 91 drugs"),
        x: Axis::log("quantile of the ranking").within(1e-5, 1.0),
        y: Axis::linear("recall").within(0.0, 1.0),
        series,
        diagonal: Some("chance".into()),
        verticals: vec![(1.0 / 15_400.0, "finer than one negative".into())],
    }
}

fn roc() -> Lines {
    Lines {
        heading: Heading::new("roc", "ROC of same-drug pairs")
            .caption("Area under the curve: 0.877, 0.806, 0.775, 0.508.")
            .n("12,345 positive, 1,340,221 negative pairs"),
        x: Axis::linear("false positive rate").within(0.0, 1.0),
        y: Axis::linear("true positive rate").within(0.0, 1.0),
        series: METHODS.iter().zip(POWERS).map(|(name, power)| curve(name, power, 1e-5, false)).collect(),
        diagonal: Some("chance".into()),
        verticals: Vec::new(),
    }
}

fn histogram() -> Histogram {
    let counts = |power: f64| -> Vec<f64> {
        let below = |bin: i32| (f64::from(bin) / 20.0).powf(power);
        (0..20).map(|bin| (12_345.0 * (below(bin + 1) - below(bin))).round()).collect()
    };
    let series = METHODS.iter().zip(POWERS).take(2);
    Histogram {
        heading: Heading::new("quantile-histogram", "Where positives are ranked")
            .caption("A good embedding piles pairs up on the left; chance fills every bin alike.")
            .n("12,345 pairs"),
        x: "quantile".into(),
        y: "pairs".into(),
        range: (0.0, 1.0),
        series: series.map(|(name, power)| Bins { name: (*name).into(), counts: counts(power) }).collect(),
        expected: Some(("even".into(), 12_345.0 / 20.0)),
    }
}

const STRATA: [&str; 20] = [
    "cell: same",
    "cell: other",
    "cell: same lineage",
    "dose: below 1 µM",
    "dose: 1 to 10 µM",
    "dose: above 10 µM",
    "dose: other",
    "time: 6 h",
    "time: 24 h",
    "time: other",
    "batch: same plate",
    "batch: other plate",
    "batch: other vendor",
    "TAS: below 0.2",
    "TAS: 0.2 to 0.5",
    "TAS: above 0.5",
    "signatures per drug: 2 to 5",
    "signatures per drug: 6 to 20",
    "signatures per drug: more than 20",
    "mechanism: in training <known & shared>",
];

fn strata() -> Bars {
    let mut scatter = Scatter(7);
    let groups = STRATA.iter().enumerate().map(|(i, name)| {
        let n = 40 + scatter.below(9_000) as u64;
        let values = [0.85, 0.76, 0.72, 0.5].map(|centre| {
            let (value, half) = (centre + 0.05 * scatter.normal(), 1.6 / (n as f64).sqrt());
            (i != 12).then_some(Interval { value, ends: Some((value - half, (value + half).min(1.0))) })
        });
        Group { name: (*name).into(), n, values: values.to_vec() }
    });
    Bars {
        heading: Heading::new("strata", "Who is found, and where")
            .caption("Dots: 1 minus the mean quantile. Whiskers: 95 % intervals. A stratum without a dot has too few drugs."),
        x: Axis::linear("AUC").within(0.3, 1.0),
        unit: "pairs".into(),
        series: METHODS.map(String::from).to_vec(),
        groups: groups.collect(),
        reference: Some((0.5, "chance".into())),
    }
}

fn few_strata() -> Bars {
    let groups = classes::CLASSES.iter().enumerate().map(|(i, (code, name))| {
        let value = 0.6 + 0.025 * i as f64;
        let values = vec![Some(Interval { value, ends: Some((value - 0.07, value + 0.06)) })];
        Group { name: format!("{code} {name}"), n: 11 + 7 * i as u64, values }
    });
    Bars {
        heading: Heading::new("class-auc", "Therapeutic classes")
            .caption("AUC of each class against all others.")
            .n("902 drugs"),
        x: Axis::linear("AUC"),
        unit: "drugs".into(),
        series: vec![METHODS[0].into()],
        groups: groups.collect(),
        reference: Some((0.5, "chance".into())),
    }
}

fn empty() -> Lines {
    Lines {
        series: Vec::new(),
        heading: Heading::new("no-curve", "Transfer").caption("No second database was given."),
        ..recall()
    }
}

fn table() -> Table {
    let names = [
        "pairs",
        "drugs",
        "AUC",
        "95 % interval",
        "macro AUC",
        "median q",
        "recall at 10⁻³",
        "recall at 10⁻²",
        "recall at 0.1",
        "digest",
    ];
    let columns = [Column::text("method")].into_iter().chain(names.iter().map(|name| Column::number(name)));
    let row = |(i, name): (usize, &&str)| {
        let figures = [
            "12,345",
            "91",
            "0.877",
            "0.861 to 0.890",
            "0.843",
            "0.0041",
            "0.312",
            "0.604",
            "0.871",
            "9f2c4b1e7a0d",
        ];
        let own = format!("{name}{}", if i == 0 { ", published weights" } else { "" });
        [own].into_iter().chain(figures.map(String::from)).collect()
    };
    Table {
        heading: Heading::new("figures", "Same-drug retrieval")
            .caption("All methods see the same queries.")
            .n("12,345 pairs"),
        columns: columns.collect(),
        rows: METHODS.iter().enumerate().map(row).collect(),
        highlighted: Some(0),
    }
}

fn short_table() -> Table {
    Table {
        heading: Heading::new("split", "Split").caption("By drug: no drug stands on two sides."),
        columns: vec![Column::text("part"), Column::number("drugs"), Column::number("signatures")],
        rows: [["train", "721", "1,310"], ["validation", "90", "162"], ["test", "91", "173"]]
            .map(|row| row.map(String::from).to_vec())
            .to_vec(),
        highlighted: None,
    }
}
