//! The other files of an install of REI.

use crate::demo::error::{DemoResult, at};
use jiff::{SignedDuration, Timestamp};
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const CONFIG: &str = r#"# REI Bot
import os

DATABASE = "bot.db"
REDIS_URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
QUEUES = ["default"]

PROVIDERS = {"image": "nano_banana", "video": "kling"}
COST = {"image": 10, "video": 60}

YOOKASSA_MANUAL_MODE=False
"#;

const ENV_EXAMPLE: &str = "\
# Copy to .env and fill in
BOT_TOKEN=
GEMINI_API_KEY=
KLING_ACCESS_KEY=
KLING_SECRET_KEY=
YOOKASSA_SHOP_ID=
YOOKASSA_SECRET_KEY=
ENABLE_FALLBACK_PROVIDERS=false
";

/// REI's settings, good for nothing outside a rehearsal.
pub(super) const ENV: &str = "\
BOT_TOKEN=7000000002:rehearsal-only
GEMINI_API_KEY=rehearsal-gemini-key
KLING_ACCESS_KEY=rehearsal-kling-access
KLING_SECRET_KEY=rehearsal-kling-secret
YOOKASSA_SHOP_ID=100500
YOOKASSA_SECRET_KEY=rehearsal-only
ENABLE_FALLBACK_PROVIDERS=false
";

const WELCOME: &str = "Привет! Пришлите описание картинки.\n";

const PRICES: &str = "99 ₽: 100\n199 ₽: 220\n499 ₽: 600\n990 ₽: 1300\n";

/// What is saved beside the database: all that neither the code brings nor `.env.example` names.
pub(super) const SAVED: [&str; 3] = ["config.py", "media/welcome.txt", "media/prices.txt"];

/// What a fresh copy of REI's code brings.
const FROM_CODE: [&str; 8] = [
    "worker.py",
    "providers.py",
    "errands.py",
    "settings.py",
    "requirements.txt",
    ".env.example",
    "scripts",
    "logs",
];

/// A new server: of the install folder only what the code brings is there.
pub(super) fn lose(home: &Path) -> DemoResult<()> {
    for entry in fs::read_dir(home).map_err(at(home))? {
        let entry = entry.map_err(at(home))?;
        let (name, path) = (entry.file_name(), entry.path());
        if FROM_CODE.iter().any(|kept| name.as_os_str() == *kept) {
            continue;
        }
        let gone = match path.is_dir() {
            true => fs::remove_dir_all(&path),
            false => fs::remove_file(&path),
        };
        gone.map_err(at(&path))?;
    }
    let log = home.join("logs/bot.log");
    fs::remove_file(&log).map_err(at(&log))
}

/// What REI needs is there already: a rehearsal has no network.
const REQUIREMENTS: &str = "\
# Debian's packages: python3-rq (with python3-redis)
";

/// REI's code, as far as it runs here: the job function that RQ calls, and what the bot asks of
/// Redis and YooKassa.
const CODE: [(&str, &str); 4] = [
    ("worker.py", include_str!("python/worker.py")),
    ("providers.py", include_str!("python/providers.py")),
    ("errands.py", include_str!("python/errands.py")),
    ("settings.py", include_str!("python/settings.py")),
];

const RESTORE: &str = r#"#!/bin/sh
# Usage: restore.sh <timestamp>; leaves restored/bot.db
set -eu
mkdir -p restored
aws s3 cp "s3://$S3_BUCKET/db_$1.db.gz" restored/
gunzip -f "restored/db_$1.db.gz"
mv "restored/db_$1.db" restored/bot.db
"#;

/// Writes them into the install folder.
pub(super) fn write(home: &Path, now: Timestamp) -> DemoResult<()> {
    for folder in ["logs", "scripts", "media"] {
        let folder = home.join(folder);
        fs::create_dir_all(&folder).map_err(at(&folder))?;
    }
    let log = log(now);
    let files: [(&str, &str, u32); 8] = [
        ("config.py", CONFIG, 0o644),
        (".env", ENV, 0o600),
        (".env.example", ENV_EXAMPLE, 0o644),
        ("requirements.txt", REQUIREMENTS, 0o644),
        ("media/welcome.txt", WELCOME, 0o644),
        ("media/prices.txt", PRICES, 0o644),
        ("scripts/restore.sh", RESTORE, 0o755),
        ("logs/bot.log", &log, 0o640),
    ];
    let code = CODE.map(|(name, text)| (name, text, 0o644));
    for (name, text, mode) in files.into_iter().chain(code) {
        let path = home.join(name);
        fs::write(&path, text).map_err(at(&path))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).map_err(at(&path))?;
    }
    Ok(())
}

/// A quiet last hour.
fn log(now: Timestamp) -> String {
    let mut text = String::new();
    for minute in (1..=60_i64).rev() {
        let at = now - SignedDuration::from_mins(minute);
        let at = at.strftime("%Y-%m-%d %H:%M:%S");
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{at},{:03} - rei_bot - INFO - jobs done in the last minute: {}",
            minute * 13 % 1000,
            minute % 5
        );
    }
    text
}
