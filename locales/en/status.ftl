status-title = { $condition ->
    [up] <b>REI is well</b>
    [unknown] <b>Not all of REI can be seen</b>
    [degraded] <b>REI is not quite well</b>
   *[down] <b>REI is in trouble</b>
}, { $at }
status-cause = { $rank ->
    [first] Diagnosis
   *[other] Also
}: <b>{ $cause }</b>, { $certainty }
status-cause-of = { $cause } ({ $subject })
status-no-cause = What is wrong fits no failure that has a runbook.
status-several = { $part } ×{ $count }
status-fine = { $condition } In order: { $parts }
status-run-none = No recovery is under way.
status-run-current = { $run } · { $title }: { $phase }
status-backlog = { $count ->
    [one] { $count } message waits for Telegram.
   *[other] { $count } messages wait for Telegram.
}
status-place-silent = { $place }: { $why }
status-refresh = Refresh
status-picture = Last 24 h
status-recover = Recover: { $title }
status-back = Back

topic-units = Units
topic-database = Database
topic-queue = Queue
topic-payments = Payments
topic-providers = Providers
topic-backups = Backups
topic-machine = Machine
details-title = <b>{ $topic }</b>, { $at }
details-nothing = Nothing is looked at here with these settings.

health-line = { $condition } <b>{ $what }</b>
health-line-since = { $condition } <b>{ $what }</b>, since { $since }
health-subject = { $part } { $subject }
health-place = { $place ->
    [folder] (folder)
    [s3] (S3)
   *[other] ({ $place })
}
health-evidence = { $what }: {""}
health-bullet = · {""}
health-more = · and { $count } more

condition-mark-up = 🟢
condition-up = 🟢 up
condition-degraded = 🟠 degraded
condition-down = 🔴 down
condition-unknown = ⚪ not known

measure-uptime-seconds = for { $value }
measure-restarts = { $value ->
    [one] { $value } restart
   *[other] { $value } restarts
}
measure-memory-bytes = { $value } of memory
measure-pending-updates = { $value ->
    [one] { $value } update waits
   *[other] { $value } updates wait
}
measure-size-bytes = { $value }
measure-wal-bytes = { $value } not yet merged (WAL)
measure-age-seconds = { $part ->
    [database] last write { $value } ago
    [payments] last success { $value } ago
    [backups] newest { $value } old
    [itself] last message delivered { $value } ago
   *[other] { $value } ago
}
measure-free-bytes = { $value } free
measure-free-percent = { $value } % free
measure-imbalances = { $value ->
    [0] balances agree with the ledger
    [one] { $value } balance off
   *[other] { $value } balances off
}
measure-backups = { $value ->
    [one] { $value } backup
   *[other] { $value } backups
}
measure-keys = { $value ->
    [one] { $value } key
   *[other] { $value } keys
}
measure-depth = { $value } waiting
measure-oldest-seconds = the oldest for { $value }
measure-failed = { $value } failed
measure-failed-lately = { $value } of them in the last hour
measure-abandoned = { $value } without their worker
measure-workers = { $value ->
    [one] { $value } worker
   *[other] { $value } workers
}
measure-succeeded = { $value } succeeded
measure-success-percent = { $value } % success
measure-pending = { $value } open
measure-error-lines = { $value ->
    [one] { $value } error
   *[other] { $value } errors
} in 5 min
measure-days-left = { $value ->
    [one] { $value } day left
   *[other] { $value } days left
}
measure-skew-millis = { $value } ms off
measure-backlog = { $value ->
    [one] { $value } message waits
   *[other] { $value } messages wait
}
measure-latency-millis = answered in { $value } ms
measure-looked-seconds = looked { $value } ago
measure-checked-seconds = { $part ->
    [backups] verified { $value } ago
   *[other] checked { $value } ago
}
