//! One connection for one call.
//!
//! A kept connection that the server closed meanwhile would turn "surely not sent" into "perhaps
//! sent", and calls are rare here: each makes its own.

use super::certificates::DialError;
use super::errors::{self, Trouble};
use super::options::RqDeadlines;
use super::probe;
use super::target::{self, Target};
use crate::domain::failure::FailureCode;
use crate::ports::{PortError, PortResult};
use redis::aio::MultiplexedConnection;
use redis::{Cmd, FromRedisValue, Pipeline, RedisError, Value, cmd, from_redis_value, pipe};
use secrecy::ExposeSecret;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// What a call is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Intent {
    /// It only looks.
    Read,
    /// A lost answer leaves open whether it happened.
    Write,
}

/// An open connection that has proved to lead to a Redis server.
pub(super) struct Session<'a> {
    link: MultiplexedConnection,
    target: &'a Target,
    intent: Intent,
}

impl<'a> Session<'a> {
    /// Connects and says who we are.
    pub(super) async fn open(
        target: &'a Target,
        deadlines: &RqDeadlines,
        intent: Intent,
    ) -> PortResult<Self> {
        match timeout(deadlines.connect, dial(target, deadlines)).await {
            Ok(Ok(link)) => Ok(Self {
                link,
                target,
                intent,
            }),
            Ok(Err(Refusal::Named(error))) => Err(error),
            Ok(Err(Refusal::Broken(error))) => {
                let told = errors::of_dial(&error, target);
                Err(probe::explain(target, deadlines, told).await)
            }
            Err(_) => {
                let told = Trouble::Unreachable.at(target).because("no answer in time");
                Err(probe::explain(target, deadlines, told).await)
            }
        }
    }

    /// Sends commands at once; the first that fails is the error.
    pub(super) async fn ask<T: FromRedisValue>(&mut self, commands: &Pipeline) -> PortResult<T> {
        let sent = commands.query_async::<Value>(&mut self.link).await;
        let value = sent.map_err(|error| self.failed(&error))?;
        self.read(value)
    }

    /// Sends commands at once; each has its own outcome.
    pub(super) async fn each<T: FromRedisValue>(
        &mut self,
        commands: &mut Pipeline,
    ) -> PortResult<Vec<Result<T, RedisError>>> {
        let sent = commands
            .ignore_errors()
            .query_async::<Vec<Value>>(&mut self.link);
        let values = sent.await.map_err(|error| self.failed(&error))?;
        let split = |value: Value| match value {
            Value::ServerError(error) => Ok(Err(RedisError::from(error))),
            value => self.read(value).map(Ok),
        };
        values.into_iter().map(split).collect()
    }

    /// The error of an exchange, with whether it may have happened.
    pub(super) fn failed(&self, error: &RedisError) -> PortError {
        let told = errors::of_exchange(error, self.target);
        match self.intent {
            Intent::Write if errors::is_lost(error) => told.unknown(),
            _ => told,
        }
    }

    /// Fewer answers than questions.
    pub(super) fn unanswered(&self) -> PortError {
        Trouble::Failing
            .at(self.target)
            .because("an answer is missing")
    }

    fn read<T: FromRedisValue>(&self, value: Value) -> PortResult<T> {
        from_redis_value(value).map_err(|error| {
            let told = Trouble::Failing.at(self.target);
            told.because(self.target.redact(&error.to_string()))
        })
    }
}

/// Ends a long call that nobody waits for any more; what it did so far stays done.
pub(super) fn go_on(cancel: &CancellationToken) -> PortResult<()> {
    match cancel.is_cancelled() {
        true => Err(PortError::new(FailureCode::CutOff)),
        false => Ok(()),
    }
}

/// Why there is no session.
enum Refusal {
    /// The server has said why.
    Named(PortError),
    /// Something broke; who is there is not known.
    Broken(DialError),
}

async fn dial(target: &Target, deadlines: &RqDeadlines) -> Result<MultiplexedConnection, Refusal> {
    let broken = |error: RedisError| Refusal::Broken(DialError::Redis(error));
    let client = target.client().await.map_err(Refusal::Broken)?;
    let config = target::config(deadlines.connect, deadlines.answer);
    let connecting = client.get_multiplexed_async_connection_with_config(&config);
    let mut link = connecting.await.map_err(broken)?;
    let (questions, commands): (Vec<_>, Vec<_>) = greeting(target).into_iter().unzip();
    let mut asked = pipe();
    for command in commands {
        asked.add_command(command);
    }
    let asking = asked.ignore_errors().query_async::<Vec<Value>>(&mut link);
    let answers = asking.await.map_err(|error| hung_up(error, target))?;
    match refusal(questions.into_iter().zip(answers).collect(), target) {
        Some(error) => Err(Refusal::Named(error)),
        None => Ok(link),
    }
}

/// With TLS 1.3 a server looks at our certificate after the handshake is over for us: one that then
/// hangs up without a word wants another, or wants one at all.
fn hung_up(error: RedisError, target: &Target) -> Refusal {
    match target.tls() && error.is_connection_dropped() {
        true => Refusal::Named(
            Trouble::Tls
                .at(target)
                .because("it hangs up after the handshake"),
        ),
        false => Refusal::Broken(DialError::Redis(error)),
    }
}

/// One question of the greeting.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    /// Who it is; it need not tell.
    Who { before_password: bool },
    /// Whether it takes our password, and has our database.
    Entrance,
}

/// Who it is, who we are, which database. In one go, so that a sentinel is known for one even where
/// it refuses the password.
fn greeting(target: &Target) -> Vec<(Question, Cmd)> {
    let info = || cmd("INFO").arg("server").to_owned();
    let mut questions = Vec::new();
    if let Some(password) = &target.password {
        let before_password = true;
        questions.push((Question::Who { before_password }, info()));
        let mut auth = cmd("AUTH");
        if let Some(user) = &target.user {
            auth.arg(user);
        }
        auth.arg(password.expose_secret());
        questions.push((Question::Entrance, auth));
    }
    let before_password = false;
    questions.push((Question::Who { before_password }, info()));
    if target.db != 0 {
        let select = cmd("SELECT").arg(target.db).to_owned();
        questions.push((Question::Entrance, select));
    }
    questions
}

/// What the answers say against going on.
fn refusal(answers: Vec<(Question, Value)>, target: &Target) -> Option<PortError> {
    let mut first = None;
    for (question, answer) in answers {
        let Value::ServerError(error) = answer else {
            let text: String = from_redis_value(answer).unwrap_or_default();
            if text.contains("redis_mode:sentinel") {
                let found = Trouble::NotAServer.at(target);
                return Some(found.because("redis_mode:sentinel"));
            }
            continue;
        };
        let error = RedisError::from(error);
        let tolerable = match question {
            Question::Who { before_password } => before_password || errors::is_not_offered(&error),
            Question::Entrance => false,
        };
        if !tolerable && first.is_none() {
            first = Some(errors::of_exchange(&error, target));
        }
    }
    first
}
