command-checklist = What is left to do after a recovery

checklist-services = All services running
checklist-database = Database integrity verified
checklist-ledger = Ledger balance matches
checklist-payments = Payment processing working
checklist-queue = Job queue processing
checklist-webhook = Webhook receiving events
checklist-monitoring = Monitoring dashboards updated
checklist-report = Incident report filed
checklist-team = Team notified
checklist-users = Users notified (if applicable)

checklist-title = <b>Checklist { $checklist }</b>{ $about ->
    [run] {" "}after { $name }{ $scenario ->
        [none] {""}
       *[other] {" "}“{ $scenario }”
    }
    [drill] {" "}after drill { $name }
   *[hand] {""}
}
checklist-progress = Opened { $at } by { $by }. Settled: { $settled } of { $lines }.
checklist-line = { $state ->
    [ticked] ☑
    [waived] ⊘
    [fell] ⚠
   *[open] ☐
} { $number }. { $text }
checklist-by = — { $by }, { $at }
checklist-otherwise = <b>But:</b> { $evidence }
checklist-proved = — { $evidence } Since { $at }.
checklist-waived = — does not apply: { $reason } ({ $by }, { $at })
checklist-fell = — <b>open again since { $at }:</b> { $evidence }
checklist-not-yet = — { $evidence } Since { $at }.
checklist-seen = — opened again by hand, so a person has to tick it. { $evidence } Since { $at }.
checklist-closed = <b>Closed</b> by { $by }, { $at }.
checklist-reminder = <b>{ $checklist } is still open</b> after { $length }. { $left ->
    [0] Every line is settled: it only has to be closed.
    [one] { $left } line is left:
   *[other] { $left } lines are left:
}
checklist-tick = Tick { $number }
checklist-waive = Does not apply { $number }
checklist-untick = Untick { $number }
checklist-refresh = Look again
checklist-close = Close
checklist-show = Show the checklist
checklist-ticked = Ticked. Recorded with your name.
checklist-unticked = Open again. From now on only a person can tick this line.
checklist-refreshed = Looked again.
checklist-closed-toast = Closed. Recorded with your name.
checklist-why = <a href="tg://user?id={ $id }">{ $name }</a>, why does “{ $line }” not apply this time? Reply to this message with the reason. It goes into the audit trail. /cancel leaves the line as it is.
    .placeholder = Reason
checklist-waived-done = Recorded: it does not apply this time.

# What a probe saw, and where it saw otherwise. Whole sentences.
proved-drill = The drill saw it on its copy.
refuted-drill = The drill saw on its copy that it is not so: the debrief says more.
proved-services = Running: { $units }.
refuted-services = Not running as they should: { $units }.
proved-database = Checked { $at }, nothing wrong.
refuted-database = The database is damaged or cannot be read: /status says more.
proved-ledger = Every balance is the sum of its ledger.
refuted-ledger = { $count ->
    [one] { $count } balance is not the sum of its ledger.
   *[other] { $count } balances are not the sum of their ledger.
}
proved-payments = A payment begun { $at } succeeded.
refuted-payments = Payments do not go through as they should: /status says more.
proved-queue = Workers: { $workers }; waiting jobs: { $depth }; nothing is stuck.
refuted-queue = The queue does not move as it should: /status says more.
proved-webhook = Telegram delivers to REI without errors; waiting: { $pending }.
refuted-webhook = Telegram cannot deliver to REI as it should: /status says more.
proved-monitoring = Metrics were read { $age } ago.
refuted-monitoring = Nobody has read the metrics for { $age }.
proved-team = This group has everything that was to be told, the last of it { $at }.
refuted-team = { $count ->
    [one] { $count } message to this group waits for Telegram.
   *[other] { $count } messages wait for Telegram.
}
proved-users = Notice { $notice } went out; people who have it: { $count }.
proved-report = Report { $report } is complete.

error-unknown-checklist = There is no such line in { $checklist }, or no such checklist. /checklist shows the newest.
error-checklist-closed = { $checklist } is closed. Nothing was changed.
error-line-moved-on = This line was changed meanwhile; nothing of it is lost. Look at the message again.
error-lines-left = { $left ->
    [one] { $left } line is open: settle it, or say that it does not apply.
   *[other] { $left } lines are open: settle them, or say that they do not apply.
}
why-unknown-checklist = no such line
why-checklist-closed = { $checklist } was closed
why-line-moved-on = the line had been changed
why-lines-left = lines were open

audit-open-checklist = { $outcome ->
    [ok] { $actor } opened checklist { $title }
   *[other] { $actor } wanted to open a checklist
}
audit-tick-line = { $outcome ->
    [ok] { $actor } ticked “{ $title }” of { $checklist }
   *[other] { $actor } wanted to tick “{ $title }”
}
audit-untick-line = { $outcome ->
    [ok] { $actor } opened “{ $title }” of { $checklist } again
   *[other] { $actor } wanted to open “{ $title }” again
}
audit-waive-line = { $outcome ->
    [ok] { $actor } said that “{ $title }” of { $checklist } does not apply
   *[other] { $actor } wanted to say that “{ $title }” does not apply
}
audit-close-checklist = { $outcome ->
    [ok] { $actor } closed checklist { $title }
   *[other] { $actor } wanted to close checklist { $title }
}

cli-checklist-none = No checklist is open. A recovery, a drill or /checklist opens one.
cli-checklist-closed = { $checklist } is closed.
cli-checklist-no-line = There is no line { $number }. `checklist show` lists them.
cli-checklist-line = { $number }. { $text } – { $state ->
    [ticked] done ({ $by })
    [waived] does not apply ({ $by })
    [proved] proved
   *[open] open
}
