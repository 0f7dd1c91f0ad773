runbook-data-loss = Server or data lost
    .does = Sets REI up on this server from the newest verifiable backup.
runbook-redis-failure = Redis failure
    .does = Restarts Redis, empties it where its data is damaged, and rebuilds the queue from the database.
runbook-redis-flush = Empty Redis and rebuild the queue
    .does = For when restarting Redis did not help: everything in it is dropped, the queue is rebuilt from the database.
runbook-payment-outage = Payment provider outage
    .does = Takes payments by hand until YooKassa is back, then brings every payment in line with it.
runbook-ai-outage = AI provider outage
    .does = Falls back on other providers and puts failed jobs back into the queue.
runbook-retry-failed = Retry failed jobs
    .does = Puts failed jobs back into the queue.
runbook-rebuild-queue = Rebuild the queue
    .does = Makes a job of each unfinished row that the queue does not know.
runbook-payments-sync = Bring payments in line
    .does = Compares REI's payments with YooKassa and credits what was paid, once.

symptom-local-data-lost = all local data lost
symptom-server-failure = the server failed
symptom-disk-failure = the disk failed
symptom-jobs-not-processing = jobs are not processed
symptom-rate-limiting-off = rate limiting does not work
symptom-redis-connection-errors = connection errors to Redis
symptom-queue-stuck-after-restart = jobs are still not processed after Redis was restarted
symptom-webhook-failures = YooKassa's webhooks fail
symptom-payment-errors = payments end in errors
symptom-payment-complaints = users complain about payments
symptom-job-failures = jobs fail
symptom-timeouts = jobs time out
symptom-provider-errors = the provider's API answers with errors

step-restart-units = Restart units
    .does = Stops and starts { $units } and looks that they run.
step-restart-redis = Restart Redis
step-restart-workers = Restart the workers
step-start-redis = Start Redis
step-check-redis = Look at Redis
    .does = Asks Redis how it is. Nothing is changed.
step-ping-redis = Wait until Redis takes writes
    .does = Asks for at most { $period } until Redis answers and takes a write.
step-inspect-redis = Look through the data in Redis
    .does = Looks whether the data is as RQ keeps it, and what emptying it would lose.
step-flush-redis = Empty Redis
    .does = Deletes { $scope ->
        [server] every key of every database of this Redis server
       *[database] every key in REI's database of Redis
    }. Jobs that have a row in the database come back with the rebuild; everything else is gone.
step-rebuild-queue = Rebuild the queue from the database
    .does = Makes a job of each queued or unfinished row that the queue does not know, oldest first, each once.
step-verify-queue = See that the queue moves
    .does = Watches for at most { $period } whether workers take jobs.
step-retry-jobs = Put failed jobs back into the queue
    .does = { $last ->
        [all] All failed jobs
       *[other] Jobs that failed in the last { $last }
    } go back, except those that a person stopped, that are refunded, or that the provider has finished.
step-watch-jobs = Watch how many jobs succeed
    .does = Counts for { $period } how jobs end{ $threshold ->
        [0] {"."}
       *[other] ; at least { $threshold } % must succeed.
    }
step-probe-payments = Ask how YooKassa is
    .does = Asks its status page and its API. Nothing is changed.
step-await-payments = Wait until YooKassa is back
    .does = Asks for at most { $period }, then you are asked.
step-list-payments = Count open payments
    .does = Counts payments that are not settled, by age and sum.
step-sync-payments = Bring payments in line with YooKassa
    .does = Credits each payment that was paid, once, and closes those that were cancelled. What needs a person is listed.
step-probe-providers = Ask how the AI providers are
    .does = Asks each provider. Nothing is changed.
step-await-providers = Wait until the AI providers are back
    .does = Asks for at most { $period }, then you are asked.
step-set-switch = Change a setting of REI
    .does = Sets { $key } in { $file } to { $value } and restarts { $units }. The file's other lines stay; a copy is kept.
step-manual-payments-on = Take payments by hand
step-manual-payments-off = Take payments automatically again
step-fallback-on = Fall back on other providers
step-fallback-off = Stop falling back
step-notify-users = Tell users
    .does = Sends a notice under REI's token to { $audience ->
        [open-payments] users with an open payment
        [settled-payments] users whose payment was settled by this run
       *[troubled-jobs] users whose job waits or failed
    }, each once: “{ $notice }”
step-tell-payments-delayed = Tell users that payments are delayed
step-tell-payments-settled = Tell users that their payment is settled
step-tell-jobs-delayed = Tell users of delays
step-run-program = Run a program
    .does = Runs “{ $command }” in { $home } as the owner of that folder.
step-install-dependencies = Install what REI depends on
step-unpack-files = Unpack the saved files
    .does = Unpacks the files saved beside the backup into { $home }. What they replace is kept in { $quarantine }.
step-prepare-settings = See that REI's settings are complete
    .does = Makes .env from .env.example where there is none, and names what is still missing. No secret travels through the chat.
step-verify-balance = Check the requester's balance
    .does = Compares the balance with the sum of the ledger.
step-verify-webhook = Look at REI's webhook
    .does = Asks Telegram whether it can deliver REI's updates. Nothing is changed.
step-reconcile = Compare records with the world
    .does = Compares jobs with the queue, payments with YooKassa, balances with the ledger, and lists what differs.

patient-partly = What the steps marked as done say was done to REI; the step that was cut off or failed may be half done. Everything else is as it was.

facts-redis-up = Redis { $version }, { $role ->
    [master] master
    [replica] replica
   *[sentinel] sentinel
}, { $keys ->
    [one] { $keys } key
   *[other] { $keys } keys
}, { $memory }{ $persistence ->
    [ok] {""}
   *[failed] , its last save to disk failed
}
facts-redis-inspected = { $damaged ->
    [0] data is sound
    [one] { $damaged } damaged key
   *[other] { $damaged } damaged keys
}; emptying would drop { $families }{ $unknown ->
    [0] {""}
    [one] , among them { $unknown } job that the database does not know
   *[other] , among them { $unknown } jobs that the database does not know
}
facts-family = { $family } { $count }
facts-no-keys = nothing
facts-flushed = { $keys ->
    [one] { $keys } key dropped
   *[other] { $keys } keys dropped
}
facts-rebuilt = { $added ->
    [one] { $added } job made
   *[other] { $added } jobs made
}, { $present } were there already
facts-queue-moves = { $workers ->
    [one] { $workers } worker
   *[other] { $workers } workers
}, { $taken } taken meanwhile, { $waiting } waiting
facts-retried = { $requeued ->
    [one] { $requeued } job put back
   *[other] { $requeued } jobs put back
}{ $made ->
    [0] {""}
   *[other] , { $made } made anew from the database
}{ $left ->
    [0] {""}
   *[other] ; left: { $left } ({ $finished } finished or at work at the provider, { $stopped } stopped by a person, { $settled } done or refunded, { $expired } expired)
}{ $unproved ->
    [0] {""}
   *[other] ; for { $unproved } the provider could not be asked
}
facts-tally = { $provider }: { $completed } succeeded, { $failed } failed, { $open } open
facts-no-jobs = no job was written meanwhile
facts-reading = { $service }: { $condition ->
    [up] up
    [degraded] in trouble
    [down] down
   *[unknown] not known
}{ $said ->
    [none] {""}
   *[other] {" "}({ $said })
}
facts-pending = { $count ->
    [0] no open payments
    [one] { $count } open payment of { $users } user
   *[other] { $count } open payments of { $users } users
}{ $count ->
    [0] {""}
   *[other] , { $sums }; younger than an hour: { $hour }, than a day: { $day }, older: { $older }
}
facts-synced = { $looked } compared; credited now: { $credited } ({ $credits } credits); credited by REI meanwhile: { $already }; closed or updated: { $updated }{ $open ->
    [0] {""}
   *[other] ; for a person to look at: { $open }
}
facts-synced-open = { $id }: { $deed }
facts-switched = { $was ->
    [same] stood right already
   *[changed] changed in line { $line }, copy kept
}
facts-noticed = { $sent } sent, { $blocked } unreachable, { $failed } refused, { $ambiguous } uncertain
facts-ran = ended well in { $took }
facts-unpacked = { $files ->
    [one] { $files } file
   *[other] { $files } files
}, { $bytes }; { $replaced } replaced
facts-settings-ready = { $made ->
    [yes] .env made from .env.example; complete
   *[no] complete
}
facts-balance = { $balance } credits, as the ledger says
facts-webhook = { $set ->
    [yes] set, { $pending } updates waiting
   *[no] none: REI asks for its updates itself, { $pending } waiting
}{ $error ->
    [none] {""}
   *[other] ; last error: { $error }
}
facts-reconciled-jobs = unfinished rows without a job: { $missing ->
    [0] 0
   *[other] { $missing } (jobs rebuild makes them)
}, jobs without a row: { $unknown }
facts-reconciled-payments = payments that differ: { $deeds } (see /payments)
facts-reconciled-payments-none = payments agree
facts-reconciled-balances = { $count ->
    [0] balances agree with the ledger
    [one] { $count } balance differs from the ledger
   *[other] { $count } balances differ from the ledger
}
facts-reconciled-unknown = { $part ->
    [jobs] jobs
    [payments] payments
    [balances] balances
   *[other] { $part }
} could not be compared: { $failure }

deed-credit = paid and not credited
deed-cancel = cancelled at the provider
deed-await-capture = paid, waits for capture
deed-nothing = agrees
deed-look-at-refund = refunded at the provider
deed-look-at-amount = another amount than asked for
deed-look-at-status = paid for REI, not for the provider
deed-look-at-claim = claimed by more than one row of REI
deed-orphan = paid, and REI has no such payment
deed-unknown = not known to the provider

reason-requester-no-user = not done: the requester is no user of REI
reason-no-saved-files = not done: no saved files beside the backup
reason-nobody-concerned = not done: nobody is concerned
reason-was-so-before = nothing to take back: it stood so before

gate-restart = restarting Redis and the workers
gate-flush = emptying Redis
gate-manual = taking payments by hand, and telling users
gate-automatic = taking payments automatically again
gate-fallback = falling back on other providers, retrying jobs, and telling users
gate-normal = ending the fallback
gate-rebuild = setting REI up from the backup on this server
gate-retry = putting that many failed jobs back

# What REI's users read, under REI's own name.
notice-payments-delayed = Payments are delayed at the moment. If you have paid, your payment is not lost: it will be credited as soon as the payment service works again. Please do not pay a second time.
notice-payments-settled = Thank you for waiting: your payment has been processed. If something looks wrong, please write to support.
notice-jobs-delayed = Pictures and videos take longer than usual at the moment, or may fail. We are working on it. Your order stays in the queue; please do not send it again.
