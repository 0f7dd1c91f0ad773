//! What Redis' errors mean.

use super::certificates::DialError;
use super::target::Target;
use crate::domain::failure::FailureCode;
use crate::ports::PortError;
use redis::{ErrorKind, RedisError, ServerErrorKind};
use std::error::Error;
use std::io;
use std::sync::Arc;

/// What is wrong with the server on the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Nobody answers, or no longer.
    Unreachable,
    /// It reads its data back.
    Loading,
    /// It wants a password, or another one.
    Password,
    /// One side speaks TLS and the other does not, or a certificate is not trusted.
    Tls,
    /// It is a replica.
    Replica,
    /// Its last save failed.
    Disk,
    /// Too few replicas take part.
    Lonely,
    /// At its memory limit.
    Memory,
    /// A sentinel, or no Redis.
    NotAServer,
    /// A key is not of the type it should be.
    Damaged,
    /// Busy with a script of somebody else.
    Busy,
    /// Everything else.
    Failing,
}

impl Trouble {
    /// Reads the library's error.
    pub(super) fn of(error: &RedisError) -> Self {
        if is_about_tls(error) {
            return Self::Tls;
        }
        match error.kind() {
            ErrorKind::AuthenticationFailed => return Self::Password,
            ErrorKind::Io => return Self::Unreachable,
            ErrorKind::Parse => return Self::NotAServer,
            _ => {}
        }
        let text = error.to_string();
        match error.clone().into_server_errors() {
            Some(errors) => errors.first().map_or(Self::Failing, |(_, first)| {
                Self::answered(first.code(), first.details().unwrap_or_default())
            }),
            None => Self::answered("", &text),
        }
    }

    /// Reads an answer of the server: its first word, and the rest.
    pub(super) fn answered(code: &str, rest: &str) -> Self {
        match code {
            "NOAUTH" | "WRONGPASS" => Self::Password,
            "LOADING" => Self::Loading,
            "READONLY" | "MASTERDOWN" => Self::Replica,
            "MISCONF" => Self::Disk,
            "NOREPLICAS" => Self::Lonely,
            "OOM" => Self::Memory,
            "WRONGTYPE" => Self::Damaged,
            "BUSY" => Self::Busy,
            // AUTH for a server that has no password, or a user that it does not know.
            "ERR" if rest.contains("AUTH") || rest.contains("invalid password") => Self::Password,
            // Before Redis 7 a script's error stands within the script's own.
            "ERR" if rest.contains("-READONLY ") => Self::Replica,
            "ERR" if rest.contains("-OOM ") => Self::Memory,
            "ERR" if rest.contains("-MISCONF ") => Self::Disk,
            _ => Self::Failing,
        }
    }

    /// The error for people, with the server as they know it.
    pub(super) fn at(self, target: &Target) -> PortError {
        let error = |code| PortError::new(code).with("server", target.server.as_str());
        let refuses = |reason: &str| error(FailureCode::RedisReadOnly).with("reason", reason);
        match self {
            Self::Unreachable => error(FailureCode::RedisUnreachable).transient(),
            Self::Loading => error(FailureCode::RedisLoading).transient(),
            Self::Password => error(FailureCode::RedisPassword),
            Self::Tls => error(FailureCode::RedisTls),
            Self::Replica => refuses("replica"),
            Self::Disk => refuses("disk"),
            Self::Lonely => refuses("NOREPLICAS"),
            Self::Memory => error(FailureCode::RedisOutOfMemory),
            Self::NotAServer => error(FailureCode::RedisNotAServer),
            Self::Busy => error(FailureCode::RedisFailing).transient(),
            Self::Damaged | Self::Failing => error(FailureCode::RedisFailing),
        }
    }
}

/// The error of an exchange.
pub(super) fn of_exchange(error: &RedisError, target: &Target) -> PortError {
    Trouble::of(error)
        .at(target)
        .because(target.redact(&words(error)))
}

/// The error of a connection that does not stand.
pub(super) fn of_dial(error: &DialError, target: &Target) -> PortError {
    match error {
        DialError::Certificate(..) => Trouble::Tls.at(target).because(error),
        DialError::Redis(error) => of_exchange(error, target),
    }
}

/// A key that is not of its type; nothing else is wrong with the server.
pub(super) fn damaged(key: &str) -> PortError {
    PortError::new(FailureCode::RedisDataDamaged)
        .with("count", 1_i64)
        .with("first", key)
}

/// Whether the answer says that the key is not of its type.
pub(super) fn is_wrong_type(error: &RedisError) -> bool {
    Trouble::of(error) == Trouble::Damaged
}

/// Whether the connection is of no more use: an answer that is an error does not end it.
pub(super) fn is_lost(error: &RedisError) -> bool {
    matches!(error.kind(), ErrorKind::Io | ErrorKind::Parse)
}

/// Whether the server knows no such command, or does not let us.
pub(super) fn is_not_offered(error: &RedisError) -> bool {
    error.kind() == ErrorKind::Server(ServerErrorKind::NoPerm)
        || error.to_string().contains("unknown command")
}

/// What TLS itself says of the other side.
pub(super) fn tls_words(error: &RedisError) -> Option<&rustls::Error> {
    let mut cause = origin(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<rustls::Error>() {
            return Some(found);
        }
        // An I/O error tells the source of what it wraps, and not that itself.
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        cause = match wrapped {
            Some(inner) => Some(inner as Cause<'_>),
            None => error.source(),
        };
    }
    None
}

type Cause<'e> = &'e (dyn Error + 'static);

/// What the library's error was made of; it hands it out in its own wrapping.
fn origin(error: &RedisError) -> Option<Cause<'_>> {
    let source = error.source()?;
    match source.downcast_ref::<Arc<dyn Error + Send + Sync>>() {
        Some(shared) => Some(shared.as_ref() as Cause<'_>),
        None => Some(source),
    }
}

/// The library wraps what goes wrong before the handshake (system certificates that cannot be read,
/// a host that is no name) as I/O errors that are none.
fn is_about_tls(error: &RedisError) -> bool {
    let strange = origin(error).is_some_and(|cause| !cause.is::<io::Error>());
    (error.kind() == ErrorKind::Io && strange) || tls_words(error).is_some()
}

fn words(error: &RedisError) -> String {
    match error.clone().into_server_errors() {
        Some(errors) => errors.first().map_or_else(String::new, |(_, first)| {
            format!("{} {}", first.code(), first.details().unwrap_or_default())
        }),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_named_for_what_it_is() {
        for (code, rest, trouble) in [
            ("NOAUTH", "Authentication required.", Trouble::Password),
            (
                "ERR",
                "AUTH <password> called without any password configured",
                Trouble::Password,
            ),
            (
                "READONLY",
                "You can't write against a read only replica.",
                Trouble::Replica,
            ),
            (
                "ERR",
                "Error running script (call to f_1): @user_script:8: -OOM command not allowed",
                Trouble::Memory,
            ),
            (
                "MISCONF",
                "Redis is configured to save RDB snapshots",
                Trouble::Disk,
            ),
            (
                "LOADING",
                "Redis is loading the dataset in memory",
                Trouble::Loading,
            ),
            ("ERR", "DB index is out of range", Trouble::Failing),
        ] {
            assert_eq!(Trouble::answered(code, rest), trouble, "{code} {rest}");
        }
    }

    #[test]
    fn a_broken_connection_is_told_from_broken_tls() {
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(Trouble::of(&refused.into()), Trouble::Unreachable);
        let alert = rustls::Error::NoCertificatesPresented;
        let wrapped = io::Error::new(io::ErrorKind::InvalidData, alert.clone());
        assert_eq!(Trouble::of(&wrapped.into()), Trouble::Tls);
        assert_eq!(Trouble::of(&alert.into()), Trouble::Tls);
    }

    #[test]
    fn only_what_passes_by_itself_is_transient() {
        let url = secrecy::SecretString::from("redis://h");
        let target = Target::parse(&url).unwrap();
        let transient = |trouble: Trouble| trouble.at(&target).transient;
        assert!(transient(Trouble::Unreachable) && transient(Trouble::Loading));
        assert!(!transient(Trouble::Password) && !transient(Trouble::Replica));
    }
}
