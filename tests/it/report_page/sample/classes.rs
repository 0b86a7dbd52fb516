//! Drugs and the classes they are used for.

use l1kdb::page::{Block, Class, Heading, Map, MapPoint, Matrix};

use super::Scatter;

pub const CLASSES: [(&str, &str); 14] = [
    ("A", "Alimentary tract and metabolism"),
    ("B", "Blood and blood forming organs"),
    ("C", "Cardiovascular system"),
    ("D", "Dermatologicals"),
    ("G", "Genito-urinary system and sex hormones"),
    ("H", "Systemic hormonal preparations"),
    ("J", "Antiinfectives for systemic use"),
    ("L", "Antineoplastic and immunomodulating agents"),
    ("M", "Musculo-skeletal system"),
    ("N", "Nervous system"),
    ("P", "Antiparasitic products"),
    ("R", "Respiratory system"),
    ("S", "Sensory organs"),
    ("V", "Various"),
];
/// Matrices, a map, and a figure without data.
pub fn blocks() -> Vec<Block> {
    vec![
        Block::Matrix(matrix()),
        Block::Map(map(900)),
        Block::Matrix(large_matrix()),
        Block::Lines(super::empty()),
    ]
}

pub fn class_list() -> Vec<Class> {
    CLASSES.iter().map(|(code, name)| Class::new(code, name)).collect()
}

fn matrix() -> Matrix {
    let mut scatter = Scatter(3);
    let mut count = |row: usize, column: usize| {
        let hit = if row == column { 30 + scatter.below(90) } else { 0 };
        (hit + scatter.below(14).saturating_sub(6)) as u64
    };
    let counts = (0..14).map(|row| (0..14).map(|column| count(row, column)).collect()).collect();
    Matrix {
        heading: Heading::new("confusion", "First-level ATC class by 5 neighbours")
            .caption("Rows are true classes, columns the class of most neighbours. Shade: share of the row.")
            .n("902 drugs"),
        classes: class_list(),
        counts,
        unit: "drugs".into(),
    }
}

fn large_matrix() -> Matrix {
    let classes =
        (0..30).map(|i| Class::new(&format!("L{i:02}X"), &format!("kinase inhibitor family {i}"))).collect();
    let counts = (0..30)
        .map(|row| {
            (0..30).map(|column| if row == column { 1_200 + row } else { (row * column) % 7 }).collect()
        })
        .collect();
    Matrix {
        heading: Heading::new("confusion-mechanism", "Thirty mechanisms")
            .caption("As above, one level finer."),
        classes,
        counts,
        unit: "drugs".into(),
    }
}

/// Stems and endings of names, some of which must be escaped.
const STEMS: [&str; 20] = [
    "vorino", "pano", "dexa", "pred", "sirol", "tacro", "imat", "ge\"fit", "sora", "ator", "sim", "fluox",
    "parox", "halo", "chlor", "α-meth", "5'-deoxy", "genis", "bor<te>", "amio&dar",
];
const ENDINGS: [&str; 15] = [
    "stat",
    "methasone",
    "nisolone",
    "imus",
    "inib",
    "fenib",
    "vastatin",
    "etine",
    "peridol",
    "promazine",
    "tein",
    "zomib",
    "one",
    "sartan",
    "azole",
];

/// Each is different.
pub fn name(drug: usize) -> String {
    format!("{}{}-{}", STEMS[drug % 20], ENDINGS[drug % 15], drug / 60)
}

pub fn map(points: usize) -> Map {
    let mut scatter = Scatter(11);
    let centres: Vec<(f64, f64)> = (0..14).map(|_| (30.0 * scatter.next(), 22.0 * scatter.next())).collect();
    let points = (0..points).map(|i| {
        let class = (scatter.next().powi(2) * 14.9) as usize;
        let centre = centres
            .get(class)
            .copied()
            .unwrap_or((15.0 + 6.0 * scatter.normal(), 11.0 + 4.0 * scatter.normal()));
        let name = name(i);
        let (x, y) = (centre.0 + 2.2 * scatter.normal(), centre.1 + 1.8 * scatter.normal());
        MapPoint { x: x as f32, y: y as f32, class: (class < 14).then_some(class), name }
    });
    Map {
        heading: Heading::new("map", "Map of drugs")
            .caption("t-SNE of mean embeddings (perplexity 30). Near neighbours are similar; distances between groups mean little.")
            .n("900 drugs"),
        classes: class_list(),
        rest: "other or several".into(),
        points: points.collect(),
    }
}
