run-title = <b>{ $run } · { $title }</b>
run-requester = Asked for by { $by }, { $at }.
run-backup = Backup of { $time }, { $age } old at the time of the plan ({ $size }, { $place }).
run-progress = { $bar } step { $step } of { $steps }
run-now = <b>Now: { $step }</b>
run-now-again = <b>Now: { $step }</b> (attempt { $attempt })
run-bytes = { $done } of { $total }
run-bytes-left = { $done } of { $total }, about { $left } left
run-bytes-open = { $done } so far
run-undoing = <b>Taking back what was done.</b>
run-cancelling = Cancel was asked for. The run stops at the next safe point.
run-elapsed = Elapsed: { $elapsed } of { $rto } (RTO).
run-over = Elapsed: { $elapsed }. The RTO of { $rto } is exceeded by { $over }.
run-took = Took { $elapsed }; the RTO is { $rto }.
run-took-over = Took { $elapsed }: { $over } over the RTO of { $rto }.
run-waits-approval = <b>Waits for approval</b> ({ $given } of { $required }), until { $until }. The request is in the team's group.
run-waits-person = <b>Waits for a decision.</b> The question is in the team's group.
run-next = Next: { $step }
run-cancel-hint = /cancel stops the run at the next safe point.
run-unreadable = <b>{ $run }</b>: its stored plan does not match its hash. It is no longer the plan that was approved, so nothing more of it is done. Abort ends it and leaves everything as it is.
run-given-up = <b>{ $run }</b>: its stored plan did not match its hash. It was aborted: everything was left as it was at that moment.

line-done = ✓ { $step } — { $took }
line-done-plain = ✓ { $step }
line-running = ▸ { $step } — running for { $took }
line-unknown = ? { $step } — outcome not known
line-failed = ✗ { $step } — failed
line-skipped = ↷ { $step } — skipped by { $by }: { $reason }
line-undone = ↶ { $step } — taken back
line-not-due = – { $step } — not needed
line-pending = · { $step }

outcome-recovered = <b>Recovered.</b> REI's units run on the backup of { $backup }.
    .short = recovered
outcome-done = <b>Done.</b> Every step was carried out or skipped by a person.
outcome-rolled-back = <b>Rolled back.</b> What the run had done is taken back. The original problem is not solved.
    .short = rolled back
outcome-aborted = <b>Aborted.</b> Everything was left as it was at that moment.
    .short = aborted
outcome-denied = <b>Denied.</b> Nothing was done to REI. The original problem is not solved.
    .short = denied
outcome-cancelled = <b>Cancelled.</b> Nothing was done to REI. The original problem is not solved.
    .short = cancelled

phase-proposed = proposed, not started
phase-active = under way
phase-rolling-back = going back

# The plan.
plan-title = <b>Plan { $run } · { $title }</b>
plan-untouched = Nothing has been done yet.
plan-steps = <b>Steps</b>
plan-step = { $number }. { $step }
plan-step-gate = { $number }. { $step } — <b>waits for approval</b>
plan-backup = <b>Backup</b>
plan-backup-line = { $time }, { $age } old, { $size }, { $place }
plan-proof-record = Was checked in full on { $verified }. The restore proves that it is the same, by its hash.
plan-proof-full = Not checked in full yet. That is done before it is put in place, and takes longer.
plan-backup-failed = Attention: it failed its verification ({ $at }): { $why }.
plan-backup-future = Attention: its time lies in the future. How old it is, and what will be lost, is not known.
plan-loss = <b>What will be lost</b>
loss-span = What REI wrote in the { $span } after the backup.
loss-span-unknown = What REI wrote after the backup: at most { $span }, had it run until this plan was made.
loss-span-most = What REI wrote after the backup: at most { $span }, until it was stopped.
loss-rows-before = These rows were counted for the plan. What REI wrote from then on until it was stopped is not among them.
loss-rows = New rows: { $rows }.
loss-no-rows = No new rows were found in the tables that were counted.
loss-rows-unknown = How many rows cannot be told: the database to be replaced could not be read.
loss-not-known = What will be lost could not be determined.
loss-none = Nothing: no backup is restored, and nothing is deleted.
loss-redis = Nothing of the database. If Redis has to be emptied, what is in it goes: the request for that approval lists it.
loss-row = { $table } { $count }
plan-expected = Takes about { $expected } (median of { $measured ->
    [one] { $measured } earlier run
   *[other] { $measured } earlier runs
}), without waits for people.
plan-estimate = Takes about { $expected } (estimate of the runbook; nothing was measured here yet).
plan-approval = The approval needs { $required ->
    [one] { $required } person
   *[other] { $required } persons
}: { $self ->
    [yes] any approver; the requester too, after typing a word
   *[no] any approver except the requester
}.
plan-start = Start begins with the steps that do not touch REI.

# The request for approval.
approval-title = <b>Approval needed · { $run } · { $title }</b>
approval-settled = <b>Approval · { $run } · { $title }</b>
approval-who = { $by } asks for this:
approval-step = • <b>{ $step }.</b> { $does }
approval-backup = Backup: { $time }, { $age } old, { $size }, { $place }.
approval-hash = Content: { $bytes }, BLAKE3 { $hash }.
approval-database = Database: { $path }
approval-loss = Lost: { $loss }
approval-until = Valid until { $until }. Approved by { $given } of { $required }.
approval-self-no = The requester cannot approve it.
approval-self-word = The requester can approve it after typing a word.
approval-by = ✓ { $by }, { $at }
approval-granted = <b>Approved</b> { $at }.
approval-denied = <b>Denied</b> by { $by }, { $at }.
approval-expired = <b>Expired</b> { $at }: nobody answered in time.
approval-voided = <b>Void</b> since { $at }: the run went another way, or the backup or the database is no longer the one shown. Nothing is done on this request.
approval-repeat = <i>Possible repeat: the answer to the first sending was lost. Either message can be used; only one decision counts.</i>

# What needs a person.
hold-failed = <b>{ $run } stopped: “{ $step }” failed</b>
hold-doubt = <b>{ $run } waits: did “{ $step }” happen?</b>
hold-doubt-hint = This program cannot see it. Look for yourself, then answer.
hold-doubt-message = Look in the chat with REI Bot whether its test message has arrived, then answer.
hold-expired = <b>{ $run } stopped: nobody answered the request for approval in time</b>
hold-cancelled = <b>{ $run } stopped: cancel was asked for</b>
hold-undo-failed = <b>{ $run } stopped: taking back “{ $step }” failed</b>
hold-state = <b>REI now:</b> { $state }
hold-cause = Technical cause: <code>{ $cause }</code>
hold-choice = • <b>{ $choice }</b> { $does }

cut-off-undo-title = <b>{ $run }: the outcome of taking back “{ $step }” was unknown</b> (attempt { $attempt })
cut-off-title = <b>{ $run }: the outcome of “{ $step }” was unknown</b> (attempt { $attempt })
cut-off-cause = { $cause ->
    [timed-out] The step took longer than it may.
    [cut-off] The program was stopped in the middle of it.
   *[other] Its result did not arrive.
}
cut-off-decide = It is not done again by itself: a person decides.
cut-off-again = Doing this step twice does no harm. It is done again.
cut-off-verify = The program looks whether it happened before it does anything.
cut-off-ask = Only a person can tell whether it happened. The program asks and waits.

# The report.
report-title = <b>Report { $run } · { $title }</b>
report-times = Started { $started } by { $by }, ended { $ended }.
report-took = Took { $elapsed }: { $work } of work, { $waits } of waiting for people. The RTO is { $rto }.
report-over = The RTO was exceeded by { $over }.
report-version = By version { $version } of the runbook.
report-steps = <b>Steps</b>
report-approvals = <b>Approvals</b>
report-approval-granted = { $gate }: approved by { $by } after { $waited }
report-approval-denied = { $gate }: denied by { $by } after { $waited }
report-approval-expired = { $gate }: unanswered for { $waited }
report-approval-voided = { $gate }: void after { $waited }
report-lost = <b>Lost</b>
report-lost-nothing = Nothing by this run.
report-lost-redis = What was in Redis: { $keys ->
    [one] { $keys } key
   *[other] { $keys } keys
}, among them { $jobs ->
    [one] { $jobs } job
   *[other] { $jobs } jobs
} that the database did not know.
report-lost-keys = What was in Redis: { $keys ->
    [one] { $keys } key
   *[other] { $keys } keys
}.
report-content = Restored: { $bytes }, BLAKE3 { $hash }.
report-newest = Its newest entry is of { $at }.
report-quarantine = <b>The old database</b> is kept in <code>{ $folder }</code> ({ $files }).
report-quarantine-none = There was no old database: its place was empty, and nothing was put aside.
report-background-check = This backup was proved by its record. A full check follows in the background; its result comes in a message.
full-check-ok = <b>{ $run }:</b> the full check of the restored database is done. It found nothing wrong; it took { $took }.
full-check-failed = <b>{ $run }:</b> the full check of the restored database did not pass. REI keeps running on it.
    .hint = Look at it now: /recover restores another backup. Technical cause: <code>{ $cause }</code>
full-check-inconclusive = <b>{ $run }:</b> whether the restored database is whole is not known yet: its full check could not be made.
    .hint = It is tried again by itself for some hours, with growing pauses; how it ends comes in a message. Technical cause: <code>{ $cause }</code>
full-check-given-up = <b>{ $run }:</b> whether the restored database is whole is not known: its full check was tried { $tries } times and could not be made. It is not tried again.
    .hint = Check { $database } by hand with SQLite's integrity_check. Technical cause: <code>{ $cause }</code>

# What a runbook's file may say of a drill or an incident.
runbook-proposal = Proposed entry for the history in { $runbook }.toml, to be put there with the change itself:
runbook-proposal-line = { $line }
