"""REI's jobs: RQ calls process_job with the id of a row of `jobs`."""

import json
import logging
import os
import sqlite3
import urllib.request
from datetime import datetime, timezone

from providers import ProviderError, ask
from settings import HOME, env

PROVIDERS = ["kling", "nano_banana"]

logging.basicConfig(
    filename=os.path.join(HOME, "logs", "bot.log"),
    format="%(asctime)s - rei_bot_workers - %(levelname)s - %(message)s",
    level=logging.WARNING,
)
log = logging.getLogger("rei_bot_workers")
log.setLevel(logging.INFO)

# One for the process, and never closed: a worker ends as RQ ends it, without tidying up.
_database = None


def process_job(job_id):
    try:
        job = take(job_id)
        if job is None:
            log.warning("job %s is not there or done already", job_id)
            return
        try:
            paint(job_id, *job)
        except ProviderError as error:
            end(job_id, "failed", str(error))
            log.error("job %s failed: %s", job_id, error)
            raise
        end(job_id, "completed", None)
        log.info("job %s completed", job_id)
    except sqlite3.Error:
        log.exception("Unhandled exception")
        raise


def database():
    global _database
    if _database is None:
        # A missing file is not made anew: REI would go on without its users.
        path = "file:" + urllib.request.pathname2url(os.path.join(HOME, "bot.db")) + "?mode=rw"
        _database = sqlite3.connect(path, uri=True, timeout=5, isolation_level=None)
    return _database


def now():
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def take(job_id):
    """Marks the row as taken; None when nothing is to be done."""
    cursor = database().execute(
        "UPDATE jobs SET status = 'processing', attempts = attempts + 1, updated_at = ?"
        " WHERE id = ? AND status IN ('queued', 'processing') RETURNING provider, kind, params",
        (now(), job_id),
    )
    rows = cursor.fetchall()
    return rows[0] if rows else None


def end(job_id, status, error):
    database().execute(
        "UPDATE jobs SET status = ?, error = ?, updated_at = ? WHERE id = ? AND status = 'processing'",
        (status, error, now(), job_id),
    )


def paint(job_id, provider, kind, params):
    """Asks the provider, and where that is allowed the other ones."""
    params = json.loads(params)

    def keep(task):
        params["task_id"] = task
        database().execute(
            "UPDATE jobs SET params = ? WHERE id = ?", (json.dumps(params), job_id)
        )

    try:
        return ask(provider, kind, params, keep)
    except ProviderError as error:
        if env("ENABLE_FALLBACK_PROVIDERS") != "true":
            raise
        log.info("job %s: %s; falling back", job_id, error)
        failure = error
    for other in [name for name in PROVIDERS if name != provider]:
        try:
            # Another provider's task is none of this job's own.
            return ask(other, kind, {"prompt": params["prompt"]}, lambda task: None)
        except ProviderError as error:
            failure = error
    raise failure
