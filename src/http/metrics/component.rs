//! What the last round found.

use super::family::{Families, Labels};
use crate::domain::health::{Condition, Finding, Measure, Part, Round};
use jiff::Timestamp;

const CONDITIONS: [Condition; 4] = [
    Condition::Up,
    Condition::Degraded,
    Condition::Down,
    Condition::Unknown,
];

pub(super) fn tell(round: &Round, now: Timestamp, families: &mut Families) {
    families.gauges(
        "component_condition",
        "1 for the condition that the last round found a component in, 0 for the others",
        round.findings.iter().flat_map(conditions),
    );
    families.gauges(
        "probe_duration_seconds",
        "How long the probe of a component took",
        each(round, |finding| Some(finding.took.as_secs_f64())),
    );
    families.gauge(
        "round_duration_seconds",
        "How long the last round of probes took",
        Some(round.took.as_secs_f64()),
    );
    families.gauge(
        "round_timestamp_seconds",
        "When the last round of probes began",
        Some(round.at.as_duration().as_secs_f64()),
    );
    families.gauge(
        "round_age_seconds",
        "How long ago the last round of probes began",
        Some(now.duration_since(round.at).as_secs_f64().max(0.0)),
    );
    let newest = round.of(Part::Backups);
    let newest = newest.filter_map(|found| found.measures.get(&Measure::AgeSeconds));
    families.gauge(
        "backup_age_seconds",
        "Age of the newest backup in any place",
        newest.min().map(|age| float(*age)),
    );
    for &measure in Measure::ALL {
        families.gauges(
            measure_name(measure),
            &format!(
                "What the last round measured of a component: {}",
                measure.as_str()
            ),
            each(round, |finding| {
                let value = finding.measures.get(&measure)?;
                Some(float(*value) * scale(measure))
            }),
        );
    }
}

/// The name of a measure's metric without the prefix, in base units: `component_free_ratio`.
#[must_use]
pub fn measure_name(measure: Measure) -> String {
    let word = measure.as_str().replace('-', "_");
    let stem = |unit: &str| word.strip_suffix(unit).or(word.strip_prefix(unit));
    let word = match (stem("_percent"), stem("_millis"), stem("days_")) {
        (Some(stem), ..) => format!("{stem}_ratio"),
        (_, Some(stem), _) | (.., Some(stem)) => format!("{stem}_seconds"),
        _ => word,
    };
    format!("component_{word}")
}

/// What a measure is multiplied by to be in base units.
#[must_use]
pub fn scale(measure: Measure) -> f64 {
    match measure.as_str() {
        word if word.ends_with("-percent") => 0.01,
        word if word.ends_with("-millis") => 0.001,
        word if word.starts_with("days-") => 86_400.0,
        _ => 1.0,
    }
}

fn each(
    round: &Round,
    value: impl Fn(&Finding) -> Option<f64>,
) -> impl Iterator<Item = (Labels, f64)> {
    let findings = round.findings.iter();
    findings.filter_map(move |finding| Some((labels(finding), value(finding)?)))
}

fn conditions(finding: &Finding) -> impl Iterator<Item = (Labels, f64)> {
    CONDITIONS.into_iter().map(|condition| {
        let mut labels = labels(finding);
        labels.push(("condition", condition.as_str().to_owned()));
        (labels, f64::from(u8::from(condition == finding.condition)))
    })
}

fn labels(finding: &Finding) -> Labels {
    let subject = finding.subject.clone().unwrap_or_default();
    vec![
        ("part", finding.part.as_str().to_owned()),
        ("subject", subject),
    ]
}

#[allow(
    clippy::cast_precision_loss,
    reason = "Prometheus has no other numbers"
)]
fn float(value: i64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn measures_are_told_in_base_units_under_names_of_their_own() {
        assert_eq!(measure_name(Measure::FreePercent), "component_free_ratio");
        assert_eq!(measure_name(Measure::SkewMillis), "component_skew_seconds");
        assert_eq!(measure_name(Measure::DaysLeft), "component_left_seconds");
        assert_eq!(measure_name(Measure::WalBytes), "component_wal_bytes");
        let names: BTreeSet<String> = Measure::ALL.iter().copied().map(measure_name).collect();
        assert_eq!(names.len(), Measure::ALL.len());
        assert!(!names.contains("component_condition"));
    }
}
