# REI, as far as payments go: takes YooKassa's webhooks and credits them in a transaction of its own,
# and writes other things without end. Prints its port.
import json
import random
import sqlite3
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DATABASE = sys.argv[1]
NOW = "strftime('%Y-%m-%d %H:%M:%S', 'now')"


def connect():
    return sqlite3.connect(DATABASE, timeout=60, isolation_level=None)


def move(db, user, amount, reason, reference):
    db.execute(
        f"INSERT INTO ledger (user_id, amount, reason, reference, created_at) VALUES (?, ?, ?, ?, {NOW})",
        (user, amount, reason, reference),
    )
    db.execute("UPDATE users SET balance = balance + ? WHERE id = ?", (amount, user))


def credit(provider_id):
    db = connect()
    db.execute("BEGIN IMMEDIATE")
    row = db.execute(
        f"UPDATE payments SET status = 'succeeded', updated_at = {NOW}"
        " WHERE provider_payment_id = ? AND status <> 'succeeded' RETURNING id, user_id, credits",
        (provider_id,),
    ).fetchone()
    if row:
        move(db, row[1], row[2], "payment", row[0])
    db.execute("COMMIT")
    db.close()


class Webhooks(BaseHTTPRequestHandler):
    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if event["event"] == "payment.succeeded":
            credit(event["object"]["id"])
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def live():
    dice = random.Random(7)
    db = connect()
    users = [row[0] for row in db.execute("SELECT id FROM users")]
    while True:
        db.execute("BEGIN IMMEDIATE")
        move(db, dice.choice(users), dice.choice([1, 5, -3]), "bonus", None)
        db.execute("COMMIT")
        time.sleep(dice.random() * 0.02)


server = ThreadingHTTPServer(("127.0.0.1", 0), Webhooks)
threading.Thread(target=live, daemon=True).start()
threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
print(server.server_port, flush=True)
server.serve_forever()
