//! What the store's errors mean.

use crate::domain::failure::{Arg, FailureCode};
use crate::ports::PortError;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ConnectorError, ProvideErrorMetadata, SdkError};
use std::error::Error;
use std::time::Duration;

/// Why a request did not give what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trouble {
    /// No answer: connection refused, name unknown, deadline passed.
    Unreachable(String),
    /// No credentials, or refused ones.
    Denied(String),
    /// The store says that the bucket is not there.
    NoBucket,
    /// The store says that something is not there; some say it of the key when the bucket is missing.
    NotThere,
    /// Another revision is there now.
    Changed,
    /// The store itself is in trouble; it may pass.
    Failing(String),
    /// It does not want this request.
    Refused(String),
}

/// Reads the SDK's error. Only the store's code and message are kept, never headers or signatures.
pub(super) fn trouble<E>(error: &SdkError<E, HttpResponse>) -> Trouble
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::TimeoutError(_) => Trouble::Unreachable("no answer in time".into()),
        SdkError::DispatchFailure(failure)
            if is_about_credentials(failure.as_connector_error()) =>
        {
            Trouble::Denied(chain(error))
        }
        // Whatever broke on the way, a connection closed before the answer too: nobody answered.
        SdkError::DispatchFailure(failure) if !failure.is_user() => {
            Trouble::Unreachable(chain(error))
        }
        SdkError::ServiceError(answer) => {
            let status = answer.raw().status().as_u16();
            of_answer(status, answer.err().code(), answer.err().message())
        }
        SdkError::ResponseError(_) => Trouble::Failing(chain(error)),
        _ => Trouble::Refused(chain(error)),
    }
}

fn is_about_credentials(error: Option<&ConnectorError>) -> bool {
    let mut cause = error.and_then(Error::source);
    while let Some(error) = cause {
        if error.is::<CredentialsError>() {
            return true;
        }
        cause = error.source();
    }
    false
}

fn of_answer(status: u16, code: Option<&str>, message: Option<&str>) -> Trouble {
    let text = cut(format!(
        "{status} {} {}",
        code.unwrap_or_default(),
        message.unwrap_or_default()
    ));
    match (status, code.unwrap_or_default()) {
        (_, "NoSuchBucket") => Trouble::NoBucket,
        (_, "InvalidObjectState") => Trouble::Refused(text),
        (401 | 403, _) => Trouble::Denied(text),
        (404, _) => Trouble::NotThere,
        (412, _) => Trouble::Changed,
        (408 | 429 | 500.., _) => Trouble::Failing(text),
        _ => Trouble::Refused(text),
    }
}

fn chain(error: &(dyn Error + 'static)) -> String {
    let mut texts = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        texts.push(error.to_string());
        cause = error.source();
    }
    texts.dedup();
    cut(texts.join(": "))
}

fn cut(text: String) -> String {
    text.trim().chars().take(300).collect()
}

impl Trouble {
    /// The error for people; `place` is the bucket's name for them, `backup` what was asked for.
    pub(super) fn at(self, place: &str, backup: &str) -> PortError {
        let error = |code| PortError::new(code).with("place", place);
        match self {
            Self::Unreachable(why) => error(FailureCode::BackupPlaceUnreachable)
                .because(why)
                .transient(),
            Self::Denied(why) => error(FailureCode::BackupAccessDenied).because(why),
            Self::NoBucket => error(FailureCode::BackupPlaceMissing),
            Self::NotThere => error(FailureCode::BackupNotFound).with("backup", backup),
            Self::Changed => PortError::new(FailureCode::BackupChanged).with("backup", backup),
            Self::Failing(why) => error(FailureCode::BackupPlaceFailing)
                .because(why)
                .transient(),
            Self::Refused(why) => error(FailureCode::BackupPlaceFailing).because(why),
        }
    }
}

/// No byte came for so long.
pub(super) fn stalled(place: &str, stall: Duration) -> PortError {
    PortError::new(FailureCode::BackupStalled)
        .with("place", place)
        .with("seconds", Arg::from(stall))
        .transient()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_by_its_code_before_its_status() {
        let of = |status, code| of_answer(status, Some(code), None);
        assert_eq!(of(404, "NoSuchBucket"), Trouble::NoBucket);
        assert_eq!(of(404, "NoSuchKey"), Trouble::NotThere);
        assert_eq!(of(412, "PreconditionFailed"), Trouble::Changed);
        assert!(matches!(
            of(403, "SignatureDoesNotMatch"),
            Trouble::Denied(_)
        ));
        assert!(matches!(of(503, "SlowDown"), Trouble::Failing(_)));
        assert!(matches!(of(403, "InvalidObjectState"), Trouble::Refused(_)));
    }

    #[test]
    fn only_what_may_pass_is_transient() {
        let transient = |trouble: Trouble| trouble.at("s3://b/", "x").transient;
        assert!(transient(Trouble::Unreachable(String::new())));
        assert!(transient(Trouble::Failing(String::new())));
        assert!(!transient(Trouble::Denied(String::new())));
        assert!(!transient(Trouble::NoBucket));
        assert!(!transient(Trouble::Changed));
    }
}
