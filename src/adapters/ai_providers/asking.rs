//! One question to a provider, and what came back.

use super::credential::Credential;
use crate::ports::redact;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{DATE, HeaderMap};
use reqwest::{Client, Response};
use serde_json::Value;
use std::time::{Duration, Instant};

/// Longest answer that is read, in bytes. More than any description of a model or a task.
const LARGEST: usize = 256 * 1024;
/// Characters of an answer that people get to see; a reading has 200 with what is said about it.
const SAID: usize = 180;
/// Clocks that differ by less are as good as equal, in seconds.
const SAME_TIME: i64 = 30;

/// An answer.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) status: u16,
    /// Its JSON; nothing where it is none.
    pub(super) body: Option<Value>,
    /// In its own words, without keys.
    pub(super) said: String,
    pub(super) took: Duration,
}

/// Asks and waits no longer than this.
///
/// # Errors
/// Why there is no answer, without keys and addresses.
pub(super) async fn ask(
    client: &Client,
    url: &str,
    credential: &Credential,
    within: Duration,
) -> Result<Heard, String> {
    let started = Instant::now();
    let request = client.get(url).headers(credential.headers.clone());
    let asking = async {
        let answer = request.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok((status, headers, body(answer).await?))
    };
    let (status, headers, bytes) = match tokio::time::timeout(within, asking).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => return Err(broken(error, credential)),
        Err(_) => return Err(format!("no answer within {} s", within.as_secs_f32())),
    };
    let body: Option<Value> = serde_json::from_slice(&bytes).ok();
    let remark = refusal(status, &headers, credential);
    let words = credential.masked(&words(status, body.as_ref(), &bytes));
    let words = cut(&words, SAID.saturating_sub(remark.chars().count()));
    Ok(Heard {
        status,
        said: format!("{words}{remark}"),
        body,
        took: started.elapsed(),
    })
}

/// The body as far as it is wanted.
async fn body(mut answer: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LARGEST {
            break;
        }
    }
    Ok(bytes)
}

fn broken(error: reqwest::Error, credential: &Credential) -> String {
    cut(
        &credential.masked(&redact::error(&error.without_url())),
        SAID,
    )
}

/// Status and message, where it says one as both providers do.
fn words(status: u16, body: Option<&Value>, bytes: &[u8]) -> String {
    let message = |pointer| body?.pointer(pointer)?.as_str().map(ToOwned::to_owned);
    let message = message("/error/message").or_else(|| message("/message"));
    let text = message.unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned());
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    match words.is_empty() {
        true => status.to_string(),
        false => format!("{status}: {}", words.join(" ")),
    }
}

/// Why a key may be refused that is right.
fn refusal(status: u16, headers: &HeaderMap, credential: &Credential) -> String {
    if !is_refusal(status) || !credential.is_timed {
        return String::new();
    }
    match ahead(headers) {
        Some(seconds) if seconds.abs() > SAME_TIME => {
            let way = if seconds > 0 { "ahead of" } else { "behind" };
            let apart = seconds.abs();
            format!(" (this server's clock is {apart} s {way} theirs, which alone is enough)")
        }
        _ => " (the key, or this server's clock)".to_owned(),
    }
}

/// Whether a status says that the key is not taken.
pub(super) fn is_refusal(status: u16) -> bool {
    matches!(status, 401 | 403)
}

/// How far this server's clock is ahead of theirs, in seconds.
fn ahead(headers: &HeaderMap) -> Option<i64> {
    let date = headers.get(DATE)?.to_str().ok()?;
    let theirs = rfc2822::parse(date).ok()?.timestamp();
    Some(Timestamp::now().as_second() - theirs.as_second())
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
