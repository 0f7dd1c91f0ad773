//! Why a verb did nothing.

use crate::domain::approval::Refusal;
use crate::domain::campaign::message::Problem as MessageProblem;
use crate::domain::contacts::Invalid;
use crate::domain::failure::{Args, Failure};
use crate::domain::ids::{CampaignId, CaseId, ChecklistId, RunId};
use crate::ports::PortError;
use crate::ports::journal::StateError;
use jiff::Timestamp;

/// Why a verb did nothing. Each has the locale key `error-<code>`.
#[derive(Debug, thiserror::Error)]
pub enum OpsError {
    /// The person may not do this.
    #[error("not allowed")]
    NotAllowed,
    /// Only who asked for the run may start it.
    #[error("only the requester may do this")]
    NotYours,
    /// The approval rules say no.
    #[error("refused: {}", .0.code())]
    Refused(Refusal),
    /// No such runbook.
    #[error("there is no runbook `{0}`")]
    UnknownRunbook(String),
    /// No drill knows how to bring about what this runbook answers.
    #[error("there is no drill of `{0}`")]
    NoDrill(String),
    /// A drill with a bad backup where none is restored.
    #[error("`{0}` restores no backup")]
    NoBadBackup(String),
    /// No such backup in any place that answered.
    #[error("there is no backup {0}")]
    UnknownBackup(String),
    /// There is no backup at all, or no place answered.
    #[error("there is no backup to restore from")]
    NoBackup,
    /// Another run is on the patient.
    #[error("{0} is on the patient")]
    Busy(RunId),
    /// No such run.
    #[error("there is no run {0}")]
    UnknownRun(RunId),
    /// Nothing is under way.
    #[error("nothing is under way")]
    NothingUnderWay,
    /// No failed job fits.
    #[error("no failed job can be put back")]
    NothingToRetry,
    /// A skip without a reason.
    #[error("a reason is needed")]
    ReasonNeeded,
    /// The choice is not among those offered.
    #[error("this choice is not offered now")]
    NotOffered,
    /// The run's plan cannot be trusted; it can only be given up.
    #[error("the frozen plan of {0} does not match its hash")]
    PlanChanged(RunId),
    /// The plan was made too long ago to be started.
    #[error("the plan of {0} is too old")]
    PlanTooOld(RunId),
    /// The target folder of a restore is not usable.
    #[error("{0}")]
    Target(String),
    /// No such campaign.
    #[error("there is no notice {0}")]
    UnknownCampaign(CampaignId),
    /// There was no campaign yet.
    #[error("there was no notice yet")]
    NoNotice,
    /// Somebody else writes this notice.
    #[error("somebody else writes this notice")]
    NotYourNotice,
    /// It is past that.
    #[error("{0} is past that")]
    NoticeMovedOn(CampaignId),
    /// Whoever approved it has lost the right to.
    #[error("whoever approved {0} may no longer approve")]
    NoticeNotCarried(CampaignId),
    /// A text that is no language's tag.
    #[error("`{0}` is no language")]
    UnknownLanguage(String),
    /// A file that names nobody.
    #[error("the file names nobody")]
    NoIds,
    /// Notices are off.
    #[error("REI_BOT_TOKEN is not set")]
    NoReiToken,
    /// What is said in a language cannot go out.
    #[error("the notice cannot go out: {0}, {1:?}")]
    NoticeProblem(String, MessageProblem),
    /// Nobody is on the list.
    #[error("nobody is on the list")]
    NobodyListed,
    /// A correction that would make a text a file, or the other way round.
    #[error("a text cannot become a file, nor a file a text")]
    KindChanged,
    /// Telegram no longer deletes these messages.
    #[error("{0} was sent too long ago to be deleted")]
    DeleteTooLate(CampaignId),
    /// No such checklist, or no such line in it.
    #[error("there is no checklist {0}, or no such line in it")]
    UnknownChecklist(ChecklistId),
    /// It is closed.
    #[error("{0} is closed")]
    ChecklistClosed(ChecklistId),
    /// The line was changed since it was shown.
    #[error("the line was changed meanwhile")]
    LineMovedOn,
    /// So many lines are not settled.
    #[error("{0} lines are open")]
    LinesLeft(usize),
    /// No such role among the contacts.
    #[error("there is no role `{0}`")]
    UnknownRole(String),
    /// What was typed is no such thing.
    #[error("{0}")]
    InvalidContact(Invalid),
    /// Nobody is on call.
    #[error("nobody is on call")]
    NobodyOnCall,
    /// Whoever is on call has no Telegram account in the contacts.
    #[error("whoever is on call has no Telegram account")]
    OnCallWithoutAccount,
    /// On-call was paged a short while ago.
    #[error("paged a short while ago by {by}")]
    PagedLately {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// No such incident.
    #[error("there is no incident {0}")]
    UnknownCase(CaseId),
    /// No incident is open.
    #[error("no incident is open")]
    NoCase,
    /// It is closed already.
    #[error("{0} is closed")]
    CaseClosed(CaseId),
    /// Somebody answered meanwhile what was shown without that answer.
    #[error("{0} was answered otherwise meanwhile")]
    AnswerChanged(CaseId),
    /// It has as many notes, pictures or items as it may have.
    #[error("{0} is full")]
    CaseFull(CaseId),
    /// Nothing was written.
    #[error("nothing was written")]
    NoWords,
    /// No such action item.
    #[error("{0} has no item {1}")]
    UnknownItem(CaseId, u32),
    /// The world said no.
    #[error("{0}")]
    Failure(Failure),
    /// There is no own state that could be relied upon.
    #[error("the own state is damaged or missing: {0}")]
    StandIn(String),
    /// The own state cannot be read or written.
    #[error("the own state cannot be read or written: {0}")]
    State(String),
}

impl OpsError {
    /// The part of the locale key and the word in the audit trail.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed => "not-allowed",
            Self::NotYours => "not-yours",
            Self::Refused(refusal) => refusal.code(),
            Self::UnknownRunbook(_) => "unknown-runbook",
            Self::NoDrill(_) => "no-drill",
            Self::NoBadBackup(_) => "no-bad-backup",
            Self::UnknownBackup(_) => "unknown-backup",
            Self::NoBackup => "no-backup",
            Self::Busy(_) => "busy",
            Self::UnknownRun(_) => "unknown-run",
            Self::NothingUnderWay => "nothing-under-way",
            Self::NothingToRetry => "nothing-to-retry",
            Self::ReasonNeeded => "reason-needed",
            Self::NotOffered => "not-offered",
            Self::PlanChanged(_) => "plan-changed",
            Self::PlanTooOld(_) => "plan-too-old",
            Self::Target(_) => "target",
            Self::UnknownCampaign(_) => "unknown-notice",
            Self::NoNotice => "no-notice",
            Self::NotYourNotice => "not-your-notice",
            Self::NoticeMovedOn(_) => "notice-moved-on",
            Self::NoticeNotCarried(_) => "notice-not-carried",
            Self::UnknownLanguage(_) => "unknown-language",
            Self::NoIds => "no-ids",
            Self::NoReiToken => "no-rei-token",
            Self::NoticeProblem(..) => "notice-problem",
            Self::NobodyListed => "nobody-listed",
            Self::KindChanged => "kind-changed",
            Self::DeleteTooLate(_) => "delete-too-late",
            Self::UnknownChecklist(_) => "unknown-checklist",
            Self::ChecklistClosed(_) => "checklist-closed",
            Self::LineMovedOn => "line-moved-on",
            Self::LinesLeft(_) => "lines-left",
            Self::UnknownRole(_) => "unknown-role",
            Self::InvalidContact(_) => "contact-invalid",
            Self::NobodyOnCall => "nobody-on-call",
            Self::OnCallWithoutAccount => "on-call-without-account",
            Self::PagedLately { .. } => "paged-lately",
            Self::UnknownCase(_) => "unknown-incident",
            Self::NoCase => "no-incident",
            Self::CaseClosed(_) => "incident-closed",
            Self::AnswerChanged(_) => "incident-answer-changed",
            Self::CaseFull(_) => "incident-full",
            Self::NoWords => "no-words",
            Self::UnknownItem(..) => "unknown-item",
            Self::Failure(failure) => failure.code.as_str(),
            Self::StandIn(_) => "stand-in",
            Self::State(_) => "state",
        }
    }

    /// The codes that have a locale key `error-<code>`; refusals and failures have keys of their own.
    pub const CODES: &[&'static str] = &[
        "not-allowed",
        "not-yours",
        "unknown-runbook",
        "no-drill",
        "no-bad-backup",
        "unknown-backup",
        "no-backup",
        "busy",
        "unknown-run",
        "nothing-under-way",
        "nothing-to-retry",
        "reason-needed",
        "not-offered",
        "plan-changed",
        "plan-too-old",
        "target",
        "unknown-notice",
        "no-notice",
        "not-your-notice",
        "notice-moved-on",
        "notice-not-carried",
        "unknown-language",
        "no-ids",
        "no-rei-token",
        "nobody-listed",
        "kind-changed",
        "delete-too-late",
        "unknown-checklist",
        "checklist-closed",
        "line-moved-on",
        "lines-left",
        "unknown-role",
        "nobody-on-call",
        "on-call-without-account",
        "paged-lately",
        "unknown-incident",
        "no-incident",
        "incident-closed",
        "incident-answer-changed",
        "incident-full",
        "no-words",
        "unknown-item",
        "stand-in",
        "state",
    ];

    /// The locale key of the message.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Refused(refusal) => format!("refusal-{}", refusal.code()),
            Self::NoticeProblem(_, problem) => format!("notice-problem-{}", problem.code()),
            Self::InvalidContact(invalid) => format!("contact-invalid-{}", invalid.as_str()),
            Self::Failure(failure) => format!("failure-{}", failure.code.as_str()),
            other => format!("error-{}", other.code()),
        }
    }

    /// The blanks of the message: `given` (runbook, backup, target), `run`, `by`, `at`, `cause`.
    #[must_use]
    pub fn args(&self) -> Args {
        let mut args = Args::new();
        match self {
            Self::UnknownRunbook(given)
            | Self::UnknownBackup(given)
            | Self::NoDrill(given)
            | Self::NoBadBackup(given)
            | Self::UnknownLanguage(given)
            | Self::UnknownRole(given)
            | Self::Target(given) => {
                args.insert("given".into(), given.as_str().into());
            }
            Self::Busy(run)
            | Self::UnknownRun(run)
            | Self::PlanChanged(run)
            | Self::PlanTooOld(run) => {
                args.insert("run".into(), run.to_string().into());
            }
            Self::UnknownCampaign(id)
            | Self::NoticeMovedOn(id)
            | Self::NoticeNotCarried(id)
            | Self::DeleteTooLate(id) => {
                args.insert("notice".into(), id.to_string().into());
            }
            Self::UnknownCase(id)
            | Self::CaseClosed(id)
            | Self::AnswerChanged(id)
            | Self::CaseFull(id) => {
                args.insert("incident".into(), id.to_string().into());
            }
            Self::UnknownItem(id, number) => {
                args.insert("incident".into(), id.to_string().into());
                args.insert("number".into(), i64::from(*number).into());
            }
            Self::NoticeProblem(language, problem) => {
                args = problem.args();
                args.insert("language".into(), language.as_str().into());
            }
            Self::UnknownChecklist(id) | Self::ChecklistClosed(id) => {
                args.insert("checklist".into(), id.to_string().into());
            }
            Self::LinesLeft(left) => {
                let left = i64::try_from(*left).unwrap_or(i64::MAX);
                args.insert("left".into(), left.into());
            }
            Self::PagedLately { by, at } => {
                args.insert("by".into(), by.as_str().into());
                args.insert("at".into(), (*at).into());
            }
            Self::Failure(failure) => args.clone_from(&failure.args),
            Self::State(cause) | Self::StandIn(cause) => {
                args.insert("cause".into(), cause.as_str().into());
            }
            Self::Refused(Refusal::Decided { by, at }) => {
                let name = by.as_ref().map_or("rei-recovery", |by| by.name.as_str());
                args.insert("by".into(), name.into());
                args.insert("at".into(), (*at).into());
            }
            Self::Refused(Refusal::Expired { at }) => {
                args.insert("at".into(), (*at).into());
            }
            Self::Refused(Refusal::WrongCode { left }) => {
                args.insert("left".into(), i64::from(*left).into());
            }
            Self::Refused(Refusal::CodesLocked { until }) => {
                args.insert("until".into(), (*until).into());
            }
            _ => {}
        }
        args
    }

    /// Whether somebody was told no, as opposed to something that went wrong.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::NotAllowed
                | Self::NotYours
                | Self::NotYourNotice
                | Self::Refused(_)
                | Self::NotOffered
                | Self::ChecklistClosed(_)
                | Self::LineMovedOn
                | Self::LinesLeft(_)
                | Self::PagedLately { .. }
        )
    }
}

impl From<StateError> for OpsError {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Busy(run) => Self::Busy(run),
            StateError::NoSuchRun(run) => Self::UnknownRun(run),
            StateError::PlanChanged(run) => Self::PlanChanged(run),
            StateError::StandIn(why) => Self::StandIn(why),
            other => Self::State(other.to_string()),
        }
    }
}

impl From<PortError> for OpsError {
    fn from(error: PortError) -> Self {
        Self::Failure(error.failure)
    }
}
