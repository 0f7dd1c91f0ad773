part-unit = Unit
part-bot = Telegram bot
part-database = Database
part-ledger = Ledger
part-backups = Backups
part-redis = Redis
part-queue = Queue
part-jobs = Jobs
part-payments = Payments
part-yookassa = YooKassa
part-provider = Provider
part-log = Log
part-disk = Disk
part-certificate = Certificate
part-clock = Clock
part-itself = This program

# What was seen. The part stands before it or above it.
sign-silent = no answer within { $seconds }
sign-failing = it answers otherwise than it should ({ $failure })

sign-unit-down = { $unit } does not run: { $state ->
    [inactive] stopped
    [failed] failed
    [not-found] there is no such unit
   *[other] { $state }
}
sign-unit-changing = { $unit } is { $state ->
    [activating] starting
    [deactivating] stopping
   *[other] { $state }
}
sign-unit-restarting = { $unit } was restarted { $restarts ->
    [one] { $restarts } time
   *[other] { $restarts } times
} in the last minutes

sign-bot-refused = Telegram refuses REI's token
sign-bot-unreachable = Telegram cannot be reached from here
sign-webhook-error = Telegram could not deliver to REI: { $cause }
sign-updates-pile-up = { $count ->
    [one] { $count } update waits
   *[other] { $count } updates wait
} for REI

sign-database-missing = there is no database file
sign-database-empty = the database file is empty
sign-database-unreadable = SQLite cannot read the file
sign-database-damaged = a check found damage: { $cause }
sign-database-locked = a process keeps the database locked
sign-database-foreign = tables or columns are missing: { $missing }
sign-wal-large = the WAL grew to { $size }: it is not being merged
sign-rows-gone = rows of { $table } are gone: { $was } before, { $now } now
sign-sqlite-old = REI's Python uses SQLite { $version }, which can lose commits; 3.51.3 does not

sign-ledger-off = { $count ->
    [one] { $count } balance is
   *[other] { $count } balances are
} not the sum of the ledger

sign-backup-none = there is no usable backup
sign-backup-old = the newest backup is { $age } old, the RPO is { $rpo }
sign-backup-shrunk = the newest backup has { $size }, those before had { $usual }
sign-backup-bad = the newest backup did not pass its verification
sign-backup-unverified = no backup was verified lately
sign-backup-place-gone = { $place ->
    [folder] the backup folder
    [s3] S3
   *[other] { $place }
} cannot be reached, or refuses access

sign-redis-refuses = nothing listens at Redis's address
sign-redis-auth = Redis does not accept the password
sign-redis-read-only = Redis takes no writes: { $cause ->
    [replica] it is a replica
    [disk] it could not save to disk
   *[other] { $cause }
}
sign-redis-unsaved = Redis could not save its data: { $cause }
sign-redis-full = Redis uses { $percent } % of its memory limit
sign-redis-loading = Redis is reading its data after a start
sign-redis-damaged = keys that RQ did not write so: { $count }

sign-queue-stuck = jobs wait and none is taken: { $count }, the first for { $age }
sign-queue-deep = many more jobs wait than usual: { $count }
sign-workers-gone = no worker gives a sign of life
sign-queue-suspended = the workers are suspended (rq:suspended)
sign-jobs-abandoned = jobs whose worker is gone: { $count }
sign-jobs-lost = unfinished jobs that are not in Redis: { $count }

sign-jobs-failing = { $provider }: { $failed } of { $ended } jobs failed in the last hour, { $percent } % succeeded
sign-jobs-blame = { $provider }: { $count ->
    [one] { $count } failed job blames
   *[other] { $count } failed jobs blame
} the provider

sign-payments-stuck = payments open for too long: { $count }, the oldest for { $age }
sign-payments-none = people try to pay ({ $count }) and none succeeded for { $age }

sign-service-down = { $service } is down: { $said }
sign-service-degraded = { $service } is in trouble: { $said }
sign-service-refuses = { $service } refuses our key

sign-log-errors = { $count ->
    [one] { $count } error
   *[other] { $count } errors
} in the log lately, the last: { $last }
sign-log-database = the log tells of database errors: { $last }

sign-disk-low = { $free } ({ $percent } %) free at { $path }
sign-disk-full = only { $free } ({ $percent } %) free at { $path }: no room to work with
sign-disk-read-only = { $path } takes no writes

sign-certificate-ending = the certificate of { $host } ends in { $days ->
    [one] { $days } day
   *[other] { $days } days
}
sign-certificate-ended = the certificate of { $host } has ended
sign-clock-skew = the clock is { $skew } off

sign-outbox-waits = { $count ->
    [one] { $count } message waits
   *[other] { $count } messages wait
} for Telegram
sign-worker-gone = nobody works on the runs
