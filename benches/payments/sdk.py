# What an admin would write with the official SDK: each pending row is asked for and credited, one
# after the other.
import sqlite3
import sys

from yookassa import Configuration, Payment

shop, secret, url, database = sys.argv[1:]
Configuration.configure(shop, secret, api_url=url)
db = sqlite3.connect(database, timeout=60, isolation_level=None)
rows = db.execute(
    "SELECT id, user_id, credits, provider_payment_id FROM payments WHERE status = 'pending'"
).fetchall()
now = "strftime('%Y-%m-%d %H:%M:%S', 'now')"
for row, user, credits, provider in rows:
    if Payment.find_one(provider).status != "succeeded":
        continue
    db.execute("BEGIN IMMEDIATE")
    db.execute(f"UPDATE payments SET status = 'succeeded', updated_at = {now} WHERE id = ?", (row,))
    db.execute(
        f"INSERT INTO ledger (user_id, amount, reason, reference, created_at) VALUES (?, ?, 'payment', ?, {now})",
        (user, credits, row),
    )
    db.execute("UPDATE users SET balance = balance + ? WHERE id = ?", (credits, user))
    db.execute("COMMIT")
