"""REI's jobs: RQ calls process_job with the id of a row of `jobs`."""

import json
import logging
import os
import sqlite3
import urllib.error
import urllib.request
from datetime import datetime, timezone

HOME = os.path.dirname(os.path.abspath(__file__))

# Where the providers are; systemd's EnvironmentFile says so.
PROVIDERS = {
    "nano_banana": os.environ.get("NANO_BANANA_URL"),
    "kling": os.environ.get("KLING_URL"),
}

logging.basicConfig(
    filename=os.path.join(HOME, "logs", "bot.log"),
    format="%(asctime)s - rei_bot_workers - %(levelname)s - %(message)s",
    level=logging.WARNING,
)
log = logging.getLogger("rei_bot_workers")
log.setLevel(logging.INFO)

# One for the process, and never closed: a worker ends as RQ ends it, without tidying up.
_database = None


class ProviderError(Exception):
    pass


def process_job(job_id):
    try:
        job = take(job_id)
        if job is None:
            log.warning("job %s is not there or done already", job_id)
            return
        try:
            paint(*job)
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
        path = "file:" + urllib.request.pathname2url(os.path.join(HOME, "bot.db")) + "?mode=rw"
        _database = sqlite3.connect(path, uri=True, timeout=5, isolation_level=None)
    return _database


def now():
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def take(job_id):
    """Marks the row as taken; None when nothing is to be done."""
    cursor = database().execute(
        "UPDATE jobs SET status = 'processing', attempts = attempts + 1, updated_at = ?"
        " WHERE id = ? AND status IN ('queued', 'processing') RETURNING provider, params",
        (now(), job_id),
    )
    rows = cursor.fetchall()
    return rows[0] if rows else None


def end(job_id, status, error):
    database().execute(
        "UPDATE jobs SET status = ?, error = ?, updated_at = ? WHERE id = ? AND status = 'processing'",
        (status, error, now(), job_id),
    )


def may_fall_back():
    try:
        with open(os.path.join(HOME, ".env"), encoding="utf-8") as lines:
            return any(line.strip() == "ENABLE_FALLBACK_PROVIDERS=true" for line in lines)
    except OSError:
        return False


def paint(provider, params):
    """Asks the provider, and where that is allowed the other ones."""
    try:
        return ask(provider, params)
    except ProviderError as error:
        if not may_fall_back():
            raise
        for other in sorted(PROVIDERS):
            if other == provider:
                continue
            try:
                log.info("%s: %s; falling back on %s", provider, error, other)
                return ask(other, params)
            except ProviderError:
                pass
        raise


def ask(provider, params):
    address = PROVIDERS.get(provider)
    if not address:
        # A patient without a world around it has nobody to ask.
        return None
    prompt = json.dumps({"prompt": json.loads(params)["prompt"]}).encode()
    request = urllib.request.Request(
        address, data=prompt, headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise ProviderError(f"{provider}: HTTP {error.code}: {error.reason}") from error
    except (OSError, ValueError) as error:
        raise ProviderError(f"{provider}: {error}") from error
