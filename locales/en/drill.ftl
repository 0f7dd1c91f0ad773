# Drills: a recovery rehearsed on a copy of REI.
command-drill = Rehearse a recovery on a copy
drill-choose = <b>Which failure shall be rehearsed?</b>
drill-untouched = Nothing of production is touched: the drill has its own copy, its own Redis, its own units, and stand-ins of YooKassa and the AI providers. No token and no key of production is handed over.
drill-plan = <b>Drill · { $title }</b>
# { $scenario }: the runbook's id. { $bad }: yes, no.
drill-fails = { $scenario ->
    [database-corruption] What fails: bytes of the copy's bot.db are flipped.
    [data-loss] What fails: the copy's folder and its Redis are deleted; REI's code, its secrets and the backup remain.
    [redis-failure] What fails: Redis is killed, and what it holds is damaged.
    [payment-outage] What fails: YooKassa's stand-in answers 503 while people pay, and no webhook comes.
   *[ai-outage] What fails: Nano Banana's stand-in answers 503, and jobs fail.
}{ $bad ->
    [yes] {" "}The backup is damaged on purpose: the recovery must refuse it.
   *[no] {""}
}
drill-from = From the backup of { $time }, fetched into the drill's folder.
drill-from-none = There is no good backup. A drill takes the newest there is and shows what comes of it.
drill-phases = Then the same runbook as in an emergency ({ $steps } steps, its gates answered by the drill), a look whether everything works, and a debrief here. The folder is removed at the end.
# { $verdict }: pass, inconclusive, fail.
drill-last = The last one ended { $at } after { $took }: { $verdict ->
    [pass] passed.
    [inconclusive] nothing proved.
   *[fail] failed.
}
drill-last-none = It has not been rehearsed here yet.
drill-start-bad = Start with a damaged backup
# { $at }: fetching, preparing, breaking, recovering, verifying.
drill-now = { $at ->
    [fetching] Preparation: the newest backup is being fetched.
    [preparing] Preparation: the copy of REI is being set up.
    [breaking] Execution: the failure is being brought about.
    [recovering] Execution: step { $number } of { $of }, { $step }
   *[verifying] Verification: does everything work?
}

# The debrief. { $verdict }: pass, inconclusive, fail. { $refused }: yes, missed, no.
drill-verdict = { $refused ->
    [yes] 🟢 Refused as it must be: the recovery did not put the damaged backup in place, and REI was not touched.
    [missed] 🔴 Failed: the recovery did not stop at the damaged backup.
   *[no] { $verdict ->
        [pass] 🟢 Passed: the copy was recovered and works, within what was promised.
        [inconclusive] 🟡 Nothing proved: part of it could not be looked at.
       *[fail] 🔴 Failed.
    }
}
drill-because = Why: { $failure }
drill-backup = Restored from: the backup of { $time }
drill-newest-row = The newest row in it is of { $time }; that is no measure, for users may have been idle.
# { $kept }: yes, no.
drill-rto = Recovery time: { $rto } until everything was looked at; promised (RTO): { $promised }{ $kept ->
    [yes] {""}
   *[no] {" "}— not kept
}. Waits apart: { $waited }.
drill-rto-none = Recovery time: none, it did not recover. Promised (RTO): { $promised }.
drill-rpo = Data loss: the backup was { $rpo } old when the drill began; promised (RPO): { $promised }{ $kept ->
    [yes] {""}
   *[no] {" "}— not kept
}.
drill-rpo-none = Data loss: this recovery restores no backup.
drill-prepared = Setting up the copy took { $took }; that does not count.
drill-steps = Steps
# { $state }: done, not-due, not-tried, failed, not-reached. { $timed }, { $waits }: yes, no.
drill-leg = { $number }. { $state ->
    [done] ✓
    [failed] ✗
    [not-tried] ○
   *[other] –
} { $step }{ $state ->
    [not-due] : not needed
    [not-tried] : a drill cannot try it
    [not-reached] : not reached
   *[other] {""}
}{ $timed ->
    [yes] : { $took }
   *[no] {""}
}{ $waits ->
    [yes] {" "}(and { $waited } of waiting)
   *[no] {""}
}
drill-looks = Does it work?
drill-look = { $verdict ->
    [pass] ✓
    [inconclusive] ?
   *[fail] ✗
} { $function }: { $saw }
drill-function-units = Units
drill-function-database = Database
drill-function-rows = User data
drill-function-ledger = Balances
drill-function-redis = Queue
drill-function-job = A new job
drill-function-payments = Payments
drill-saw-units = { $up } of { $of } run
drill-saw-database = integrity, foreign keys and { $tables } tables are as they should be
drill-saw-rows = { $rows } rows; the backup had { $saved }
drill-saw-ledger = { $count ->
    [0] each is the sum of its ledger
   *[other] { $count } differ from their ledger
}
drill-saw-redis = Redis takes writes; workers: { $workers }, waiting jobs: { $waiting }
drill-saw-job = ordered and done in { $took }
drill-saw-payments = { $right } of { $all } are credited once, as YooKassa says, and none is taken by hand any more
drill-saw-no-queue = not looked at: Redis and RQ are not installed on this machine
drill-saw-other-tables = not looked at: schema.toml renames REI's tables, and the stand-ins know only the usual names
drill-saw-not-counted = not counted: the database or the backup could not be read
drill-lessons = What to improve, and to know
drill-lesson-rto = • Recovery took { $by } longer than promised. Shorten the slowest step, or promise what can be kept.
drill-lesson-rpo = • Backups are too old by { $by }. Take them more often: BACKUP_SCHEDULE.
drill-lesson-stopped = • It stopped at “{ $step }”. Mend that before an emergency does it for you.
drill-lesson-broken = • { $function }: does not work after the recovery.
drill-lesson-unproved = • { $function }: could not be looked at, so nothing is known.
drill-lesson-slowest = • Most of the time ({ $share } %, { $took }) went into “{ $step }”.
drill-lesson-not-tried = • Not tried: “{ $step }”. A drill has no token of REI's and no person in REI's chat.
drill-lesson-stood-in = • Not run for real: { $program }. It would have changed this machine.
drill-next = The next drill is due { $at }.
# { $measured }: yes, no.
drill-entry = For the runbook's history: { $at }, { $runbook } (version { $version }), drill, { $verdict ->
    [pass] passed
    [inconclusive] nothing proved
   *[fail] failed
}{ $measured ->
    [yes] , recovered in { $rto }
   *[no] {""}
}

cli-ask-drill = Hold this drill now?
error-no-drill = There is no drill of “{ $given }”: no failure is known that it answers.
error-no-bad-backup = “{ $given }” restores no backup, so there is none to damage.
failure-drill-broken = The drill could not be held to its end. Production was not touched. Its copy is removed at the end, and what cannot be removed then goes when this program starts.
    .hint = Read the detail and this program's log, then start it again.
failure-drill-unequipped = This machine lacks what the drill needs: { $missing }. Nothing was begun.
    .hint = Install it (on Debian: apt-get install { $missing }) and start the drill again.
failure-drill-room = Not enough room for a drill in { $path }: it may need { $needed }, and { $free } are free. Nothing was begun.
    .hint = Free some space on the disk of STATE_DIR and start the drill again.
failure-drill-tables = REI's tables are renamed in schema.toml, and the stand-ins of this drill know only the usual names. Nothing was begun.
    .hint = Drills of database-corruption, data-loss and redis-failure work with other names too.
failure-drill-breach = The drill was refused before it began, for something would have led out of its folder: { $what }.
    .hint = Keep STATE_DIR outside REI's folder, and programs in runbooks without a path.
