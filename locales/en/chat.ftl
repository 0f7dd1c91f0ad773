command-status = REI's state now
command-recover = Start a recovery
command-runs = Latest runs
command-cancel = Stop the run at the next safe point
command-backups = Backups
command-audit = Audit trail
command-language = Language
command-help = What this bot can do

help-title = <b>rei-recovery</b> carries out the recovery runbook of REI Bot.
help-body =
    /status — REI's units, database, newest backup, current run
    /recover — choose a scenario and a backup, see the plan, start
    /retry_failed — failed jobs back into the queue; <code>/retry_failed 24h</code> or <code>all</code> looks further back
    /payments — open payments, and the sync with YooKassa
    /broadcast — a notice to REI's users; <code>/broadcast list</code> shows the latest
    /runs — the latest runs
    /cancel — stop the run at the next safe point, or leave a question unanswered
    /backups — what the backup folder and S3 hold
    /checklist — what is left to do after a recovery: the newest open list, or a new one
    /contacts — emergency contacts; pages whoever is on call
    /drill — rehearse a recovery on a copy; production stays untouched
    /incident — the incident: <code>/incident note</code> with a text or a photo, the timeline, the report; <code>list</code> shows earlier ones
    /audit — the latest entries of the audit trail; <code>/audit 50</code> shows more
    /language — English or Russian
help-rules = Nothing destructive is done to REI before an approver has said yes. Every step and every press is in the audit trail.
help-role = { $role ->
    [both] You may request and approve.
    [admin] You may request. Another person approves.
   *[approver] You may approve. You cannot request.
}

stranger = You are not on the list of this bot's operators. This attempt is recorded. If you should be on it, give your number to whoever runs the server: <code>{ $id }</code>
anonymous = Commands of an anonymous administrator are not carried out: nobody can tell whose they are. To use this bot, open the group's settings, Administrators, your name, and switch off “Remain anonymous”.
command-unknown = There is no such command. /help shows all of them.
audit-number-wrong = After /audit a number from 1 to 200 can stand, for example <code>/audit 50</code>.
run-number-wrong = “{ $given }” is no run. Example: <code>/cancel R-7</code>

recover-choose = <b>What happened?</b>
recover-scenario = { $suspected ->
    [yes] 👉 <b>{ $title }</b> (looks like this now): { $symptoms }
   *[no] • <b>{ $title }</b>: { $symptoms }
}
recover-scenario-button = { $suspected ->
    [yes] 👉 { $title }
   *[no] { $title }
}
recover-backup = <b>{ $title }</b>. From which backup?
recover-loading = Reading the list of backups…
recover-planning = Making the plan…
recover-chosen = { $run }: backup of { $time }. The plan is in the next message.
recover-chosen-plain = { $run }. The plan is in the next message.
recover-no-backups = No backup was found. A recovery from a backup cannot start.
backup-latest = Latest good: { $when } · { $age }
backup-button = { $when } · { $age }
backup-button-failed = { $when } · { $age } · failed its verification
backup-button-future = { $when } · its time lies in the future
backup-line = { $number }. { $time } — { $verified ->
    [future] {""}
   *[other] { $age } old,{" "}
}{ $size }, { $place }, { $verified ->
    [yes] verified in full
    [empty] <b>empty</b>
    [failed] <b>failed its verification: { $why }</b>
    [future] <b>its time lies in the future</b>
   *[no] not verified
}
backups-older = Older
backups-newer = Newer
backups-title = <b>Backups</b>, newest first
backups-page = { $from }–{ $to } of { $count }
backups-none = There are none.

runs-title = <b>Latest runs</b>
runs-none = There were no runs yet.
runs-line = <b>{ $run }</b> · { $title } · { $at } · { $phase } · { $by }

cancel-done = Cancel is noted for { $run }. It stops at the next safe point.
cancel-withdrawn = { $run } is withdrawn. Nothing was done.
dialogue-left = The question is left unanswered. Nothing was changed.
dialogue-late = That question is over: it was asked more than an hour ago. Nothing was kept; open it again with its button.
dialogue-elsewhere = That message asks nothing (any more), so nothing was kept. Reply to the latest question, or open one again with its button.

language-choose = Choose a language. It applies to your private chat and to pop-ups; the group stays in its own.
language-chosen = English it is.

skip-ask = <a href="tg://user?id={ $id }">{ $name }</a>, why is “{ $step }” skipped? Reply to this message with the reason. It goes into the audit trail. /cancel leaves everything as it is.
    .placeholder = Reason
skip-done = Skipped. The reason is recorded.
word-ask = <a href="tg://user?id={ $id }">{ $name }</a>, you asked for this run yourself. To approve it, reply to this message with the word <b>{ $word }</b>. /cancel leaves the request open.
    .placeholder = The word
word-wrong = That is not the word. Nothing was approved. To try again, press Approve.
word-done = Approved. It is recorded with your name.
answer-late = Too late for this answer. { $why }

toast-approved = Approved. Recorded with your name.
toast-approved-more = Recorded. Still needed: { $missing ->
    [one] { $missing } person
   *[other] { $missing } persons
}.
toast-denied = Denied. Nothing is done.
toast-chosen = Recorded: { $choice }.
toast-type = Type your answer: see the new message.
test-message = This is a test message of rei-recovery: REI Bot can send messages again.
text-forwarded = This message was written by somebody else, so it answers no question. Write the answer yourself.
text-unknown = Use the buttons or a command. /help shows all commands.
command-retry_failed = Put failed jobs back into the queue
command-payments = Open payments, and the sync
retry-title = <b>Failed jobs{ $last ->
    [all] {""}
   *[other] , last { $last }
}</b>
retry-loading = Looking at the queue and at REI's jobs…
retry-argument-wrong = “{ $given }” is no length of time. Write /retry_failed 1h, /retry_failed 24h or /retry_failed all.
retry-none = No failed job can be put back.
retry-jobs = { $jobs ->
    [one] { $jobs } job can go back
   *[other] { $jobs } jobs can go back
}; they cost { $cost ->
    [one] { $cost } credit
   *[other] { $cost } credits
}.
retry-providers = Providers: { $names }
retry-queues = Queues: { $names }
retry-anew = { $jobs ->
    [one] { $jobs } of them is in no queue: it is made anew from its row in the database.
   *[other] { $jobs } of them are in no queue: they are made anew from their rows in the database.
}
retry-errors = Errors: { $names }
retry-oldest = The oldest failed { $at }.
retry-unproved = For { $jobs } of them nobody can tell whether the provider finished them: they may be paid for twice.
retry-stopped = Left out: { $jobs } that a person stopped.
retry-expired = Left out: { $jobs } of which nothing is left.
retry-abandoned = { $jobs } more lost their worker; RQ counts them as failed within about ten minutes.
retry-all = Retry all ({ $jobs })
retry-one = { $name } ({ $jobs })
retry-window = { $last ->
    [all] All failed jobs
   *[other] Last { $last }
}
payments-title = <b>Payments</b>
payments-oldest = The oldest was begun { $at }.
payments-synced = Last brought in line { $at }:
payments-never-synced = They were not brought in line with YooKassa by this program yet.
payments-sync-button = Sync with YooKassa
