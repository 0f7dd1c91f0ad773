//! Tables of `state.db` and how they came to be. A released migration is never edited.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};
use std::path::Path;
use std::time::Duration;

const MIGRATIONS: &[M<'static>] = &[
    M::up(
        "
CREATE TABLE runs (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  runbook     TEXT NOT NULL,
  plan        TEXT NOT NULL,
  plan_hash   TEXT NOT NULL,
  requester   TEXT NOT NULL,
  chat        INTEGER,
  phase       TEXT NOT NULL CHECK (phase IN ('proposed', 'under-way', 'finished'))
) STRICT;
-- One run on the patient at a time.
CREATE UNIQUE INDEX runs_one_under_way ON runs(phase) WHERE phase = 'under-way';

CREATE TABLE events (
  run       INTEGER NOT NULL REFERENCES runs(id),
  position  INTEGER NOT NULL,
  at        TEXT NOT NULL,
  event     TEXT NOT NULL,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE approvals (
  request     TEXT PRIMARY KEY,
  run         INTEGER NOT NULL REFERENCES runs(id),
  gate        TEXT NOT NULL,
  plan        TEXT NOT NULL,
  facts       TEXT NOT NULL,
  asked_at    TEXT NOT NULL,
  expires_at  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  seq      INTEGER PRIMARY KEY,
  at       TEXT NOT NULL,
  actor    TEXT NOT NULL,
  verb     TEXT NOT NULL,
  subject  TEXT NOT NULL,
  run      INTEGER,
  outcome  TEXT NOT NULL,
  detail   TEXT NOT NULL,
  prev     TEXT NOT NULL,
  hash     TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_never_updated BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TABLE audit_head (
  one   INTEGER PRIMARY KEY CHECK (one = 1),
  seq   INTEGER NOT NULL,
  hash  TEXT NOT NULL,
  seal  TEXT NOT NULL,
  broken INTEGER
) STRICT;

CREATE TABLE outbox (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  recipient   TEXT NOT NULL,
  post        TEXT NOT NULL,
  slot        TEXT,
  created_at  TEXT NOT NULL,
  attempts    INTEGER NOT NULL DEFAULT 0,
  revision    INTEGER NOT NULL DEFAULT 0,
  in_doubt    INTEGER NOT NULL DEFAULT 0,
  state       TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'given-up')),
  reason      TEXT
) STRICT;
CREATE INDEX outbox_pending ON outbox(id) WHERE state = 'pending';
CREATE UNIQUE INDEX outbox_one_per_slot ON outbox(recipient, slot) WHERE state = 'pending';
CREATE TABLE slots (
  recipient  TEXT NOT NULL,
  slot       TEXT NOT NULL,
  message    INTEGER NOT NULL,
  PRIMARY KEY (recipient, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE buttons (
  nonce    TEXT PRIMARY KEY,
  chat     INTEGER NOT NULL,
  intent   TEXT NOT NULL,
  made_at  TEXT NOT NULL,
  UNIQUE (chat, intent)
) STRICT, WITHOUT ROWID;
CREATE TABLE dialogues (
  chat      INTEGER NOT NULL,
  person    INTEGER NOT NULL,
  dialogue  TEXT NOT NULL,
  PRIMARY KEY (chat, person)
) STRICT, WITHOUT ROWID;
CREATE TABLE people (
  id        INTEGER PRIMARY KEY,
  language  TEXT NOT NULL
) STRICT;
CREATE TABLE migrated_chats (
  old  INTEGER PRIMARY KEY,
  new  INTEGER NOT NULL
) STRICT;

CREATE TABLE lease (
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  generation  INTEGER NOT NULL,
  holder      TEXT NOT NULL,
  taken_at    TEXT NOT NULL
) STRICT;

CREATE TABLE verifications (
  time     TEXT NOT NULL,
  content  TEXT NOT NULL,
  record   TEXT NOT NULL,
  PRIMARY KEY (time, content)
) STRICT, WITHOUT ROWID;

CREATE TABLE notices (
  run   INTEGER NOT NULL REFERENCES runs(id),
  step  TEXT NOT NULL,
  PRIMARY KEY (run, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE notice_people (
  run       INTEGER NOT NULL,
  step      TEXT NOT NULL,
  person    INTEGER NOT NULL,
  language  TEXT NOT NULL,
  state     TEXT NOT NULL DEFAULT 'pending'
            CHECK (state IN ('pending', 'sending', 'sent', 'ambiguous', 'blocked', 'failed')),
  PRIMARY KEY (run, step, person),
  FOREIGN KEY (run, step) REFERENCES notices(run, step)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_people_pending ON notice_people(run, step, person) WHERE state = 'pending';
",
    ),
    M::up(
        "
-- Full checks that recoveries by record put off, until their result is known.
CREATE TABLE full_checks (
  run         INTEGER PRIMARY KEY REFERENCES runs(id),
  database    TEXT NOT NULL,
  tries       INTEGER NOT NULL DEFAULT 0,
  not_before  TEXT
) STRICT;
CREATE TABLE failed_verifications (
  time      TEXT NOT NULL,
  place     TEXT NOT NULL,
  revision  TEXT NOT NULL,
  failed    TEXT NOT NULL,
  PRIMARY KEY (time, place, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_settled ON outbox(created_at) WHERE state <> 'pending';
",
    ),
    M::up(
        "
-- The history of rounds. Times are seconds of the Unix epoch.
CREATE TABLE health_rounds (
  at  INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE health_subjects (
  id       INTEGER PRIMARY KEY,
  part     TEXT NOT NULL,
  subject  TEXT NOT NULL,
  UNIQUE (part, subject)
) STRICT;
-- A component's condition from here on; none: it is no longer looked at.
CREATE TABLE health_changes (
  subject    INTEGER NOT NULL REFERENCES health_subjects(id),
  at         INTEGER NOT NULL,
  condition  TEXT,
  PRIMARY KEY (subject, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX health_changes_by_time ON health_changes(at);
CREATE TABLE health_series (
  id       INTEGER PRIMARY KEY,
  subject  INTEGER NOT NULL REFERENCES health_subjects(id),
  measure  TEXT NOT NULL,
  UNIQUE (subject, measure)
) STRICT;
-- By time first: what a round adds, and what is cleared away, lies together.
CREATE TABLE health_samples (
  at      INTEGER NOT NULL,
  series  INTEGER NOT NULL,
  value   INTEGER NOT NULL,
  PRIMARY KEY (at, series)
) STRICT, WITHOUT ROWID;
CREATE TABLE health_rollups (
  width   INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  series  INTEGER NOT NULL,
  low     INTEGER NOT NULL,
  high    INTEGER NOT NULL,
  total   REAL NOT NULL,
  count   INTEGER NOT NULL,
  PRIMARY KEY (width, at, series)
) STRICT, WITHOUT ROWID;
-- Written only to learn whether the state can be written.
CREATE TABLE touched (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  at   TEXT NOT NULL
) STRICT;
CREATE TABLE watch (
  one       INTEGER PRIMARY KEY CHECK (one = 1),
  revision  INTEGER NOT NULL,
  state     TEXT NOT NULL
) STRICT;
CREATE TABLE incidents (
  id        INTEGER PRIMARY KEY,
  open      INTEGER NOT NULL CHECK (open IN (0, 1)),
  incident  TEXT NOT NULL
) STRICT;
CREATE INDEX incidents_open ON incidents(id) WHERE open = 1;
ALTER TABLE outbox ADD COLUMN delivered_at INTEGER;
CREATE INDEX outbox_delivered ON outbox(delivered_at) WHERE delivered_at IS NOT NULL;
",
    ),
    M::up(
        "
DROP TABLE notice_people;
DROP TABLE notices;
CREATE TABLE campaigns (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  revision     INTEGER NOT NULL,
  phase        TEXT NOT NULL,
  urgent       INTEGER NOT NULL CHECK (urgent IN (0, 1)),
  approved_at  TEXT,
  -- The id of its request for approval.
  request      TEXT,
  run          INTEGER REFERENCES runs(id),
  step         TEXT,
  campaign     TEXT NOT NULL,
  UNIQUE (run, step)
) STRICT;
CREATE INDEX campaigns_open ON campaigns(phase)
  WHERE phase IN ('asked', 'ready', 'sending', 'paused');
CREATE UNIQUE INDEX campaigns_by_request ON campaigns(request) WHERE request IS NOT NULL;
-- `chat` where it is not the person's own id; `at` in seconds of the Unix epoch.
CREATE TABLE campaign_people (
  campaign  INTEGER NOT NULL REFERENCES campaigns(id),
  person    INTEGER NOT NULL,
  chat      INTEGER,
  language  TEXT NOT NULL,
  standing  TEXT NOT NULL DEFAULT 'pending'
            CHECK (standing IN ('pending', 'sending', 'sent', 'ambiguous', 'blocked', 'failed')),
  reason    TEXT,
  message   INTEGER,
  at        INTEGER,
  PRIMARY KEY (campaign, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_people_pending ON campaign_people(campaign, person)
  WHERE standing = 'pending';
CREATE INDEX campaign_people_under_way ON campaign_people(campaign)
  WHERE standing = 'sending';
CREATE INDEX campaign_people_noticed ON campaign_people(person, at)
  WHERE standing IN ('sent', 'ambiguous');
CREATE TABLE recipients (
  id        INTEGER PRIMARY KEY,
  language  TEXT NOT NULL,
  blocked   INTEGER NOT NULL CHECK (blocked IN (0, 1)),
  seen_at   INTEGER,
  met_at    INTEGER NOT NULL
) STRICT;
CREATE TABLE recipients_copy (
  one    INTEGER PRIMARY KEY CHECK (one = 1),
  as_of  INTEGER NOT NULL
) STRICT;
CREATE TABLE shelf_files (
  bot      INTEGER NOT NULL,
  content  TEXT NOT NULL,
  kind     TEXT NOT NULL,
  file_id  TEXT NOT NULL,
  PRIMARY KEY (bot, content, kind)
) STRICT, WITHOUT ROWID;
",
    ),
    M::up(
        "
-- `due` and `ended_at` in seconds of the Unix epoch; `due` where the calendar asked.
CREATE TABLE chores (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  revision  INTEGER NOT NULL,
  kind      TEXT NOT NULL,
  phase     TEXT NOT NULL,
  due       INTEGER,
  ended_at  INTEGER,
  chore     TEXT NOT NULL,
  UNIQUE (kind, due)
) STRICT;
CREATE INDEX chores_open ON chores(phase) WHERE phase IN ('asked', 'running');
CREATE INDEX chores_by_end ON chores(kind, ended_at);
CREATE TABLE calendar (
  event  TEXT PRIMARY KEY,
  kept   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
",
    ),
    M::up(
        "
CREATE TABLE checklists (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  revision   INTEGER NOT NULL,
  open       INTEGER NOT NULL CHECK (open IN (0, 1)),
  -- The run or drill that it is about; there is one for each.
  about      TEXT UNIQUE,
  checklist  TEXT NOT NULL
) STRICT;
CREATE INDEX checklists_open ON checklists(id) WHERE open = 1;
-- Recoveries and drills that ended and have no checklist yet.
CREATE TABLE checklists_due (
  run    INTEGER UNIQUE REFERENCES runs(id),
  drill  INTEGER UNIQUE REFERENCES chores(id),
  CHECK ((run IS NULL) <> (drill IS NULL))
) STRICT;
CREATE TABLE contacts (
  one       INTEGER PRIMARY KEY CHECK (one = 1),
  revision  INTEGER NOT NULL,
  book      TEXT NOT NULL
) STRICT;
",
    ),
    M::up(
        "
-- Incidents as people keep them; `incidents` are the monitor's alerts.
CREATE TABLE cases (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  revision  INTEGER NOT NULL,
  open      INTEGER NOT NULL CHECK (open IN (0, 1)),
  to_do     INTEGER NOT NULL CHECK (to_do IN (0, 1)),
  file      TEXT NOT NULL
) STRICT;
CREATE INDEX cases_open ON cases(id) WHERE open = 1;
CREATE INDEX cases_to_do ON cases(id) WHERE to_do = 1;
CREATE TABLE case_runs (
  run   INTEGER PRIMARY KEY REFERENCES runs(id),
  file  INTEGER NOT NULL REFERENCES cases(id)
) STRICT;
-- Up to which entry the trail was followed. What was before incidents were kept makes none.
CREATE TABLE case_trail (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  seq  INTEGER NOT NULL
) STRICT;
INSERT INTO case_trail (one, seq) SELECT 1, coalesce(max(seq), 0) FROM audit;
",
    ),
    M::up(
        "
-- In the order of their turns: who was put off has a time.
DROP INDEX campaign_people_pending;
CREATE INDEX campaign_people_pending ON campaign_people(campaign, at, person)
  WHERE standing = 'pending';
",
    ),
    M::up(
        "
-- In which places the bytes of a verification were read. Of earlier ones nobody knows.
CREATE TABLE verified_places (
  time     TEXT NOT NULL,
  content  TEXT NOT NULL,
  place    TEXT NOT NULL,
  PRIMARY KEY (time, content, place)
) STRICT, WITHOUT ROWID;
",
    ),
    M::up(
        "
-- What people's codes have been through; no code and no secret.
CREATE TABLE codes (
  person  INTEGER PRIMARY KEY,
  tries   TEXT NOT NULL
) STRICT;
",
    ),
];

/// The newest version of the tables that this program knows.
pub(super) const VERSION: usize = MIGRATIONS.len();

/// Opens the database and brings it up to date.
pub(super) fn open(path: &Path) -> Result<Connection, rusqlite_migration::Error> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    // An event that was reported as written must survive a power cut.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Migrations::from_slice(MIGRATIONS).to_latest(&mut connection)?;
    Ok(connection)
}

/// The same tables in memory.
pub(super) fn in_memory() -> Result<Connection, rusqlite_migration::Error> {
    let mut connection = Connection::open_in_memory()?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Migrations::from_slice(MIGRATIONS).to_latest(&mut connection)?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_sound() {
        assert_eq!(Migrations::from_slice(MIGRATIONS).validate(), Ok(()));
    }
}
