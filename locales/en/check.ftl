check-ok = ok
check-warning = warning
check-failed = FAILED

check-silent = No answer within { $seconds }.
    .hint = See whether that service, or the way to it, hangs; then run `rei-recovery check` again.

check-settings-ok = Every setting can be read.

check-runbooks-ok = { $count ->
    [one] { $count } entry in force, with what { $folder } overrides.
   *[other] { $count } entries in force, with what { $folder } overrides.
}
check-runbooks-built-in = { $count ->
    [one] { $count } entry in force, all built in ({ $folder }).
   *[other] { $count } entries in force, all built in ({ $folder }).
}
check-runbooks-broken = A file in { $folder } cannot be used: { $cause }
    .hint = Mend that file or remove it from { $folder }; `rei-recovery runbook validate { $folder }` lists every problem of the runbooks.

check-state-ok = { $path } can be written; { $free } free.
check-state-new = { $path } is not there yet and can be made; { $free } free.
check-state-full = { $path } can be written, but only { $free } are free: the audit trail has little room.
    .hint = Free some space on the file system of { $path }, or set STATE_DIR to another one.
check-state-mend = Make the folder the service's own: `install -d -m 700 -o { $user } { $path }`, or run this as the user who owns it.
check-state-open = Everybody on this machine may read { $path } (mode { $mode }): the audit trail and people's names are in { $folder }.
    .hint = Run `chmod 700 { $folder }`.
check-key-open = { $path } can be read by others than its owner (mode { $mode }): whoever has it can forge the seal of the audit trail.
    .hint = Run `chmod 600 { $path }`.
check-secret-open = Everybody on this machine may read { $path } (mode { $mode }), which holds secrets of this program.
    .hint = Run `chmod 640 { $path }`, with the service's group as its group, and change the tokens and keys in it.
check-secret-ok = The files with secrets are closed to others.
check-state-db-ok = { $path } is sound.
check-state-db-new = { $path } is made at the first start.
check-state-db-newer = { $path } was written by a newer version of this program.
    .hint = Install that version again: this one cannot read it.
check-state-db-damaged = { $path } is damaged.
    .hint = Put its newest copy in place: `rei-recoveryctl state restore latest`. The damaged file is kept.
check-state-db-closed = { $path } cannot be opened.
    .hint = Give { $path } and its folder to the service's user with `chown -R`, or run this as that user.
check-instance-runs = An instance is running: pid { $pid }, since { $since }.
check-instance-unnamed = An instance is running; it has not left its name yet.
check-instance-none = No instance is running.
check-instance-closed = Whether an instance is running cannot be told: instance.lock cannot be read.
    .hint = Run this as the service's user, or as root.

check-unit-down = See why with `journalctl -u { $unit }`; start it with `systemctl start { $unit }`, or through /recover.
check-unit-unknown-mend = Set REI_UNITS and REDIS_UNIT to the names that `systemctl list-units --type=service` shows; { $unit } is not among them.
check-manager-mend = On a machine with systemd, let this program reach /run/dbus/system_bus_socket; elsewhere set UNIT_MANAGER=command and the three UNIT_…_COMMAND. { $unit } could not be asked for.
check-rights-ok = May be started and stopped by this program.
check-polkit-mend = As root, with polkit installed (`apt-get install polkitd`): `rei-recovery deploy print-polkit --user { $user } > /etc/polkit-1/rules.d/50-rei-recovery.rules`, with the service's settings (--env-file). It counts at once.
check-program-ok = { $path } can be run.
check-command-missing = { $setting } names { $program }, which is not there or cannot be run.
    .hint = Install { $program }, or write its whole path into { $setting }.
check-program-missing = A runbook runs { $program }, which is not there or cannot be run.
    .hint = Install { $program } (for pip3 on Debian: `apt-get install python3-pip`), or change the runbook's run-program step in RUNBOOK_DIR.
check-function-ok = { $function }: its module is { $path }.
check-function-missing = { $function }: there is no { $path }.
    .hint = Set RQ_JOB_FUNCTION to the function that REI's jobs name, unless its module is installed elsewhere.

check-database-ok = { $path } opens: { $size }; { $free } free beside it.
check-database-missing-mend = Set REI_HOME and REI_DB to where REI's database is. If { $path } is right and the file is lost, /recover brings it back.
check-read-mend = Let this program's user read { $path } (its group, or `setfacl`), or run it as root.
check-schema-ok = Every table and column is there.
check-schema-missing = Missing in REI's database: { $missing }
    .hint = Map the real names in schema.toml of RUNBOOK_DIR.
check-holders-ok = { $count ->
    [one] The open files of { $count } process can be read.
   *[other] The open files of all { $count } processes can be read.
}
check-holders-mend = Run this program as root, or give its unit AmbientCapabilities=CAP_SYS_PTRACE CAP_DAC_READ_SEARCH.

check-place-ok = { $path } takes new files with the owner and mode of what they replace.
check-write-mend = Give { $user } the right to write in { $path } (`setfacl -m u:{ $user }:rwx { $path }`), or run this program as root.
check-owner-mend = Run this program as root or as the owner of REI's files, or give its unit AmbientCapabilities=CAP_CHOWN CAP_FOWNER: what it puts into { $path } must not belong to { $user }.
check-full-mend = Free some space on the file system of { $path }; { $user } could not write one page there.
check-folder-mend = Set REI_HOME and REI_DB to where REI is installed, and see that { $path } is a folder that { $user } can write in.
check-log-ok = { $path } can be read.
check-log-mend = Set REI_LOG to REI's log, if it is not { $path }.

check-switch-ok = { $key }={ $value } stands once in { $path }.
check-switch-missing = { $path } has no line { $key }.
    .hint = Add the line `{ $key }={ $value }` to { $path } and see that REI reads it: otherwise switching it changes nothing.
check-switch-double-mend = Leave one line { $key } in { $path }, for example `{ $key }={ $value }`.
check-switch-value-mend = Write a plain truth into { $path }, for example `{ $key }={ $value }`.
check-switch-file-mend = Set REI_HOME to REI's install folder: { $path } with the line `{ $key }={ $value }` belongs there.

check-backups-ok = { $count ->
    [one] { $count } backup
   *[other] { $count } backups
}, the newest { $newest }, { $age } old.
check-backups-old = { $count ->
    [one] { $count } backup
   *[other] { $count } backups
}, but the newest, { $newest }, is { $age } old: more than RPO allows ({ $rpo }).
    .hint = See why the backup job no longer runs, or set RPO to what was agreed.
check-backups-none = There is no usable backup in any place that answered.
    .hint = Set BACKUP_DIR, or S3_BUCKET and S3_PREFIX, to where REI's backups (db_YYYYMMDD_HHMMSS.db.gz) are; take one now if there is none.
check-backups-unknown = No place of backups gave its list, so whether there is any is not known.
    .hint = Mend the places above first.
check-place-list = { $place }: { $count ->
    [one] { $count } backup
   *[other] { $count } backups
} listed.
check-backup-read = { $backup } can be read.
check-place-put = { $place } takes records of verifications.
check-put-mend = To keep the proof of a verification beside the backup, allow writing in { $place } (S3: s3:PutObject and s3:DeleteObject). Without it the proof is kept in state.db alone.
check-room-ok = A restore of the newest backup takes { $needed } beside { $path }; { $free } are free. The size is that of its record, or estimated from its last bytes.
check-room-short = A restore of the newest backup takes { $needed } beside { $path }, and only { $free } are free. The size is that of its record, or estimated from its last bytes.
    .hint = Free space on the file system of { $path }, or move REI's folder to a larger one: a restore is refused as long as it lacks room.
check-backup-dir-mend = Set BACKUP_DIR to the folder with REI's backups: there is no { $place }.
check-backup-dir-read-mend = Let this program's user read { $place } (`setfacl -m u:USER:rx`), or run it as root.
check-s3-bucket-mend = Set S3_BUCKET to a bucket that exists and is this account's: { $place } is not there. With a store other than AWS set S3_ENDPOINT_URL too.
check-s3-clock-mend = Set this machine's clock right (`timedatectl set-ntp true`): { $place } refuses signatures of another time.
check-s3-region-mend = Set AWS_REGION to the region that { $place } is in.
check-s3-secret-mend = Set AWS_SECRET_ACCESS_KEY to the secret that belongs to AWS_ACCESS_KEY_ID: { $place } finds the signature wrong.
check-s3-key-mend = Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for temporary keys) to keys in force: { $place } does not know these.
check-s3-policy-mend = Allow the key s3:ListBucket, s3:GetObject and s3:PutObject on { $place }, or give other keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
check-s3-silent-mend = Check S3_ENDPOINT_URL, the name resolution and the firewall: { $place } does not answer.

check-redis-ok = Redis { $version } ({ $role }) takes writes; { $count ->
    [one] { $count } key.
   *[other] { $count } keys.
}
check-redis-url = REDIS_URL cannot be used: { $cause }
    .hint = Write it as redis://[user:password@]host:port/number, or rediss:// for TLS.
check-redis-password-mend = Put the password of { $server } into REDIS_URL: redis://:PASSWORD@host:port/0 (with an ACL user: redis://USER:PASSWORD@…).
check-redis-replica-mend = Point REDIS_URL to the master: { $server } is a replica and takes no writes ({ $reason }).
check-redis-down-mend = Start Redis, or set REDIS_URL to where it is: nobody answers at { $server }.
check-queue-ok = { $workers ->
    [one] { $workers } worker
   *[other] { $workers } workers
} in all (RQ { $versions }); { $queue } is served. Queues that Redis knows: { $known }.
check-queue-idle = No worker serves { $queue }. { $workers ->
    [one] { $workers } worker
   *[other] { $workers } workers
} in all (RQ { $versions }); queues that Redis knows: { $known }.
    .hint = If the name is wrong, set RQ_QUEUES to { $queue }'s right name; else start REI's workers.

check-yookassa-ok = YooKassa takes the keys: { $shop }.
check-yookassa-off = YOOKASSA_SHOP_ID and YOOKASSA_SECRET_KEY are not set: payments are not compared with YooKassa's.
check-yookassa-mend = Take the shop's id and a secret key in force from YooKassa's merchant profile into YOOKASSA_SHOP_ID and YOOKASSA_SECRET_KEY.
check-page-ok = YooKassa's status page answers: { $condition } ({ $said }).
check-page-odd = YooKassa's status page tells nothing that can be understood: { $condition } ({ $said }).
    .hint = Open YOOKASSA_STATUS_URL in a browser and set it right if it is another page.
check-key-ok = The key is taken.
check-key-off = No key for { $service } is set ({ $settings }): it is not probed.
    .hint = Set { $settings } for { $service }.
check-key-mend = Set the key of { $service } to one in force, and see that this machine's clock is right.

check-admin-ok = ADMIN_BOT_TOKEN belongs to @{ $bot }.
check-token-refused = Telegram does not know the token in { $setting } (asked: { $server }; { $cause }).
    .hint = Take the token from @BotFather (/mybots → API Token) into { $setting }.
check-telegram-silent = { $server } did not answer a question under { $setting }: { $cause }
    .hint = Check TELEGRAM_API_URL, the name resolution and the firewall to { $server }.
check-team-ok = @{ $bot } can write in “{ $title }” ({ $chat }).
check-team-mute = @{ $bot } cannot write in “{ $title }” ({ $chat }).
    .hint = Allow @{ $bot } to send messages in “{ $title }”, best as an administrator.
check-team-privacy = @{ $bot } can write in “{ $title }” ({ $chat }), but its privacy mode keeps typed answers from it.
    .hint = Make @{ $bot } an administrator of “{ $title }”, or turn its privacy mode off at @BotFather (/setprivacy) and add it to the group again.
check-team-private = AUDIT_CHAT_ID { $chat } is the private chat of { $title }, no group: the team reads nothing there, and @{ $bot } can ask nobody else.
    .hint = Make a group for the team, add @{ $bot }, and set AUDIT_CHAT_ID to the group's id, which is negative.
check-team-channel = AUDIT_CHAT_ID { $chat } is the channel “{ $title }”, no group: @{ $bot } can ask nobody there.
    .hint = Make a group for the team, add @{ $bot }, and set AUDIT_CHAT_ID to the group's id.
check-team-unknown = Telegram knows no chat { $chat } for @{ $bot } ({ $cause }).
    .hint = Add @{ $bot } to the team's group, and set AUDIT_CHAT_ID to that group's id.
check-team-absent = @{ $bot } is not in the team's group { $chat } ({ $cause }).
    .hint = Add @{ $bot } to the group, best as an administrator.
check-team-unreachable = Telegram did not let @{ $bot } see the team's group { $chat }: { $cause }
    .hint = Check AUDIT_CHAT_ID and TELEGRAM_API_URL, and that the bot is in the group.
check-team-moved = The team's group became a supergroup: its id is now { $to }.
    .hint = Set AUDIT_CHAT_ID={ $to }.
check-approvers-ok = Every approver is in the team's group.
check-approvers-missing = Not in the team's group, where requests are shown: { $people }
    .hint = Add them to the group, or take them out of APPROVER_IDS: { $people }
check-admins-ok = Every admin has started the bot.
check-admins-missing = The bot may not write to: { $people }
    .hint = Ask them to open the bot and press Start: { $people }
check-rei-ok = REI's token belongs to @{ $bot }, another bot.
check-rei-same = REI_BOT_TOKEN and ADMIN_BOT_TOKEN are the same bot, @{ $bot }: both programs would take each other's updates.
    .hint = Make a bot of its own for the team with @BotFather, and set ADMIN_BOT_TOKEN to its token, not @{ $bot }'s.
check-rei-absent = REI_BOT_TOKEN is not set: notices and the send test are off.
    .hint = Set REI_BOT_TOKEN to REI Bot's own token.

check-clock-ok = This clock and that of { $server } differ by { $apart } ({ $way ->
    [behind] behind
   *[ahead] ahead
}).
check-clock-wrong = This clock is { $apart } { $way ->
    [behind] behind
   *[ahead] ahead of
} that of { $server }: from five minutes on S3 and Kling refuse what is signed by it.
    .hint = Set this machine's clock right: `timedatectl set-ntp true`, then `timedatectl` shows whether it is synchronized.
check-clock-unknown = No server told its time, so whether this clock is right is not known.
    .hint = Look at `timedatectl`.
check-zone-ok = { $zone }: it is { $now }.

check-http-off = HTTP_LISTEN is not set: nothing is served.
check-http-ok = { $address } is free to listen on.
check-http-own = { $address } is taken by this program's own instance.
check-http-taken = { $address } cannot be listened on: { $cause }
    .hint = Set HTTP_LISTEN to an address and port of this machine that nobody uses (`ss -ltnp` shows who does), not { $address }.
