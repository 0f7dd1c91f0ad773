//! What the charts show, from the lines of the history.

use crate::domain::health::history::{Line, Span, watched};
use crate::domain::health::{Measure, Part};
use std::collections::BTreeMap;

/// Values by second.
pub(super) type Values = Vec<(i64, f64)>;

/// Jobs that wait.
pub(super) fn depth(span: &Span) -> Values {
    let mut values: BTreeMap<i64, f64> = BTreeMap::new();
    for line in lines(span, Part::Queue, Measure::Depth) {
        for point in &line.points {
            let value = values.entry(point.at.as_second()).or_default();
            *value = value.max(point.mean);
        }
    }
    values.into_iter().collect()
}

/// Percent of the ended jobs of all providers that ended well; nothing while none ended.
pub(super) fn success(span: &Span) -> Values {
    let good = sums(span, Measure::Succeeded);
    let bad = sums(span, Measure::Failed);
    let seconds = good.keys().chain(bad.keys()).copied();
    let mut values = BTreeMap::new();
    for at in seconds {
        let value = |sums: &BTreeMap<i64, f64>| sums.get(&at).copied().unwrap_or_default().max(0.0);
        let all = value(&good) + value(&bad);
        if all > 0.0 {
            values.insert(at, value(&good) * 100.0 / all);
        }
    }
    values.into_iter().collect()
}

fn sums(span: &Span, measure: Measure) -> BTreeMap<i64, f64> {
    let mut sums = BTreeMap::new();
    for line in lines(span, Part::Jobs, measure) {
        for point in &line.points {
            *sums.entry(point.at.as_second()).or_default() += point.mean;
        }
    }
    sums
}

fn lines(span: &Span, part: Part, measure: Measure) -> impl Iterator<Item = &Line> {
    span.lines
        .iter()
        .filter(move |line| line.part == part && line.measure == measure)
}

/// Seconds that share one point of a chart: a few pixels.
const POINT: i64 = 600;

/// The worst value of each ten minutes: a peak is not averaged away.
pub(super) fn thinned(values: &Values, worst: fn(f64, f64) -> f64) -> Values {
    let mut thin: Values = Vec::new();
    for &(at, value) in values {
        let slot = at.div_euclid(POINT) * POINT;
        match thin.last_mut() {
            Some(last) if last.0 == slot => last.1 = worst(last.1, value),
            _ => thin.push((slot, value)),
        }
    }
    thin
}

/// Parts the values where nobody looked: no line is drawn across.
pub(super) fn stretches(values: &Values) -> Vec<Values> {
    let seconds: Vec<i64> = values.iter().map(|value| value.0).collect();
    watched(&seconds)
        .into_iter()
        .map(|(from, until)| {
            let inside = values.iter().filter(|(at, _)| (from..until).contains(at));
            inside.copied().collect()
        })
        .collect()
}
