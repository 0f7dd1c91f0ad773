//! Who is on the other end of a connection that broke before it said anything of use.
//!
//! A server that speaks TLS hangs up on plain text, and Redis waits for ever on a TLS greeting: the
//! error alone names neither. So the other way of speaking is tried once, never with the password.

use super::certificates::DialError;
use super::errors::{self, Trouble};
use super::options::RqDeadlines;
use super::target::{self, Target};
use crate::domain::failure::FailureCode;
use crate::ports::PortError;
use rustls::Error as TlsError;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The error under its right name; the one given where nothing better is found out.
pub(super) async fn explain(
    target: &Target,
    deadlines: &RqDeadlines,
    told: PortError,
) -> PortError {
    let unclear = [
        FailureCode::RedisUnreachable,
        FailureCode::RedisNotAServer,
        FailureCode::RedisTls,
    ];
    let Some((host, port)) = target.host() else {
        return told;
    };
    if !unclear.contains(&told.code()) {
        return told;
    }
    match plain_words(host, port, deadlines.connect).await {
        Words::Nobody => told,
        Words::Redis(_) if target.tls() => Trouble::Tls.at(target).because("it speaks without TLS"),
        Words::Redis(line) => named(&line, target).unwrap_or(told),
        Words::Other if target.tls() && told.code() == FailureCode::RedisTls => told,
        Words::Silence if target.tls() => told,
        Words::Other | Words::Silence if speaks_tls(target, deadlines).await => {
            Trouble::Tls.at(target).because("it speaks TLS")
        }
        Words::Other => Trouble::NotAServer.at(target).because("it is no Redis"),
        Words::Silence => told,
    }
}

/// An error that Redis sends to whoever connects (too many clients, protected mode).
fn named(line: &str, target: &Target) -> Option<PortError> {
    let (code, rest) = line.strip_prefix('-')?.split_once(' ')?;
    let trouble = Trouble::answered(code, rest);
    Some(trouble.at(target).because(target.redact(line)))
}

/// What comes back on an inline `PING`.
#[derive(Debug, PartialEq, Eq)]
enum Words {
    /// Nobody takes the connection.
    Nobody,
    /// It was taken, and nothing came.
    Silence,
    /// A line of Redis' protocol.
    Redis(String),
    /// Something else.
    Other,
}

async fn plain_words(host: &str, port: u16, within: Duration) -> Words {
    let Ok(Ok(mut stream)) = timeout(within, TcpStream::connect((host, port))).await else {
        return Words::Nobody;
    };
    let mut buffer = [0; 256];
    let exchange = async {
        stream.write_all(b"PING\r\n").await?;
        stream.read(&mut buffer).await
    };
    match timeout(within, exchange).await {
        Ok(Ok(length)) if length > 0 => words(&buffer[..length]),
        _ => Words::Silence,
    }
}

fn words(bytes: &[u8]) -> Words {
    let line = String::from_utf8_lossy(bytes);
    let line = line.lines().next().unwrap_or_default();
    let is_code = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_uppercase());
    let first = line.get(1..).and_then(|rest| rest.split(' ').next());
    match bytes.first() {
        Some(b'+' | b'-') if first.is_some_and(is_code) => Words::Redis(line.to_owned()),
        _ => Words::Other,
    }
}

/// Whether a TLS greeting is understood, whatever comes of it.
async fn speaks_tls(target: &Target, deadlines: &RqDeadlines) -> bool {
    let Some(secure) = target.with_tls() else {
        return false;
    };
    let config = target::config(deadlines.connect, deadlines.answer);
    let attempt = async {
        let client = secure.client().await?;
        let link = client.get_multiplexed_async_connection_with_config(&config);
        link.await.map_err(DialError::from)
    };
    match timeout(deadlines.connect, attempt).await {
        Ok(Ok(_)) => true,
        Ok(Err(DialError::Redis(error))) => {
            let words = errors::tls_words(&error);
            // Not understood by us is not understood by it: it answered in another language.
            words.is_some_and(|words| !matches!(words, TlsError::InvalidMessage(_)))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_line_of_redis_is_one() {
        for line in [
            "+PONG",
            "-NOAUTH Authentication required.",
            "-ERR max number of clients",
        ] {
            assert_eq!(words(line.as_bytes()), Words::Redis(line.into()));
        }
        // POP3 and a TLS alert begin alike, HTTP and SSH do not.
        let other: [&[u8]; 4] = [
            b"HTTP/1.1 400 Bad",
            b"SSH-2.0-x",
            b"+ok ready",
            b"\x15\x03\x01",
        ];
        for bytes in other {
            assert_eq!(words(bytes), Words::Other);
        }
    }
}
