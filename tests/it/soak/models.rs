//! The town behind the ports.

use super::town::{BOT, Town, WORKERS};
use async_trait::async_trait;
use jiff::Timestamp;
use rei_recovery::domain::campaign::message::{Message, Notice};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::install::ProgramReport;
use rei_recovery::domain::payment::RemotePayment;
use rei_recovery::domain::provider::{Condition, Reading, TaskState};
use rei_recovery::domain::unit::{UnitName, UnitStatus};
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::bot::*;
use rei_recovery::ports::database::{FileHolders, Holder, HoldersReport};
use rei_recovery::ports::install::Programs;
use rei_recovery::ports::payments::PaymentProvider;
use rei_recovery::ports::providers::AiProviders;
use rei_recovery::ports::units::Units;
use rei_recovery::ports::{PortError, PortResult};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

#[async_trait]
impl Units for Town {
    async fn status(&self, unit: &UnitName) -> PortResult<UnitStatus> {
        Ok(self.status_of(unit))
    }

    async fn start(&self, unit: &UnitName) -> PortResult<UnitStatus> {
        self.start_unit(unit.as_str());
        let mut status = self.status_of(unit);
        // It was seen active; what became of it a moment later is another matter.
        status.state = rei_recovery::domain::unit::UnitState::Active;
        Ok(status)
    }

    async fn stop(&self, unit: &UnitName) -> PortResult<UnitStatus> {
        self.stop_unit(unit.as_str());
        Ok(self.status_of(unit))
    }

    async fn recent_lines(&self, _: &UnitName, _: Timestamp, _: usize) -> PortResult<Vec<String>> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl FileHolders for Town {
    async fn holders(&self, database: &Path) -> PortResult<HoldersReport> {
        let holder = Holder {
            pid: 4242,
            name: if self.runs(WORKERS) && !self.runs(BOT) {
                "rq".to_owned()
            } else {
                "python3".to_owned()
            },
            file: database.to_owned(),
        };
        Ok(HoldersReport {
            holders: (self.is_in_use() && !self.log().blind)
                .then_some(holder)
                .into_iter()
                .collect(),
            seen: 100,
            hidden: 0,
        })
    }
}

#[async_trait]
impl ReiBot for Town {
    async fn username(&self) -> PortResult<String> {
        Ok("rei_bot".to_owned())
    }

    async fn webhook(&self) -> PortResult<Webhook> {
        Ok(Webhook::default())
    }

    async fn send(&self, person: i64, text: &str) -> PortResult<()> {
        self.got(person, text);
        Ok(())
    }
}

#[async_trait]
impl Courier for Town {
    async fn turn(&self, _: bool, _: bool) -> Turn {
        Turn::given()
    }

    async fn deliver(&self, _: Turn, parcel: Parcel<'_>) -> Delivered {
        let Errand::Send(message) = parcel.errand else {
            return Delivered::Refused("nobody asked for that".to_owned());
        };
        self.got(parcel.chat, &message.text.text);
        let message = 7;
        let moved = None;
        Delivered::Done { message, moved }
    }

    fn pace(&self) -> PaceNow {
        PaceNow {
            per_second: 30.0,
            stalled: None,
        }
    }
}

#[async_trait]
impl Wording for Town {
    async fn test_message(&self, _: i64) -> String {
        "test".to_owned()
    }

    fn notice(&self, key: &str) -> Notice {
        Notice {
            fallback: "en".to_owned(),
            messages: BTreeMap::from([("en".to_owned(), Message::plain(key))]),
        }
    }
}

#[async_trait]
impl Programs for Town {
    async fn run(
        &self,
        _: &Path,
        _: &[String],
        _: Duration,
        _: &Work,
    ) -> PortResult<ProgramReport> {
        self.log().programs += 1;
        Ok(ProgramReport {
            code: Some(0),
            tail: String::new(),
            millis: 1,
        })
    }
}

impl Town {
    fn reading(&self, service: &str) -> Reading {
        let mut log = self.log();
        let down = log.outage > 0;
        log.outage = log.outage.saturating_sub(1);
        Reading {
            service: service.to_owned(),
            condition: if down { Condition::Down } else { Condition::Up },
            said: None,
            failure: None,
            millis: 1,
        }
    }
}

#[async_trait]
impl PaymentProvider for Town {
    async fn readings(&self) -> Vec<Reading> {
        vec![self.reading("yookassa-api")]
    }

    async fn sweep(
        &self,
        since: Timestamp,
        until: Timestamp,
        _: &Work,
    ) -> PortResult<BTreeMap<String, RemotePayment>> {
        let found = self.shop.iter();
        let found = found.filter(|(_, paid)| paid.created_at >= since && paid.created_at < until);
        Ok(found.map(|(id, paid)| (id.clone(), paid.clone())).collect())
    }

    async fn by_id(&self, ids: &[String], _: &Work) -> PortResult<BTreeMap<String, RemotePayment>> {
        let known = ids.iter().filter_map(|id| Some((id, self.shop.get(id)?)));
        Ok(known.map(|(id, paid)| (id.clone(), paid.clone())).collect())
    }
}

#[async_trait]
impl AiProviders for Town {
    fn names(&self) -> Vec<String> {
        vec!["kling".to_owned()]
    }

    async fn readings(&self) -> Vec<Reading> {
        vec![self.reading("kling")]
    }

    fn blames(&self, _: &str, _: &str) -> bool {
        true
    }

    fn can_look_up(&self, _: &str) -> bool {
        false
    }

    async fn tasks(&self, _: &str, _: &[String]) -> PortResult<BTreeMap<String, TaskState>> {
        Err(PortError::new(FailureCode::ProviderDown))
    }
}
