//! REI's users, as far as Telegram knows them: without them every notice would be refused.

use super::cast::Cast;
use crate::demo::bot_api::{BotApi, Person, PersonId};
use crate::demo::error::{DemoResult, in_db};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// A patient that is large for the sake of its bytes needs no town of people.
const MOST: i64 = 20_000;

/// One in so many has blocked REI, and REI does not know it yet.
const BLOCKED: i64 = 50;

/// Everybody in REI's database who is nobody in the rehearsal has started REI's bot. Blocking.
///
/// # Errors
/// The database cannot be read, or an id is taken.
pub(super) fn settle(api: &BotApi, cast: &Cast, database: &Path) -> DemoResult<()> {
    let known = |id: u64| api.read(|telegram| telegram.person(PersonId(id)).is_some());
    let users = users(database).map_err(in_db(database))?;
    let strangers: Vec<(u64, String)> = users.into_iter().filter(|(id, _)| !known(*id)).collect();
    let blocked: Vec<u64> = strangers
        .iter()
        .map(|(id, _)| *id)
        .filter(|id| i64::try_from(*id).is_ok_and(|id| id % BLOCKED == 0))
        .collect();
    let people = strangers
        .into_iter()
        .map(|(id, language)| Person::new(id, format!("User {id}")).language(language));
    api.add_crowd(cast.rei_bot, people)?;
    for id in blocked {
        api.set_blocked(PersonId(id), cast.rei_bot, true)?;
    }
    Ok(())
}

fn users(database: &Path) -> rusqlite::Result<Vec<(u64, String)>> {
    let read = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let connection = Connection::open_with_flags(database, read)?;
    let mut query = connection.prepare("SELECT id, language FROM users ORDER BY id LIMIT ?1")?;
    let rows = query.query_map([MOST], |row| {
        Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?))
    })?;
    rows.collect()
}
