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
