status-title = <b>Status of REI</b>, { $at }
status-units = <b>Units</b>
status-unit = { $unit }: { $state }
status-unit-since = { $unit }: { $state } since { $since }
status-unit-restarts = { $unit }: { $state } since { $since }, { $restarts ->
    [one] { $restarts } restart
   *[other] { $restarts } restarts
}
status-unit-unknown = { $unit }: not known. { $why }
status-database = <b>Database</b>
status-database-size = Size: { $size }, last write { $ago } ago.
status-database-size-only = Size: { $size }.
status-database-wal = Not yet merged (WAL): { $wal }.
status-database-missing = The file is missing.
status-database-readable = It opens and its tables can be read. This is no full check.
status-database-unreadable = It cannot be read. { $why }
status-database-unknown = Not known. { $why }
status-free = Free on its disk: { $free }.
status-backups = <b>Newest backup</b>
status-backup = { $time }, { $age } old, { $size }, { $place }, { $verified ->
    [yes] verified in full
   *[no] not verified
}
status-rpo-within = Within the RPO of { $rpo }.
status-rpo-missed = Older than the RPO of { $rpo }.
status-rpo-unknown = Whether the RPO of { $rpo } is kept is not known: not every place answered.
status-no-backup = None was found.
status-place-silent = { $place }: { $why }
status-run = <b>Run</b>
status-run-none = Nothing is under way.
status-run-current = { $run } · { $title }: { $phase }
status-backlog = { $count ->
    [one] { $count } message waits for Telegram.
   *[other] { $count } messages wait for Telegram.
}
status-refresh = Refresh
