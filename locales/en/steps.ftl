runbook-database-corruption = Corrupted database
    .does = Puts the damaged database aside and brings REI back on a verified backup.
symptom-integrity-check-fails = SQLite's integrity check fails
symptom-database-queries-crash = REI crashes on database queries
symptom-inconsistent-data = data contradict each other

step-fetch-backup = Fetch the backup and prove it good
    .does = Downloads the backup beside the database and checks it. REI is not touched.
step-discard-staged = Remove the fetched backup
    .does = Removes the fetched copy. The backup itself stays where it is.
step-stop-units = Stop REI
    .does = Stops { $units }. From here on users get no answers.
step-start-units = Start REI
    .does = Starts { $units } and looks that they run.
step-prove-database-closed = Prove that nobody holds the database
    .does = Looks through the open files of all processes.
step-quarantine-database = Put the old database aside
    .does = Moves the database with its sidecar files to { $quarantine }. Nothing is deleted.
step-return-database = Put the old database back
    .does = Moves the old database with its sidecar files back to its place.
step-install-database = Put the backup's database in place
    .does = Puts the checked database at { $database }, with the owner and mode of the old one.
step-verify-database = Check the database in its place
    .does = Checks that it is complete and consistent before anything opens it.
step-watch-units = Watch REI
    .does = Watches units and log for { $period }: no restarts, no database errors.
step-verify-bot = See that REI's bot answers
    .does = Asks Telegram whether REI's token works.
step-send-test-message = Send a test message under REI's token
    .does = Sends one message to the requester.

# State of REI, told from what the run has done so far.
patient-untouched = REI is untouched by this run: its units and its database are as they were.
patient-stopping = REI's units are being stopped or partly stopped. The database lies where it was.
patient-stopped = REI's units are stopped. The database lies where it was.
patient-moving = REI's units are stopped. The old database was being put aside: its files lie in their place or in { $quarantine }. Nothing was deleted.
patient-aside = { $old ->
    [none] REI's units are stopped. There was no database to put aside, and none stands in its place.
   *[kept] REI's units are stopped. The old database lies complete in { $quarantine }. No database stands in its place.
}
patient-installing = { $old ->
    [none] REI's units are stopped. There was no old database. Whether the backup's database stands in place is not certain.
   *[kept] REI's units are stopped. The old database lies in { $quarantine }. Whether the backup's database stands in its place is not certain.
}
patient-installed = { $old ->
    [none] REI's units are stopped. The backup's database stands in place. There was no old one.
   *[kept] REI's units are stopped. The backup's database stands in place. The old one lies in { $quarantine }.
}
patient-starting = { $old ->
    [none] The backup's database stands in place. REI's units are being started or only partly run. There was no old database.
   *[kept] The backup's database stands in place. REI's units are being started or only partly run. The old database lies in { $quarantine }.
}
patient-running = { $old ->
    [none] REI's units were started on the backup's database. There was no old one.
   *[kept] REI's units were started on the backup's database. The old one lies in { $quarantine }.
}

# What a step that succeeded left.
facts-staged = { $bytes }, { $proof ->
    [record] proved by the record of { $verified }
   *[full] checked in full in { $took }
}
facts-closed = { $processes ->
    [one] { $processes } process looked at
   *[other] { $processes } processes looked at
}
facts-quarantined = { $files ->
    [one] { $files } file
   *[other] { $files } files
} put aside
facts-returned = { $files ->
    [one] { $files } file
   *[other] { $files } files
} put back
facts-installed = { $bytes }
facts-verified = checked in { $took }
facts-watched = { $lines ->
    [0] nothing new in the log
    [one] { $lines } new log line, no error
   *[other] { $lines } new log lines, no error
}
facts-bot-answered = @{ $username } answers
facts-not-applicable = { $reason }

reason-confirmed-by-person = confirmed by a person
reason-no-rei-token = not done: no REI_BOT_TOKEN is set
reason-requester-at-console = not done: the run was asked for at the console
reason-telegram-unreachable = not done: Telegram could not be reached; see for yourself whether REI answers

gate-swap = putting the backup in the place of the database
