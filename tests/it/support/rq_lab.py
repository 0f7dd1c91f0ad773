"""REI's side of the queue, for tests: python lab.py VERB ARGUMENTS"""

import base64
import logging
import os
import sys
import zlib
from datetime import timedelta

import rq.cli
from redis import Redis
from rq import Queue, SimpleWorker, Worker
from rq.job import Job, JobStatus

connection = Redis.from_url(os.environ["LAB_REDIS"])


def queue(name="default"):
    return Queue(name, connection=connection)


def mode(word):
    """What jobs do: fail, hang, or anything else to succeed."""
    connection.set("lab:mode", word)


def version():
    print(rq.VERSION)


def enqueue(first, last, name="default"):
    """Jobs with the ids first to last, as REI makes them."""
    data = [
        Queue.prepare_data("worker.process_job", args=(str(n),), job_id=str(n))
        for n in range(int(first), int(last) + 1)
    ]
    queue(name).enqueue_many(data)


def enqueue_with(job_id, option, seconds, name="default"):
    """One job with failure_ttl or the like."""
    queue(name).enqueue(
        "worker.process_job", args=(job_id,), job_id=job_id, **{option: int(seconds)}
    )


def enqueue_in(job_id, seconds):
    queue().enqueue_in(timedelta(seconds=int(seconds)), "worker.process_job", job_id, job_id=job_id)


def enqueue_after(job_id, parent):
    queue().enqueue("worker.process_job", job_id, job_id=job_id, depends_on=parent)


def plant_failed(count):
    """So many jobs as a failure leaves them, without the time to run each."""
    enqueue(1, count)
    connection.delete("rq:queue:default")
    text = "Traceback (most recent call last):\n" + "  File 'worker.py', line 1, in f\n" * 20
    text = base64.b64encode(zlib.compress((text + "worker.ProviderError: no").encode()))
    pipeline = connection.pipeline(transaction=False)
    for n in map(str, range(1, int(count) + 1)):
        ended = {"status": "failed", "ended_at": "2026-11-23T03:15:00.000000Z"}
        pipeline.hset("rq:job:" + n, mapping=ended)
        pipeline.zadd("rq:failed:default", {n: 1900000000})
        pipeline.xadd("rq:results:" + n, {"type": 2, "exc_string": text})
    pipeline.execute()


def requeue_all():
    """rq requeue --all"""
    arguments = ["requeue", "--all", "--queue", "default", "--url", os.environ["LAB_REDIS"]]
    rq.cli.main(arguments, standalone_mode=False)


def stop(job_id):
    """As a person's stop command leaves it."""
    Job.fetch(job_id, connection=connection).set_status(JobStatus.STOPPED)


def expire(job_id):
    """As its failure_ttl leaves it."""
    connection.delete("rq:job:" + job_id)


def work(*names):
    """Runs all that waits, in this process, and ends."""
    run(SimpleWorker, names, burst=True)


def fork(*names):
    """A worker as in production, until it is killed."""
    run(Worker, names, burst=False)


def run(kind, names, burst):
    queues = [queue(name) for name in names or ["default"]]
    worker = kind(queues, connection=connection)
    # What a worker says of a failing job would be longer than the test's own output.
    worker.log.setLevel(logging.CRITICAL)
    worker.work(burst=burst, logging_level="CRITICAL")


if __name__ == "__main__":
    verb, *arguments = sys.argv[1:]
    globals()[verb](*arguments)
