//! Families of metrics that are filled at once.

use prometheus_client::encoding::text::{encode, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use std::fmt;
use std::sync::atomic::AtomicU64;

/// Labels: names and values.
pub(super) type Labels = Vec<(&'static str, String)>;

type Gauges = Family<Labels, Gauge<f64, AtomicU64>>;
type Counters = Family<Labels, Counter<f64, AtomicU64>>;

/// Everything of one scrape.
pub(super) struct Families {
    own: Registry,
    process: Registry,
}

impl Families {
    pub(super) fn new() -> Self {
        Self {
            own: Registry::with_prefix(super::PREFIX),
            process: Registry::with_prefix("process"),
        }
    }

    /// A family of gauges, even where it has no members: dashboards know that it exists.
    pub(super) fn gauges(
        &mut self,
        name: impl Into<String>,
        help: &str,
        values: impl IntoIterator<Item = (Labels, f64)>,
    ) {
        self.own.register(name, help, gauges(values));
    }

    /// A single gauge; nothing where its value is not known.
    pub(super) fn gauge(&mut self, name: &str, help: &str, value: Option<f64>) {
        let member = value.map(|value| (Labels::new(), value));
        self.gauges(name, help, member);
    }

    /// A family of counters; `_total` is added.
    pub(super) fn counters(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Labels, f64)>,
    ) {
        self.own.register(name, help, counters(values));
    }

    /// Facts as labels; `_info` is added.
    pub(super) fn info(&mut self, name: &str, help: &str, labels: Labels) {
        self.own.register(name, help, Info::new(escaped(labels)));
    }

    /// A gauge of the process.
    pub(super) fn of_process(&mut self, name: &str, help: &str, value: Option<f64>) {
        let member = value.map(|value| (Labels::new(), value));
        self.process.register(name, help, gauges(member));
    }

    /// The process's time on the processor.
    pub(super) fn of_process_total(&mut self, name: &str, help: &str, value: Option<f64>) {
        let member = value.map(|value| (Labels::new(), value));
        self.process.register(name, help, counters(member));
    }

    /// All of it.
    pub(super) fn text(self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode_registry(&mut text, &self.process)?;
        encode(&mut text, &self.own)?;
        Ok(text)
    }
}

/// The library writes label values as they are.
fn escaped(labels: Labels) -> Labels {
    let escape = |value: String| {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"");
        value.replace('\n', "\\n")
    };
    let labels = labels.into_iter();
    labels.map(|(name, value)| (name, escape(value))).collect()
}

fn gauges(values: impl IntoIterator<Item = (Labels, f64)>) -> Gauges {
    let family = Gauges::default();
    for (labels, value) in values {
        family.get_or_create(&escaped(labels)).set(value);
    }
    family
}

fn counters(values: impl IntoIterator<Item = (Labels, f64)>) -> Counters {
    let family = Counters::default();
    for (labels, value) in values {
        family.get_or_create(&escaped(labels)).inc_by(value);
    }
    family
}
