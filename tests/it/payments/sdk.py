# What the official SDK sees: all payments begun in a time by the list, then each by its id.
import json
import sys
import time

from yookassa import Configuration, Payment, Refund
from yookassa.domain.exceptions import InternalServerError, TooManyRequestsError

shop, secret, url, since, until = sys.argv[1:]
Configuration.configure(shop, secret, api_url=url)


def again(call):
    for _ in range(500):
        try:
            return call()
        except (InternalServerError, TooManyRequestsError):
            time.sleep(0.02)
    raise SystemExit("the stand-in never answers")


def pages(ask):
    params = {"created_at.gte": since, "created_at.lt": until, "limit": 100}
    while True:
        page = again(lambda: ask(params))
        yield from page.items
        if not page.next_cursor:
            return
        params["cursor"] = page.next_cursor


def told(payment):
    back = payment.refunded_amount
    return {
        "id": payment.id,
        "status": payment.status,
        "amount": str(payment.amount.value),
        "currency": payment.amount.currency,
        "refunded": str(back.value) if back else "0.00",
        "test": payment.test,
        "captured": payment.captured_at,
        "metadata": payment.metadata or {},
    }


listed = [told(payment) for payment in pages(Payment.list)]
single = [told(again(lambda: Payment.find_one(payment["id"]))) for payment in listed]
assert listed == single, "the list and the payments by themselves differ"
refunds = [refund.payment_id for refund in pages(Refund.list)]
print(json.dumps({"payments": listed, "refunds": refunds}))
