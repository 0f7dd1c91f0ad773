# The test of backups. { $verdict }: pass, fail, inconclusive.
backup-test-now = Test now
backup-test-trends = Trends
backup-test-place = { $verdict ->
    [pass] ✅ { place }: the backup of { $at } can be relied on
    [fail] ❗ { place }: the backup of { $at } failed its test
   *[inconclusive] ❔ { place }: nobody can tell whether the backup of { $at } is good
}
backup-test-untested = { $verdict ->
    [fail] ❗ { place }: there is no backup to be tested
   *[inconclusive] ❔ { place }: no backup could be tested
}
backup-test-facts = { $age } old at the test (RPO { $rpo }), { $size } packed
backup-test-content = { $bytes } unpacked: { $users ->
    [one] { $users } user
   *[other] { $users } users
}, { $jobs ->
    [one] { $jobs } job
   *[other] { $jobs } jobs
}, { $payments ->
    [one] { $payments } payment
   *[other] { $payments } payments
}, { $ledger ->
    [one] { $ledger } row in the ledger
   *[other] { $ledger } rows in the ledger
}
backup-test-took = Restored and checked in { $all } (RTO { $rto }): fetching { $fetch }, checking { $check }, balances { $books }
backup-test-ended = { $chore }: { $verdict ->
    [pass] passed
    [fail] failed
   *[inconclusive] inconclusive
}
backup-test-not-ended = { $chore } { $phase ->
    [cancelled] was called off
    [cut-off] was cut off
   *[failed] could not be done
}

# What speaks against a backup.
backup-finding-balances-differ = { $users ->
    [one] The balance of { $users } user is
   *[other] The balances of { $users } users are
} not the sum of the ledger, for example of user { $example }.
backup-finding-emptied = The table { $table } is empty, and other tables name rows that should stand in it.
backup-finding-trailing = { $bytes } stand behind the end of the database: something was added to the file.
backup-finding-header-marked = The database's header holds what SQLite does not write there.
backup-finding-behind = The live database has { $rows ->
    [one] { $rows } row
   *[other] { $rows } rows
} from before this backup that it does not hold; its newest is of { $newest }. It was made without its write-ahead log, or it is an older backup under a newer name.
backup-finding-rows-lost = { $table }: { $now ->
    [one] { $now } row
   *[other] { $now } rows
}, and { $before } in an earlier test.
backup-finding-shrunk = The table { $table } shrank from { $before } rows to { $now }. If somebody cleared it up, all is well.
backup-finding-gone = The table { $table } is gone; it had { $before ->
    [one] { $before } row
   *[other] { $before } rows
}. If somebody removed it, all is well.
backup-finding-record-differs = { $table }: { $now ->
    [one] { $now } row
   *[other] { $now } rows
}, and { $before } by the record beside the backup.
backup-finding-too-old = It is { $age } old, and the RPO allows { $rpo }. Look whether backups are still being taken.
backup-finding-too-slow = Restoring and checking took { $took }, and the RTO allows { $rto }.

# The picture of the last year.
trends-title = REI, last 12 months
trends-recovery = Recovery
trends-recoveries = recoveries
trends-drills = drills
trends-age = Backup age
trends-check = Test time
trends-size = Backup size
trends-last = last
trends-nothing-yet = nothing yet
trends-seconds = { $number } s
trends-minutes = { $number } min
trends-hours = { $number } h
trends-days = { $number } d
trends-month = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
trends-caption = REI, the last 12 months. A cross is a promise that was not kept, or a test or drill that failed. Waits for people are left out.
trends-none = Nothing was measured yet. Press Test now: it is the first point of the picture.
