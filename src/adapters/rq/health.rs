//! What the server says of itself.

use super::errors::Trouble;
use super::session::Session;
use super::target::Target;
use crate::domain::queue::{RedisHealth, RedisRole};
use crate::ports::PortResult;
use redis::pipe;
use std::collections::BTreeMap;

/// Ours, and gone at once; should we be cut off in between, after a minute.
const PROOF: &str = "rei-recovery:write-check";

/// Asks it.
pub(super) async fn read(session: &mut Session<'_>, target: &Target) -> PortResult<RedisHealth> {
    let mut ping = pipe();
    ping.cmd("PING");
    for pong in session.each::<String>(&mut ping).await? {
        match pong {
            Ok(_) => {}
            // After a failed save it refuses even that, and still tells what is wrong.
            Err(error) if Trouble::of(&error) == Trouble::Disk => {}
            Err(error) => return Err(session.failed(&error)),
        }
    }
    let mut info = pipe();
    info.cmd("INFO");
    let (text,): (String,) = session.ask(&info).await?;
    let told = Told::read(&text);
    match told.word("loading") {
        Some("1") => Err(Trouble::Loading.at(target)),
        _ => Ok(told.health(target.db)),
    }
}

/// Sets a key of our own and takes it away.
pub(super) async fn prove_writable(session: &mut Session<'_>) -> PortResult<()> {
    let mut write = pipe();
    write
        .cmd("SET")
        .arg(PROOF)
        .arg(1)
        .arg("EX")
        .arg(60)
        .ignore();
    write.cmd("DEL").arg(PROOF).ignore();
    session.ask(&write).await
}

/// `INFO`, line by line.
struct Told<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Told<'a> {
    fn read(text: &'a str) -> Self {
        Self(text.lines().filter_map(|l| l.split_once(':')).collect())
    }

    fn word(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).copied()
    }

    fn number(&self, name: &str) -> u64 {
        let word = self.word(name);
        word.and_then(|word| word.parse().ok()).unwrap_or_default()
    }

    fn health(&self, db: i64) -> RedisHealth {
        let (mut keys, mut foreign_keys) = (0, 0);
        for (number, count) in self.databases() {
            match number == db {
                true => keys += count,
                false => foreign_keys += count,
            }
        }
        let limit = self.number("maxmemory");
        RedisHealth {
            version: self.word("redis_version").unwrap_or_default().to_owned(),
            role: match self.word("role") {
                Some("slave") => RedisRole::Replica,
                _ => RedisRole::Master,
            },
            persistence_error: self.persistence_error(),
            memory: self.number("used_memory"),
            memory_limit: (limit > 0).then_some(limit),
            keys,
            foreign_keys,
            uptime: self.number("uptime_in_seconds"),
        }
    }

    fn persistence_error(&self) -> Option<String> {
        let saves = ["rdb_last_bgsave_status", "aof_last_write_status"];
        let failed = saves
            .into_iter()
            .filter_map(|name| Some((name, self.word(name)?)))
            .find(|(_, status)| *status != "ok");
        failed.map(|(name, status)| format!("{name}:{status}"))
    }

    /// `db0:keys=5,expires=0,avg_ttl=0`
    fn databases(&self) -> impl Iterator<Item = (i64, u64)> {
        self.0.iter().filter_map(|(name, words)| {
            let number = name.strip_prefix("db")?.parse().ok()?;
            let count = words.strip_prefix("keys=")?.split(',').next()?;
            Some((number, count.parse().ok()?))
        })
    }
}

/// Keys in this database, or in all, as `INFO keyspace` tells them.
pub(super) fn keys_in(keyspace: &str, db: Option<i64>) -> u64 {
    let told = Told::read(keyspace);
    let wanted = |number: i64| db.is_none_or(|db| db == number);
    let counts = told.databases().filter(|(number, _)| wanted(*number));
    counts.map(|(_, count)| count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: &str = "# Server\r\nredis_version:7.0.15\r\nuptime_in_seconds:12\r\n\r\n\
        used_memory:1000\r\nmaxmemory:0\r\nloading:0\r\nrdb_last_bgsave_status:err\r\n\
        aof_last_write_status:ok\r\nrole:slave\r\n\
        db0:keys=5,expires=1,avg_ttl=0\r\ndb3:keys=7,expires=0,avg_ttl=0\r\n";

    #[test]
    fn what_it_says_is_understood() {
        let health = Told::read(INFO).health(3);
        assert_eq!(health.version, "7.0.15");
        assert_eq!(health.role, RedisRole::Replica);
        assert_eq!((health.keys, health.foreign_keys), (7, 5));
        assert_eq!((health.memory, health.memory_limit), (1000, None));
        let error = health.persistence_error.as_deref();
        assert_eq!(error, Some("rdb_last_bgsave_status:err"));
        assert_eq!((keys_in(INFO, Some(0)), keys_in(INFO, None)), (5, 12));
    }
}
