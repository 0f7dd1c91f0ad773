"""REI's side of the queue, for tests: python lab.py VERB ARGUMENTS"""

import logging
import os
import sys
from datetime import timedelta

import rq
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
