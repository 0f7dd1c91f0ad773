"""REI's job function: does what lab:mode says, and writes down each run."""

import os
import signal

from redis import Redis

connection = Redis.from_url(os.environ["LAB_REDIS"])


class ProviderError(Exception):
    pass


def process_job(job_id):
    if connection.get("lab:mode") == b"fail":
        raise ProviderError("cannot paint: a prompt\nof two lines: yes")
    if connection.get("lab:mode") == b"hang":
        connection.set("lab:hangs", job_id)
        while True:
            signal.pause()
    pipeline = connection.pipeline()
    pipeline.hincrby("lab:ran", job_id, 1)
    pipeline.rpush("lab:order", job_id)
    pipeline.execute()
