"""What the bot asks of others: reads errands, one a line, and answers each with a line.

    job ID               puts a row's job into the queue
    pay ID SUM           begins a payment at YooKassa for a row; answers with YooKassa's id
"""

import base64
import json
import os
import sys
import urllib.error
import urllib.request
import uuid

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue

from settings import env

queue = Queue("default", connection=Redis.from_url(os.environ["REDIS_URL"]))


def job(job_id):
    queue.enqueue("worker.process_job", job_id, job_id=job_id)
    return ""


def pay(payment_id, price):
    api = os.environ.get("YOOKASSA_API_URL")
    if not api:
        # A patient without a world around it has nobody to ask.
        return str(uuid.uuid4())
    keys = env("YOOKASSA_SHOP_ID") + ":" + env("YOOKASSA_SECRET_KEY")
    payment = {
        "amount": {"value": price, "currency": "RUB"},
        "capture": True,
        "metadata": {"payment_id": payment_id},
    }
    request = urllib.request.Request(
        api + "/payments",
        data=json.dumps(payment).encode(),
        headers={
            "Authorization": "Basic " + base64.b64encode(keys.encode()).decode(),
            "Content-Type": "application/json",
            "Idempotence-Key": payment_id,
        },
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)["id"]


def run(verb, *arguments):
    try:
        return " ".join(["ok", {"job": job, "pay": pay}[verb](*arguments)]).strip()
    except (RedisError, OSError, ValueError) as error:
        kind = f"{type(error).__module__}.{type(error).__name__}"
        return " ".join(f"{kind}: {error}".split())


if __name__ == "__main__":
    for line in sys.stdin:
        print(run(*line.split()), flush=True)
