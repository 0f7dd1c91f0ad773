console-yes = yes
console-no = no

cli-gated = [waits for approval]
cli-plan-backup = Backup { $time }: { $age } old, { $size }, { $name }
cli-plan-record = It was checked in full before; the restore proves by its hash that it is the same.
cli-plan-full = It is checked in full before it is put in place.
cli-plan-expected = Takes about { $expected }, without waits for people.
cli-ask-start = Start { $run }?
cli-ask-gate = { $run }: the next steps stop REI and replace its database. Go on?
cli-ask-reason = Why is this step skipped?
cli-yes-refused = --yes is accepted from root or from the service's own user only. Run it through sudo, or answer at a terminal.
cli-yes-needed = There is no terminal to ask at. Run it at a terminal, or as root with --yes.
cli-waits = { $run } waits for a decision. Decide in the chat, or with: rei-recovery runs answer { $run } retry|skip|roll-back|abort
cli-step-running = … { $step }
cli-step-done = ✓ { $step }
cli-step-failed = ✗ { $step }: failed
cli-step-unknown = ? { $step }: outcome not known
cli-step-skipped = ↷ { $step }: skipped
cli-step-undone = ↶ { $step }: taken back
cli-ended-recovered = { $run } recovered. { $took } of work.
cli-ended-rolled-back = { $run } rolled back: what it had done is taken back. The original problem is not solved.
cli-ended-aborted = { $run } aborted: everything is left as it was at that moment.
cli-ended-denied = { $run } denied: nothing was done to REI.
cli-ended-cancelled = { $run } cancelled: nothing was done to REI.
cli-quarantine = The old database is kept in { $folder }.
cli-backup-time = Backup
cli-backup-age = Age
cli-backup-size = Size
cli-backup-place = Place
cli-backup-verified = Verified
cli-backup-sha256 = SHA-256
backup-mark = { $mark ->
    [failed] failed: { $why }
    [future] time in the future
   *[empty] empty
}
cli-ask-restore = Restore backup { $backup } to { $to }?
cli-not-restored = Nothing was restored.
cli-restored-other = Its content is not what was verified under this name before: expected { $expected }, found { $found }.
cli-restored = { $file }: { $size }, BLAKE3 { $hash }, checked in full.
cli-answered = { $run }: written down. The worker acts on it.
cli-runs-run = Run
cli-runs-when = Proposed
cli-runs-runbook = Runbook
cli-runs-state = State
cli-audit-seq = No.
cli-audit-at = When
cli-audit-actor = Who
cli-audit-verb = What
cli-audit-subject = To what
cli-audit-run = Run
cli-audit-outcome = Outcome
cli-audit-ok = { $count ->
    [one] { $count } entry, the chain is whole.
   *[other] { $count } entries, the chain is whole.
}
cli-audit-broken = The audit trail is broken: { $why }
audit-break-order = entry { $seq } stands where entry { $expected } must stand: entries are missing, doubled or reordered.
audit-break-link = entry { $seq } does not continue entry { $before }: one of them was changed or replaced.
audit-break-content = entry { $seq } was changed after it was written.
audit-break-missing = entry { $seq } is missing at the end.
audit-break-foreign = entry { $seq } was appended by someone else.
audit-break-seal = the seal over entry { $seq } is not this program's: the trail was rewritten up to there.
cli-runbook-id = Id
cli-runbook-version = Version
cli-runbook-title = Scenario
cli-runbook-expected = Takes about
cli-runbook-head = Id { $id }, version { $version }, takes about { $expected }. Symptoms:
cli-runbook-step = gate: { $gate } · undo: { $undo } · timeout: { $timeout } · outcome unknown: { $replay } · on failure: { $failure }
cli-runbook-sound = { $file }: { $id } is sound.

cli-answered-unattended = { $run }: written down. No instance runs that would act on it: rei-recovery runs follow { $run } carries it on.
cli-ask-answer = Answer { $run } so?
cli-not-answered = { $run }: nothing was written.
cli-nothing-asked = The run asks nothing now.
cli-parked = Told to stop: the run is parked at a safe point. Take it up again with: rei-recovery runs follow
cli-step-not-due = – { $step }: not needed
cli-retry = Can go back: { $jobs } jobs, { $cost } credits. Providers: { $providers }. Queues: { $queues }; in none, made anew from the database: { $anew }. Provider cannot be asked: { $unproved }. Left out: { $stopped } stopped, { $expired } expired. Worker lost, not failed yet: { $abandoned }.
cli-retry-error =   { $count } × { $error }
cli-rebuild = Unfinished rows: { $rows }; without a job in the queue: { $missing }.
cli-sync = { $looked } payments compared:
cli-sync-deed =   { $count } × { $deed }
cli-synced = { $looked } compared, { $credited } credited now ({ $credits } credits), { $already } by REI meanwhile, { $updated } closed or updated, { $open } for a person to look at
cli-ask-notice = Send { $notice } now?
cli-ask-pause-notice = Pause { $notice }?
cli-ask-resume-notice = Resume { $notice }?
cli-ask-abort-notice = Abort { $notice }? Whoever has not got it yet will not get it.
cli-notice-unchanged = { $notice }: nothing was changed.
cli-notice-paused = { $notice } is paused. rei-recovery broadcast resume { $notice } lets it go on.
cli-notice-aborted = { $notice } is aborted. Nobody else gets it.
cli-notice-needs-another = { $notice } goes to more people than NOTICE_LIMIT: another person has to approve it in the chat, and no instance runs that could ask. Start rei-recovery run, then send it again. Nothing was sent.
cli-notice-asked = { $notice } goes to more people than NOTICE_LIMIT: another person is asked in the chat.
cli-notice-phase = { $task ->
    [correct] Correction { $notice }
    [delete] Deletion { $notice }
   *[send] Notice { $notice }
}: { $phase }
cli-notice-count = { $count ->
    [one] To { $count } person
   *[other] To { $count } people
} · { $source }
cli-notice-costs = Costs up to { $stars ->
    [one] { $stars } Telegram Star
   *[other] { $stars } Telegram Stars
} of REI's bot.
cli-list-source-database = list of REI's database, { $at }
cli-list-source-own-copy = REI's database cannot be read: own copy of the list, as of { $at }
cli-list-source-campaign = those who have the message, { $at }
cli-no-ready-notice = There is no ready notice “{ $given }”. There are jobs-delayed, payments-delayed, payments-settled, recovered and maintenance.
cli-ready-blanks = The ready notice { $given } has blanks: fill each in with --set NAME=VALUE. Blanks: { $blanks }.
cli-notices-notice = Notice
cli-notices-when = Begun
cli-notices-state = State
cli-notices-sent = Sent
cli-notices-total = Of
cli-notices-by = By
