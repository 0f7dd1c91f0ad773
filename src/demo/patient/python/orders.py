"""Puts jobs into the queue: reads ids, one a line, and answers each with a line."""

import os
import sys

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue


def main():
    queue = Queue("default", connection=Redis.from_url(os.environ["REDIS_URL"]))
    for line in sys.stdin:
        job_id = line.strip()
        try:
            queue.enqueue("worker.process_job", job_id, job_id=job_id)
            answer = "ok"
        except RedisError as error:
            kind = f"{type(error).__module__}.{type(error).__name__}"
            answer = " ".join(f"{kind}: {error}".split())
        print(answer, flush=True)


if __name__ == "__main__":
    main()
