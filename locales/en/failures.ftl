# What happened, then what follows for REI as far as the code itself tells. The state of REI as a
# whole is told by the run. The hint says what to do and what the next tap does.
failure-unit-not-found = The unit manager knows no unit { $unit }. Nothing was done to it.
    .hint = Check REI_UNITS and the unit's name on the server, then press Retry: the step is done once more.
failure-unit-access-denied = The unit manager refused access to { $unit }. Its state was not changed.
    .hint = On the server, put what `rei-recovery deploy print-polkit` prints into /etc/polkit-1/rules.d/50-rei-recovery.rules, then press Retry.
failure-unit-manager-unreachable = The unit manager ({ $manager }) does not answer. Whether a unit changed its state is not known.
    .hint = Check on the server that it runs and that this program may reach it, then press Retry: the units are looked at first.
failure-unit-did-not-start = { $unit } was asked to start. It was seen in the state “{ $state ->
    [active] running
    [activating] starting
    [deactivating] stopping
    [inactive] stopped
    [failed] failed
    [unknown] not known
   *[other] { $state }
}”.
    .hint = Read the unit's log on the server. Press Retry to start it once more.
failure-unit-did-not-stop = { $unit } was asked to stop. It was seen in the state “{ $state ->
    [active] running
    [activating] starting
    [deactivating] stopping
    [inactive] stopped
    [failed] failed
    [unknown] not known
   *[other] { $state }
}”.
    .hint = Look on the server at what keeps it. Press Retry to stop it once more.
failure-unit-restart-loop = { $unit } restarts again and again: { $restarts } restarts were counted.
    .hint = Read the unit's log on the server: it names why the unit ends. Press Retry to watch it once more.
failure-unit-went-down = { $unit } stopped running while it was watched. It was seen in the state “{ $state ->
    [active] running
    [activating] starting
    [deactivating] stopping
    [inactive] stopped
    [failed] failed
    [unknown] not known
   *[other] { $state }
}”.
    .hint = Read the unit's log on the server. Start it by hand if the cause is gone, then press Retry to watch it once more.
failure-unit-command-failed = The configured command { $command } cannot be run. No unit was changed by it.
    .hint = Check UNIT_START_COMMAND, UNIT_STOP_COMMAND and UNIT_STATUS_COMMAND, then press Retry.
failure-database-in-use = The process { $process } (pid { $pid }) holds { $file } open. While it does, moving the database would damage it; nothing was moved.
    .hint = End that process on the server, then press Retry: the open files are looked at again.
failure-holders-hidden = The open files of some processes cannot be seen ({ $processes }). That nobody holds the database is therefore not proved; nothing was moved.
    .hint = Run this program as root or with CAP_SYS_PTRACE, then press Retry: the open files are looked at again.
failure-database-missing = There is no database at { $path }, and no file that belongs to one.
    .hint = Check REI_HOME and REI_DB. Press Retry to look once more.
failure-quarantine-inconsistent = The quarantine folder { $path } does not hold what the journal says. Nothing more was moved.
    .hint = Look into the folder on the server before you decide. Nothing in it is ever deleted by this program.
failure-place-taken = Something else stands at { $path }, where a new file must go. It was left as it is.
    .hint = Look on the server at what it is, move it away, then press Retry.
failure-disk-full = Not enough room for { $path }: { $needed } are needed, { $free } are free.
    .hint = Free some space on that disk, then press Retry: the step is done from its beginning.
failure-file-access-denied = Access to { $path } was denied.
    .hint = Give this program's user the right to it, then press Retry.
failure-owner-not-kept = The owner, group or mode of { $path } could not be set to { $owner }. REI could be unable to read the file; it was not put in place.
    .hint = Run this program as root or as the owner of the database, then press Retry.
failure-file-error = A file operation on { $path } failed.
    .hint = The technical cause is below. Mend it on the server, then press Retry.
failure-backup-not-found = The backup { $backup } is no longer where the list showed it.
    .hint = Press Roll back or Abort, then start again with /recover and another backup.
failure-no-backup = There is no backup at all in the places that answered.
    .hint = Check BACKUP_DIR, S3_BUCKET and S3_PREFIX. /backups shows what each place holds.
failure-backup-place-unreachable = { $place ->
    [folder] The backup folder
    [s3] S3
   *[other] { $place }
} does not answer.
    .hint = Check the network and S3_ENDPOINT_URL, then press Retry.
failure-backup-access-denied = { $place ->
    [folder] The backup folder
    [s3] S3
   *[other] { $place }
} refuses access.
    .hint = Check the key and its rights, or the folder's owner and mode, then press Retry.
failure-backup-place-missing = { $place ->
    [folder] The backup folder
    [s3] The S3 bucket
   *[other] { $place }
} does not exist.
    .hint = Check BACKUP_DIR or S3_BUCKET, then press Retry.
failure-backup-place-failing = { $place ->
    [folder] The backup folder
    [s3] S3
   *[other] { $place }
} answers with errors of its own.
    .hint = The fault is on its side. Press Retry after a while, or start again with a backup from another place.
failure-backup-stalled = No byte came from { $place ->
    [folder] the backup folder
    [s3] S3
   *[other] { $place }
} for { $seconds }. What was fetched so far is not used.
    .hint = Press Retry to fetch the backup from its beginning, or start again with a backup from another place.
failure-backup-changed = The backup { $backup } changed while it was read. What was fetched is not used.
    .hint = Press Roll back, then start again with /recover: the list will show the backup as it is now.
failure-backup-empty = The backup { $backup } is empty: 0 bytes. It was not used.
    .hint = Press Roll back, then start again with /recover and another backup.
failure-backup-truncated = The backup { $backup } ends too early: its last part is missing. It was not used.
    .hint = Press Retry if it may still be uploading. Otherwise press Roll back and start again with another backup.
failure-backup-damaged = The backup { $backup } is damaged or no gzip file. It was not used.
    .hint = Press Roll back, then start again with /recover and another backup.
failure-checksum-mismatch = The checksum of the backup { $backup } is wrong: expected { $expected }, found { $found }. It was not used.
    .hint = Press Retry to fetch it once more. If the checksum stays wrong, press Roll back and start again with another backup.
failure-content-mismatch = The content of the backup { $backup } is not what was verified before: expected { $expected }, found { $found }. It was not used.
    .hint = Somebody or something changed it. Press Roll back and start again with another backup. If you know why it differs, press Retry: it is fetched once more and then checked in full.
failure-database-empty = The database { $path } is empty: 0 bytes.
    .hint = It holds nothing to restore. Press Roll back and start again with another backup.
failure-not-a-database = { $path } is no SQLite database.
    .hint = Press Roll back and start again with another backup.
failure-integrity-failed = The database { $path } is damaged. SQLite's integrity check reports { $count ->
    [one] { $count } problem
   *[other] { $count } problems
}, the first: { $first }
    .hint = Press Roll back and start again with another backup.
failure-foreign-keys-broken = In { $path }, { $count ->
    [one] { $count } row
   *[other] { $count } rows
} of the table { $table } refer to rows that do not exist.
    .hint = The backup was taken from an inconsistent database. Press Roll back and start again with another backup.
failure-schema-differs = { $path } lacks tables or columns that REI needs: { $missing }
    .hint = It belongs to another program or another version. Map renamed ones in schema.toml, or press Roll back and start again with another backup.
failure-schema-outdated = The backup and REI's own database both lack these tables or columns: { $missing }. REI was updated, and schema.toml still has the old names. Whether the backup is good is not known.
    .hint = Put the new names into schema.toml and test again. Until then a recovery would refuse this backup.
failure-schema-uncertain = The backup lacks tables or columns: { $missing }. REI's own database could not be read, so nobody can tell whether REI renamed them.
    .hint = Test again once REI's database can be read.
failure-counts-implausible = The number of rows in { $path } cannot be right: { $table } holds { $count }.
    .hint = Compare with an older backup. Press Roll back and start again with another backup.
failure-database-check-failed = The database { $path } could not be checked. Whether it is good is not known.
    .hint = The technical cause is below. Press Retry to check it once more.
failure-log-errors = REI's log { $path } shows { $count ->
    [one] { $count } new database error
   *[other] { $count } new database errors
}, the first: { $first }
    .hint = REI is running. Read its log, then press Retry to watch once more, or Skip to go on with a reason.
failure-bot-token-refused = Telegram refuses REI's token.
    .hint = REI cannot answer anybody with it. Check REI_BOT_TOKEN against REI's own settings, then press Retry.
failure-bot-token-missing = REI_BOT_TOKEN is not set: nothing can be sent under REI's name.
    .hint = Set it, restart this program, then press Resume.
failure-bot-unreachable = Telegram did not answer a request under REI's token. Whether REI can be reached is not known.
    .hint = Press Retry after a while, or Skip to go on with a reason.
failure-message-refused = Telegram refused the test message under REI's token: { $reason }
    .hint = The requester must have started REI Bot once to receive it. Press Retry after that, or Skip to go on with a reason.
failure-redis-unreachable = Redis at { $server } does not answer.
    .hint = Look at Redis' unit and log on the server and check REDIS_URL, then press Retry.
failure-redis-loading = Redis at { $server } reads its data back and answers nothing yet.
    .hint = That ends by itself; with much data it takes minutes. Press Retry after a while.
failure-redis-password = Redis at { $server } wants a password, or another one than REDIS_URL names.
    .hint = Put the right one into REDIS_URL and start this program anew, then press Retry.
failure-redis-tls = Redis at { $server } and REDIS_URL disagree about TLS, or its certificate is not trusted.
    .hint = With TLS the address begins with rediss://, without with redis://. Mend REDIS_URL or the certificate, then press Retry.
failure-redis-read-only = Redis at { $server } takes no writes: { $reason ->
    [replica] it is a replica of another server
    [disk] its last save to disk failed
   *[other] { $reason }
}.
    .hint = { $reason ->
    [replica] Point REDIS_URL to the master, or make this server the master, then press Retry.
   *[other] Free the disk that Redis saves to, or look at its log, then press Retry.
}
failure-redis-out-of-memory = Redis at { $server } is at its memory limit and takes no writes.
    .hint = Raise maxmemory or remove what is not needed, then press Retry.
failure-redis-not-a-server = At { $server } answers a Sentinel, or something that is no Redis.
    .hint = REDIS_URL must name the server that holds the data. Mend it, then press Retry.
failure-redis-failing = Redis at { $server } answers with an error.
    .hint = The technical cause is below. Mend it on the server, then press Retry.
failure-redis-data-damaged = The data in Redis are not as RQ keeps them: { $count ->
    [one] { $count } key
   *[other] { $count } keys
}, the first: { $first }
    .hint = Skip goes on with the data as they are. To empty Redis and rebuild the queue, abort and start /recover anew.
failure-no-workers = No worker serves the queues: { $queues }.
    .hint = Look at the workers' unit and log on the server. Press Retry to look once more.
failure-queue-stuck = The queue does not move: { $waiting ->
    [one] { $waiting } job waits
   *[other] { $waiting } jobs wait
}, and in { $period } none was taken.
    .hint = Look at the workers' log on the server. Press Retry to watch once more.
failure-records-busy = REI's database { $path } was busy for too long. Nothing was changed.
    .hint = Something writes to it without end. Press Retry to try once more.
failure-balances-differ = { $count ->
    [one] The balance of { $count } user is
   *[other] The balances of { $count } users are
} not the sum of the ledger, for example of user { $user }.
    .hint = Skip goes on and leaves it to you. Nothing is corrected by itself.
failure-provider-down = { $service } does not answer, or only with errors.
    .hint = The fault is on its side or in the network. Press Retry to ask again.
failure-provider-key-refused = { $service } refuses our key.
    .hint = Check the key in this program's settings and the server's clock, then press Retry.
failure-provider-answer-unreadable = The answer of { $service } cannot be understood. Nothing was concluded from it.
    .hint = The technical cause is below. Press Retry to ask again.
failure-provider-not-configured = No key for { $service } is set.
    .hint = Set { $settings } and start this program anew, then press Retry. Skip goes on without it.
failure-success-rate-low = Too few jobs of { $provider } succeed: { $percent } %, expected at least { $threshold } %.
    .hint = Press Retry to watch once more. Skip goes on, Roll back takes back what was switched.
failure-settings-file-missing = There is no { $path }.
    .hint = Check REI_HOME, or put the file there, then press Retry.
failure-settings-file-link = { $path } is a symbolic link. It was not changed: replacing it would cut the link.
    .hint = Put the file itself there or change it by hand, then press Retry or Skip.
failure-settings-line-double = { $key } stands in { $path } more than once. The file was not changed.
    .hint = Remove all lines but one on the server, then press Retry.
failure-settings-value-unknown = { $key } in { $path } is neither true nor false. The file was not changed.
    .hint = Mend the line on the server, then press Retry.
failure-settings-incomplete = { $path } has no values for: { $missing }
    .hint = Fill them in on the server: a secret never travels through the chat. Then press Retry.
failure-archive-hostile = { $archive } holds what must not be unpacked: { $entry } ({ $reason ->
    [outside] it leaves the folder
    [link] it is a link that leads out
    [special] it is no file, folder or link
    [bits] it would run as another user
    [many] too many entries
    [large] too large
    [name] its name is no name for a file
   *[other] { $reason }
}). Nothing of it was put in place.
    .hint = Somebody tampered with it or it was made wrongly. Skip goes on without the saved files.
failure-archive-damaged = { $archive } is damaged or not complete. Nothing of it was put in place.
    .hint = Press Retry to fetch it once more. Skip goes on without the saved files.
failure-program-missing = The program { $program } cannot be started. Nothing was done.
    .hint = Install it or mend the runbook file, then press Retry.
failure-program-failed = The program { $program } ended with the code { $code }.
    .hint = Its last lines are below. Mend the cause on the server, then press Retry.
failure-timed-out = It took longer than { $seconds }. Whether it happened is not known.
    .hint = Retry looks or begins again, as the step allows.
failure-cut-off = This program was stopped in the middle. Whether the step happened is not known.
    .hint = At its next start the program looks first or does the step again, as the step allows.
failure-gave-way = A recovery began, and this made way for it.
    .hint = Nothing half-done was left. Start it again when the recovery has ended.
failure-cut-off-too-often = This program was stopped { $attempts ->
    [one] { $attempts } time
   *[other] { $attempts } times
} at the same step. It will not begin the step again by itself.
    .hint = Read this program's log on the server: the step itself may be what ends it.
failure-chore-unknown = This version, as it is set up here, cannot do that.
    .hint = Look at the version and at the settings: rei-recovery check.
failure-panicked = A defect in this program ended the step. Whether the step happened is not known.
    .hint = Please keep this program's log and report it. Press Retry to do the step once more.
failure-plan-changed = The stored plan of this run does not match its hash. It is no longer the plan that was approved, so nothing more of it is done.
    .hint = Press Abort and start again with /recover.
failure-missing-facts = The journal lacks what the step { $step } should have left. Without it the next step is not safe and was not begun.
    .hint = Press Roll back, then start again with /recover.
failure-state-unavailable = This program's own state cannot be read or written. Nothing more is done until it can.
    .hint = Check STATE_DIR on the server: free space, owner and mode. Then press Retry.
failure-state-newer = { $copy } was written by a newer version of this program.
    .hint = Install that version, or restore an older copy.
failure-state-busy = Another rei-recovery is copying or restoring the state in { $path } at this moment.
    .hint = Wait until it is done, then try again.
failure-audience-unknown = Only REI's database knows whom this concerns, and it cannot be read: { $why }
    .hint = Choose everyone or those active lately: this program keeps its own list of them. Or bring the database back first.
failure-no-recipients = REI's database cannot be read ({ $why }), and this program has no list of REI's users of its own yet.
    .hint = Bring the database back: the list is copied every hour while it can be read.
failure-notice-file-missing = The file of this notice is no longer kept.
    .hint = Begin a new notice and send the file again.
