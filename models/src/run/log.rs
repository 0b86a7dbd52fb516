//! What the looks at a training show, as a table and as a picture.

use std::fmt::Write;

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::train::Look;

/// Tab-separated, one line a look; `-` where there are no validation drugs.
pub(super) fn table(looks: &[Look]) -> String {
    let mut text =
        "step\tloss\tvalidation_auc\tvalidation_macro_auc\tvalidation_queries\tseconds\tper_second\n"
            .to_owned();
    for look in looks {
        let validation = look.validation.map_or_else(
            || "-\t-\t-".to_owned(),
            |seen| format!("{:.4}\t{:.4}\t{}", seen.auc, seen.macro_auc, seen.queries),
        );
        let Look { step, loss, seconds, rate, .. } = look;
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{step}\t{loss:.5}\t{validation}\t{seconds:.1}\t{rate:.0}");
    }
    text
}

const SIZE: (u32, u32) = (720, 480);
const LOSS: RGBColor = RGBColor(0x1f, 0x5f, 0x99);
const AUC: RGBColor = RGBColor(0xb3, 0x54, 0x1e);

/// Loss, and validation AUC if there is any, over the steps, as SVG; `None` before there are two looks.
pub(super) fn curve(looks: &[Look], steps: u64) -> Option<String> {
    if looks.len() < 2 {
        return None;
    }
    let losses: Vec<(f64, f64)> = looks.iter().map(|look| (look.step as f64, look.loss)).collect();
    let auc = |look: &Look| look.validation.map(|seen| (look.step as f64, seen.auc));
    let aucs: Vec<(f64, f64)> = looks.iter().filter_map(auc).collect();
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        root.fill(&WHITE).ok()?;
        let end = steps as f64;
        if aucs.is_empty() {
            panel(&root, "loss", &losses, end, LOSS)?;
        } else {
            let (upper, lower) = root.split_vertically(SIZE.1 / 2);
            panel(&upper, "loss", &losses, end, LOSS)?;
            panel(&lower, "AUC on validation drugs", &aucs, end, AUC)?;
        }
        root.present().ok()?;
    }
    Some(svg)
}

fn panel(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    name: &str,
    points: &[(f64, f64)],
    end: f64,
    colour: RGBColor,
) -> Option<()> {
    let low = points.iter().map(|point| point.1).fold(f64::MAX, f64::min);
    let high = points.iter().map(|point| point.1).fold(f64::MIN, f64::max);
    let room = 0.05 * (high - low).max(1e-3);
    let mut chart = ChartBuilder::on(area)
        .caption(name, ("sans-serif", 16))
        .margin(12)
        .x_label_area_size(34)
        .y_label_area_size(60)
        .build_cartesian_2d(0.0..end, low - room..high + room)
        .ok()?;
    chart
        .configure_mesh()
        .x_desc("step")
        .x_label_formatter(&|step| format!("{step:.0}"))
        .light_line_style(TRANSPARENT)
        .bold_line_style(BLACK.mix(0.12))
        .draw()
        .ok()?;
    chart.draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(2))).ok()?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Validation;

    fn looks(validation: bool) -> Vec<Look> {
        let seen = |step: u64| {
            validation.then_some(Validation { auc: 0.6 + step as f64 * 1e-3, macro_auc: 0.5, queries: 40 })
        };
        let look =
            |step| Look { step, loss: 3.0 / step as f64, validation: seen(step), seconds: 0.5, rate: 1000.0 };
        (1..=10).map(|k| look(10 * k)).collect()
    }

    #[test]
    fn every_look_is_a_line_with_all_columns() {
        for validation in [true, false] {
            let text = table(&looks(validation));
            let columns: Vec<usize> = text.lines().map(|line| line.split('\t').count()).collect();
            assert_eq!(columns, vec![7; 11]);
        }
    }

    #[test]
    fn the_picture_has_a_line_for_the_loss_and_one_for_the_auc() {
        for (validation, lines) in [(false, 1), (true, 2)] {
            let svg = curve(&looks(validation), 100).unwrap();
            let drawn = |colour: &str| svg.matches(&format!("stroke=\"{colour}\"")).count();
            assert_eq!(drawn("#1F5F99").min(1) + drawn("#B3541E").min(1), lines, "{svg}");
        }
        assert_eq!(curve(&looks(true)[..1], 100), None);
    }

    #[test]
    fn a_loss_that_does_not_move_is_drawn_all_the_same() {
        let mut looks = looks(false);
        looks.iter_mut().for_each(|look| look.loss = 2.0);
        assert!(curve(&looks, 100).is_some());
    }
}
