//! What a port says when something goes wrong, and the lies that the world tells.

use super::layer::Call;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use rei_recovery::domain::backup::{
    Backup, ContentHash, FailedVerification, Known, VerificationRecord,
};
use rei_recovery::domain::catalogue::{Catalogue, ListedBackup};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::payment::RemotePayment;
use rei_recovery::domain::provider::{Condition, Reading};
use rei_recovery::domain::queue::QueueView;
use rei_recovery::domain::unit::{UnitState, UnitStatus};
use rei_recovery::ports::bot::{Delivered, Turn};
use rei_recovery::ports::database::HoldersReport;
use rei_recovery::ports::journal::{StateError, StateResult};
use rei_recovery::ports::{PortError, PortResult};
use std::collections::BTreeMap;

/// What a port can answer.
pub trait Answer: Sized {
    /// A no; `unknown`: it may have happened all the same. Nothing where the port cannot say so.
    fn refused(call: Call, unknown: bool) -> Option<Self>;

    /// Bent in one of several ways; tells whether it was.
    fn bent(self, _salt: u8) -> (Self, bool) {
        (self, false)
    }

    /// Whether it tells of something that happened.
    fn is_done(&self) -> bool {
        true
    }
}

/// What can be bent in an answer.
pub trait Bend: Sized {
    fn bend(&mut self, _salt: u8) -> bool {
        false
    }
}

impl<T: Bend> Answer for PortResult<T> {
    fn refused(call: Call, unknown: bool) -> Option<Self> {
        let error = PortError::new(code(call)).because("planned").transient();
        Some(Err(if unknown { error.unknown() } else { error }))
    }

    fn bent(mut self, salt: u8) -> (Self, bool) {
        let bent = self.as_mut().is_ok_and(|answer| answer.bend(salt));
        (self, bent)
    }

    fn is_done(&self) -> bool {
        self.is_ok()
    }
}

impl<T> Answer for StateResult<T> {
    fn refused(_: Call, _: bool) -> Option<Self> {
        Some(Err(StateError::Unavailable("planned".to_owned())))
    }
}

impl Answer for Delivered {
    fn refused(_: Call, unknown: bool) -> Option<Self> {
        Some(if unknown {
            Self::Unknown("planned".to_owned())
        } else {
            Self::NotSent("planned".to_owned())
        })
    }
}

impl Answer for Vec<Reading> {
    fn refused(_: Call, _: bool) -> Option<Self> {
        let reading = Reading {
            service: "planned".to_owned(),
            condition: Condition::Down,
            said: None,
            failure: None,
            millis: 1,
        };
        Some(vec![reading])
    }
}

macro_rules! never_refused {
    ($($answer:ty),* $(,)?) => {
        $(impl Answer for $answer {
            fn refused(_: Call, _: bool) -> Option<Self> {
                None
            }
        })*
    };
}

never_refused!(Catalogue, Known, Option<FailedVerification>, Turn);

fn code(call: Call) -> FailureCode {
    match call.port {
        "units" => FailureCode::UnitManagerUnreachable,
        "place" | "backups" => FailureCode::BackupPlaceUnreachable,
        "queue" => FailureCode::RedisUnreachable,
        "records" => FailureCode::RecordsBusy,
        "payments" | "providers" => FailureCode::ProviderDown,
        "bot" => FailureCode::BotUnreachable,
        "programs" => FailureCode::ProgramMissing,
        _ => FailureCode::FileError,
    }
}

macro_rules! straight {
    ($($answer:ty),* $(,)?) => { $(impl Bend for $answer {})* };
}

straight!(
    (),
    bool,
    u64,
    String,
    Option<bool>,
    Vec<String>,
    Vec<i64>,
    Vec<std::path::PathBuf>,
    Vec<(String, String, u64)>,
    Option<Backup>,
    Option<rei_recovery::domain::database::Quarantine>,
    Option<rei_recovery::ports::records::Imbalance>,
    (u64, Vec<rei_recovery::ports::records::Imbalance>),
    (rei_recovery::domain::database::CheckReport, Vec<String>),
    BTreeMap<String, u64>,
    BTreeMap<String, String>,
    BTreeMap<String, rei_recovery::domain::provider::TaskState>,
    rei_recovery::domain::job::Tallies,
    Vec<ListedBackup>,
    Vec<VerificationRecord>,
    Vec<rei_recovery::domain::job::JobRow>,
    Vec<rei_recovery::domain::payment::LocalPayment>,
    Vec<rei_recovery::domain::campaign::audience::User>,
    Vec<rei_recovery::ports::records::Addressee>,
    rei_recovery::domain::payment::Settled,
    rei_recovery::domain::database::FileIdentity,
    rei_recovery::domain::database::Quarantine,
    rei_recovery::domain::database::Books,
    rei_recovery::domain::database::Loss,
    rei_recovery::domain::database::CheckReport,
    rei_recovery::ports::backups::Fetched,
    rei_recovery::domain::facts::LogPosition,
    rei_recovery::ports::log::LogNews,
    rei_recovery::ports::log::LogRate,
    rei_recovery::domain::queue::RedisHealth,
    rei_recovery::domain::queue::RedisContent,
    rei_recovery::domain::queue::Requeued,
    rei_recovery::domain::queue::Rebuilt,
    rei_recovery::domain::queue::Flushed,
    rei_recovery::domain::install::Switched,
    rei_recovery::domain::install::Unpacked,
    rei_recovery::domain::install::ProgramReport,
    rei_recovery::ports::bot::Webhook,
);

impl Bend for UnitStatus {
    /// Active though dead, dead though active, or on its way.
    fn bend(&mut self, salt: u8) -> bool {
        self.state = match (salt % 3, self.state) {
            (0, UnitState::Active) => UnitState::Failed,
            (0, _) => UnitState::Active,
            (1, _) => UnitState::Deactivating,
            _ => UnitState::Activating,
        };
        true
    }
}

impl Bend for HoldersReport {
    /// A process whose handles cannot be read.
    fn bend(&mut self, _: u8) -> bool {
        self.hidden += 1;
        true
    }
}

impl Bend for Vec<Backup> {
    /// An old listing, or another size.
    fn bend(&mut self, salt: u8) -> bool {
        if salt.is_multiple_of(2) {
            self.sort_by_key(|backup| backup.time);
            return self.pop().is_some();
        }
        for backup in self.iter_mut() {
            backup.size += u64::from(salt);
        }
        !self.is_empty()
    }
}

impl Bend for Option<VerificationRecord> {
    /// The record of other bytes.
    fn bend(&mut self, _: u8) -> bool {
        let Some(record) = self else { return false };
        record.content = ContentHash("ab".repeat(32));
        true
    }
}

impl Bend for Vec<rei_recovery::domain::queue::FailedJob> {
    /// Not all of them.
    fn bend(&mut self, _: u8) -> bool {
        self.pop().is_some()
    }
}

impl Bend for QueueView {
    /// Nobody works.
    fn bend(&mut self, _: u8) -> bool {
        self.workers.clear();
        true
    }
}

impl Bend for BTreeMap<String, RemotePayment> {
    /// A page that came too early: one payment is not in it.
    fn bend(&mut self, _: u8) -> bool {
        self.pop_last().is_some()
    }
}

impl Bend for BoxStream<'static, PortResult<Bytes>> {
    /// Cut short without a word, other bytes, or a line that breaks.
    fn bend(&mut self, salt: u8) -> bool {
        let whole = std::mem::replace(self, stream::empty().boxed());
        *self = match salt % 3 {
            0 => whole.map(short).boxed(),
            1 => whole.map(other).boxed(),
            _ => {
                stream::iter([Err(PortError::new(FailureCode::BackupStalled).transient())]).boxed()
            }
        };
        true
    }
}

fn short(chunk: PortResult<Bytes>) -> PortResult<Bytes> {
    chunk.map(|bytes| bytes.slice(..bytes.len() / 2))
}

fn other(chunk: PortResult<Bytes>) -> PortResult<Bytes> {
    chunk.map(|bytes| {
        let mut bytes = bytes.to_vec();
        if let Some(byte) = bytes.last_mut() {
            *byte ^= 0x55;
        }
        bytes.into()
    })
}
