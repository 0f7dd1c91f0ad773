//! What an answer of the Bot API means: by its status and `error_code`, its `parameters`, and only
//! then by Telegram's words.

use crate::domain::campaign::delivery::Gone;
use crate::ports::redact;
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;

/// Longest text of an error that is passed on, in characters.
const LONGEST: usize = 200;
/// Where Telegram says "too many" and not for how long.
const UNTOLD: Duration = Duration::from_secs(5);

/// How one call ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    /// Done, with this result.
    Done(Value),
    /// Surely not done: every use of this token has to wait.
    Later(Duration),
    /// Surely not done.
    Refused(Refusal),
    /// Surely not done: the token is none (any more).
    TokenRefused,
    /// Surely not done: it never left.
    NotSent(String),
    /// It left; what became of it is not known.
    Unknown(String),
}

/// Telegram's no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The status, as in HTTP.
    pub code: u16,
    /// Telegram's words, on one line and without tokens.
    pub words: String,
    /// Where the chat is now.
    pub moved: Option<i64>,
}

/// The Bot API's envelope.
#[derive(Deserialize)]
struct Envelope {
    ok: bool,
    #[serde(default)]
    result: Option<Value>,
    error_code: Option<u16>,
    #[serde(default)]
    description: String,
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

/// Reads an answer; `retry_after` is the header's, in seconds.
pub(super) fn read(status: u16, retry_after: Option<u64>, body: &[u8]) -> Answer {
    // Whatever a server in trouble says: it may have done it before.
    if status >= 500 {
        return Answer::Unknown(format!("the server answered {status}"));
    }
    let wait = |told: Option<u64>| {
        let seconds = told.or(retry_after).map(Duration::from_secs);
        Answer::Later(seconds.unwrap_or(UNTOLD))
    };
    let envelope: Envelope = match serde_json::from_slice(body) {
        Ok(envelope) => envelope,
        Err(_) if status == 429 => return wait(None),
        // Not Telegram's: something between answered, and may have passed the call on.
        Err(_) => return Answer::Unknown(format!("status {status}, and the answer is no JSON")),
    };
    if envelope.ok {
        return Answer::Done(envelope.result.unwrap_or_default());
    }
    let parameters = envelope.parameters.as_ref();
    match envelope.error_code.unwrap_or(status) {
        429 => wait(parameters.and_then(|given| given.retry_after)),
        401 | 404 => Answer::TokenRefused,
        code if code >= 500 => Answer::Unknown(format!("the server answered {code}")),
        code => Answer::Refused(Refusal {
            code,
            words: cut(&envelope.description),
            moved: parameters.and_then(|given| given.migrate_to_chat_id),
        }),
    }
}

impl Refusal {
    /// Of this program's own making, before anything was sent.
    pub fn own(words: impl Into<String>) -> Self {
        Self {
            code: 400,
            words: words.into(),
            moved: None,
        }
    }

    /// Whether nobody is there (any more), and why.
    pub fn gone(&self) -> Option<Gone> {
        const KINDS: [(&str, Gone); 9] = [
            ("bot was blocked by the user", Gone::Blocked),
            ("user_is_blocked", Gone::Blocked),
            ("user is deactivated", Gone::Deactivated),
            ("input_user_deactivated", Gone::Deactivated),
            ("can't initiate conversation", Gone::NeverStarted),
            ("chat not found", Gone::NeverStarted),
            ("user not found", Gone::NeverStarted),
            ("peer_id_invalid", Gone::NeverStarted),
            ("chat_id_invalid", Gone::NeverStarted),
        ];
        let found = KINDS.iter().find(|(words, _)| self.says(words));
        found
            .filter(|_| matches!(self.code, 400 | 403))
            .map(|(_, gone)| *gone)
    }

    /// Whether the `file_id` is the reason.
    pub fn is_of_the_file_id(&self) -> bool {
        [
            "wrong file identifier",
            "wrong remote file",
            "wrong file_id",
            "invalid file_id",
            "file_reference_",
            "can't use file of type",
        ]
        .iter()
        .any(|words| self.says(words))
    }

    /// Whether the message says already what it should.
    pub fn is_of_no_change(&self) -> bool {
        self.says("message is not modified")
    }

    /// Whether the message that was to be deleted is gone.
    pub fn is_of_a_deleted_message(&self) -> bool {
        self.says("message to delete not found")
    }

    fn says(&self, words: &str) -> bool {
        self.words.to_lowercase().contains(words)
    }
}

/// A text of somebody else: on one line, without tokens, and not endless.
pub(super) fn cut(text: &str) -> String {
    let text = redact::tokens(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(code: u16, words: &str) -> Answer {
        let body = json!({"ok": false, "error_code": code, "description": words});
        read(code, None, body.to_string().as_bytes())
    }

    fn refusal(code: u16, words: &str) -> Refusal {
        match refused(code, words) {
            Answer::Refused(refusal) => refusal,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn who_is_gone_is_told_by_number_and_words() {
        for (code, words, gone) in [
            (
                403,
                "Forbidden: bot was blocked by the user",
                Some(Gone::Blocked),
            ),
            (
                403,
                "Forbidden: user is deactivated",
                Some(Gone::Deactivated),
            ),
            (
                400,
                "Bad Request: INPUT_USER_DEACTIVATED",
                Some(Gone::Deactivated),
            ),
            (
                403,
                "Forbidden: bot can't initiate conversation with a user",
                Some(Gone::NeverStarted),
            ),
            (400, "Bad Request: chat not found", Some(Gone::NeverStarted)),
            (400, "Bad Request: message is too long", None),
            (403, "Forbidden: bot can't send messages to bots", None),
            (409, "Conflict: chat not found", None),
        ] {
            assert_eq!(refusal(code, words).gone(), gone, "{words}");
        }
    }

    #[test]
    fn what_is_not_telegrams_is_not_known() {
        for (status, body) in [
            (200, "<html>hello</html>"),
            (200, ""),
            (403, "<html>a proxy</html>"),
            (500, r#"{"ok":false,"error_code":500}"#),
            (502, "<html>Bad Gateway</html>"),
        ] {
            let answer = read(status, None, body.as_bytes());
            assert!(matches!(answer, Answer::Unknown(_)), "{status} {body}");
        }
    }

    #[test]
    fn how_long_to_wait_is_read_wherever_it_stands() {
        let told =
            br#"{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":7}}"#;
        let later = |seconds| Answer::Later(Duration::from_secs(seconds));
        assert_eq!(read(429, Some(9), told), later(7));
        assert_eq!(read(429, Some(9), b"<html>"), later(9));
        assert_eq!(read(429, None, b"<html>"), later(5));
        assert_eq!(refused(429, "Too Many Requests"), later(5));
    }

    #[test]
    fn a_token_in_the_words_is_masked() {
        let words = "Bad Request: /bot123456:AAF7-g0gYncWnm5IyfZlpPRqRRv6kNAGlao/x\n is no path";
        assert_eq!(
            refusal(400, words).words,
            "Bad Request: /bot123456:***/x is no path"
        );
    }
}
