language-name = English
cut-note = … The message is full; the rest is left out.

place = { $place ->
    [folder] backup folder
    [s3] S3
   *[other] { $place }
}

unit-state = { $state ->
    [active] running
    [activating] starting
    [deactivating] stopping
    [inactive] stopped
    [failed] failed
    [unknown] not known
   *[other] { $state }
}

runs = { $count ->
    [one] { $count } run
   *[other] { $count } runs
}

# What speaks against a backup, in a few words.
backup-flaw = { $code ->
    [backup-empty] it is empty
    [backup-truncated] it ends too early
    [backup-damaged] it is damaged
    [checksum-mismatch] its checksum is wrong
    [content-mismatch] its content is not what was verified before
    [database-empty] its database is empty
    [not-a-database] it holds no database
    [integrity-failed] its database is damaged
    [foreign-keys-broken] rows refer to rows that do not exist
    [schema-differs] tables or columns are missing
    [counts-implausible] row counts cannot be right
   *[other] { $code }
}
