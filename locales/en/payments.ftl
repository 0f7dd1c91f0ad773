# Payments that a person has to look at.
payments-left = Left for a person, as of { $at }:
payments-file-button = Differences (CSV)
payments-file-comparing = Comparing with YooKassa…
payments-file = Payments on which REI and YooKassa do not agree now. Orphans were paid, and REI has no row of them: their users have to be found by hand.
payments-file-none = REI and YooKassa agree on every payment.
payments-file-slow = YooKassa took longer than { $limit }. On the server <code>rei-recoveryctl payments list</code> waits as long as it takes.
payments-file-failed = The file could not be sent now. Press the button again.

report-left = ⚠️ <b>Left for a person</b>
leftover-payments = { $count ->
    [one] { $count } payment
   *[other] { $count } payments
}: { $deed }. { $mend ->
    [sync] /payments brings them in line.
   *[person] /payments lists them.
}
leftover-jobs = { $count ->
    [one] { $count } unfinished row without a job.
   *[other] { $count } unfinished rows without a job.
} On the server: <code>rei-recoveryctl jobs rebuild</code>
leftover-balances = { $count ->
    [one] { $count } balance differs
   *[other] { $count } balances differ
} from the ledger.
leftover-unseen = { $part ->
    [jobs] Jobs
    [payments] Payments
    [balances] Balances
   *[other] { $part }
} could not be compared: { $failure }
