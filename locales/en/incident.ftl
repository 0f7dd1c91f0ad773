# /incident and the messages of an incident.
command-incident = The incident: notes, timeline, document
incident-untitled = untitled
incident-title = <b>Incident { $incident } · { $title }</b>
incident-open = Open since { $since } ({ $length }).
incident-over = Over: { $since } – { $until } ({ $length }). { $complete ->
    [yes] It can be closed.
   *[no] Its document is still open.
}
incident-closed-by = Closed by { $by }, { $at }.
incident-alert = • Alert: { $cause }{ $state ->
    [open] {""}
   *[over] , over
}
incident-run = • { $run } { $title }: { $state }
incident-run-unreadable = • { $run } cannot be read: its plan is no longer the one that was frozen.
incident-counts = Notes: { $notes }. Action items: { $items ->
    [0] none
   *[other] { $items }, of them { $open } to do
}.
incident-complete = The document is complete.
incident-missing = The document lacks: { $missing }.
incident-fill = Fill in
incident-note = Add a note
incident-timeline = Timeline
incident-items = Action items
incident-markdown = Markdown
incident-html = HTML
incident-close = Close
incident-show = Show the incident
incident-back = Back
incident-none =
    No incident is open. An alert or a recovery opens one by itself.
    <code>/incident</code> with a title opens one by hand, <code>/incident list</code> shows earlier ones.
incident-open-one = Open an incident
incident-opened =
    <b>{ $incident }</b> is open.
    <code>/incident note</code> with a text (or below a photo) adds to it, <code>/incident close</code> closes it.
incident-named = { $incident } is open already; it has this title now.{ $renamed ->
    [yes] {" "}Before, it was called “{ $was }”.
   *[other] {""}
}
incident-not-understood =
    “{ $given }” was not understood, and nothing was changed. Did you mean <code>/incident { $verb }</code>?
    A title that looks like a command goes behind <code>/incident open</code>.
incident-no-picture = Nothing was noted: besides words a note takes photos, and no other files.
incident-words-needed = Words are needed here, so nothing was kept. A photo goes into a note (“Add a note”). The question is still open: reply with a text.
incident-noted = Noted in { $incident }.
incident-closed = { $incident } is closed. Action items stay until they are done.
incident-draft = <b>{ $incident } · { $title }: the recovery is over</b>
incident-draft-hint = What this program knows stands in the document already. The rest takes a few questions.
incident-timeline-title = <b>{ $incident } · { $title }: what happened</b>
incident-timeline-line = <code>{ $at }</code> { $text }
incident-timeline-more = { $count ->
    [one] One earlier line is left out; the document has it.
   *[other] { $count } earlier lines are left out; the document has them.
}
incident-list = <b>Incidents</b>, newest first
incident-list-line = { $incident } · { $at } · { $title } · { $state ->
    [open] <b>open</b>
    [over] over, not closed
   *[closed] closed
}
incident-close-ask = <b>Close { $incident } · { $title }?</b>
incident-close-goes-on = Something of it still goes on. What comes next will open another incident.
incident-close-hint = The document can be written after it is closed, too.
incident-writing = Writing the document…
incident-file = { $incident }: the document as it stands now.
incident-file-failed = The document could not be written. The reason is in this program's log.
incident-picture-too-large = The picture is larger than { $limit }: nothing was noted. A smaller one is taken.
incident-picture-lost = The picture could not be fetched from Telegram, and nothing was noted: { $why }

# The questions.
incident-ask = <b>{ $incident } · { $question }</b>
incident-ask-root-cause = Why did it happen? Not only what broke, but what let it break.
incident-ask-data-loss = Was anything lost that this program cannot know of: files, payments, messages? What it knows stands in the document already.
incident-ask-went-well = What went well? What do we want to keep?
incident-ask-improve = What needs improvement? What cost time, what was missing, what was luck?
incident-ask-suspected = The monitor suspected: { $causes }.
incident-ask-before = { $by }: “{ $text }”
incident-ask-list = In one message; lines that begin with “-” become a list.
incident-ask-reply = Please <b>reply to this message</b>.
incident-ask-item = <b>{ $incident } · What has to be done?</b> One thing, in a few words.
incident-ask-item-more = <b>{ $incident } · Kept. What else has to be done?</b> One thing, in a few words.
incident-ask-owner = <b>Who does it?</b> “{ $what }”
incident-ask-due = <b>Until when?</b> “{ $what }”. A day such as 2026-12-01, 1.12., 3d or 2w.
incident-ask-note = <b>{ $incident } · A note.</b> A text, or a photo with or without one.
incident-skip = Skip
incident-leave = Stop here
incident-enough = Nothing (more)
incident-nobody = Nobody yet
incident-no-day = No day
incident-in-days = { $days ->
    [1] Tomorrow
    [7] In a week
    [14] In 2 weeks
   *[other] In { $days } days
}
incident-day-wrong = That is no day. Examples: <code>2026-12-01</code>, <code>1.12.</code>, <code>3d</code>, <code>2w</code>.
incident-question-over = This question is answered or was left. Begin anew with “Action items”.
incident-answers = <b>{ $incident } · { $title }: what was written</b>
incident-answer-heading = <b>{ $heading }</b>
incident-answer-none = <i>Nothing yet.</i>
incident-answer-button = { $state ->
    [there] ✓ { $question }
   *[open] { $question }
}

# Action items.
incident-items-title = <b>{ $incident } · { $title }: action items</b>
incident-items-none = None yet.
incident-item = { $state ->
    [done] ✓
    [late] <b>Late:</b>
   *[open] •
} { $number }. { $what }{ $owned ->
    [yes] {" "}— { $owner }
   *[no] {""}
}{ $dated ->
    [yes] , until { $due }
   *[no] {""}
}{ $state ->
    [done] . Done: { $by }
   *[open] {""}
}
incident-item-button = { $state ->
    [done] Reopen { $number }
   *[open] Done: { $number }
}
incident-items-before = « Before
incident-items-after = More »
incident-new-item = Add one
incident-done = Done
incident-undone = Not done after all
incident-toast-done = Marked as done.
incident-toast-undone = To do again.
incident-reminder = <b>To do after { $incident } · { $title }</b>
incident-reminder-who = For <a href="tg://user?id={ $id }">{ $name }</a>.

# The document; its headings are those of the runbook's template.
incident-heading-date = Incident Date
incident-heading-recovery-time = Recovery Time
incident-heading-data-loss = Data Loss
incident-heading-downtime = Downtime
incident-heading-root-cause = Root Cause
incident-heading-went-well = What Went Well
incident-heading-improve = What Needs Improvement
incident-heading-action-items = Action Items
incident-heading-timeline = Timeline
incident-heading-run = Recovery { $run }: { $title }
incident-heading-notes = Notes
incident-heading-runbook = Runbook
incident-doc-title = Incident { $incident }: { $title }
incident-doc-open = The incident is still open.
incident-doc-over = The incident is over and not closed yet.
incident-doc-closed = Closed by { $by } on { $at }.
incident-doc-complete = This report is complete.
incident-doc-incomplete = This report is a draft. To be written: { $missing }.
incident-doc-since = Since { $since }
incident-doc-since-until = { $since } to { $until }
incident-doc-not-over = Not known yet: the incident is not over.
incident-doc-took = { $whole }. { $met ->
    [yes] The objective of { $rto } (RTO) was met.
   *[no] The objective of { $rto } (RTO) was missed by { $over }.
}
incident-doc-took-parts = Of it { $before } until the recovery was started, { $work } of work by the program, { $waits } of waiting for people's decisions.
incident-doc-down = { $unit } was seen down for { $down }.
incident-doc-loss-of = { $run }: { $loss }
incident-doc-loss-nothing = Nothing was lost by the recovery.
incident-doc-loss-unknown = Not known to the program: no recovery was carried out.
incident-doc-loss-open = A recovery is still under way: what it loses is known when it has ended.
incident-doc-loss-redis = { $keys ->
    [one] One key in Redis
   *[other] { $keys } keys in Redis
}, among them { $jobs ->
    [one] one job
   *[other] { $jobs } jobs
} that the database did not know.
incident-doc-loss-redis-untold = { $keys ->
    [one] One key in Redis
   *[other] { $keys } keys in Redis
}. How many jobs among them the database did not know was not counted.
incident-doc-loss-rows = { $exact ->
    [yes] { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    } of data
   *[no] At most { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    } of data
}. New rows lost{ $exact ->
    [yes] {""}
   *[no] {" (as the plan saw it, before REI was stopped)"}
}: { $rows }. { $met ->
    [yes] The objective of { $rpo } (RPO) was met.
   *[no] The objective of { $rpo } (RPO) was missed.
}
incident-doc-loss-no-rows = { $exact ->
    [yes] { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    } of data
   *[no] At most { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    } of data
}, and no new rows in the tables that were counted{ $exact ->
    [yes] {""}
   *[no] {" (as the plan saw it, before REI was stopped)"}
}. { $met ->
    [yes] The objective of { $rpo } (RPO) was met.
   *[no] The objective of { $rpo } (RPO) was missed.
}
incident-doc-loss-rows-unknown = { $exact ->
    [yes] { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    } of data
   *[no] At most { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    } of data
}; how many rows is not known, because the old database could not be read. { $met ->
    [yes] The objective of { $rpo } (RPO) was met.
   *[no] The objective of { $rpo } (RPO) was missed.
}
incident-doc-missing = Not written yet.
incident-doc-by = { $by }, { $at }
incident-doc-suspected = Suspected by the monitor at that time, not proved:
incident-doc-suspect = { $cause } ({ $certainty }). { $evidence }
incident-doc-suspect-run = The monitor raised no alert. { $by } chose the scenario “{ $scenario }”.
incident-doc-no-items = None yet.
incident-doc-done = Done on { $on } ({ $by })
incident-doc-late = Late
incident-doc-to-do = To do
incident-doc-chart = Alerts, outages and recoveries over time
incident-doc-course = Started by { $by }; runbook { $runbook }, version { $version }. Result: { $outcome }.
incident-doc-course-backup = Started by { $by }; runbook { $runbook }, version { $version }. Restored: the backup of { $backup }, { $age } old at that time. Result: { $outcome }.
incident-doc-wait = Wait for approval: { $gate }
incident-doc-quarantine = The old database is kept in { $folder }.
incident-doc-source = Written by rei-recovery on { $at } from its audit trail (entries { $first } to { $last }), the journals of the recoveries and what people wrote.
incident-column-number = No.
incident-column-what = What
incident-column-owner = Who
incident-column-due = Until
incident-column-state = State
incident-column-time = { $day } ({ $zone })
incident-column-happened = What happened
incident-column-step = Step
incident-column-began = Began
incident-column-took = Took
incident-column-result = Result
incident-step-pending = not begun
incident-step-running = at work
incident-step-doubt = not known
incident-step-failed = failed
incident-step-undone = taken back
incident-step-not-due = not needed
incident-step-done = done
incident-step-skipped = skipped by { $by }: { $reason }
incident-wait-granted = approved by { $by }
incident-wait-denied = denied by { $by }
incident-wait-expired = not answered
incident-wait-voided = void
incident-wait-waits = not answered yet

# The timeline.
incident-line-alert = Alert: { $cause }
incident-line-alert-over = Alert over after { $lasted }: { $cause }
incident-line-opened = { $by } opened the incident
incident-line-closed = { $by } closed the incident
incident-line-started = { $by } started the recovery { $run } ({ $title })
incident-line-asked = { $run }: approval asked for { $gate }
incident-line-approved = { $run }: { $by } approved { $gate }, after { $waited }
incident-line-denied = { $run }: { $by } denied { $gate }, after { $waited }
incident-line-expired = { $run }: nobody answered the request for { $gate }
incident-line-voided = { $run }: the request for { $gate } became void
incident-line-done = { $run }, done: { $steps }
incident-line-failed = { $run }, failed{ $times ->
    [one] {""}
   *[other] {" "}{ $times } times
}: { $step }. { $why }
incident-line-doubt = { $run }, outcome unknown: { $step }
incident-line-told = { $run }: { $by } said that this { $happened ->
    [yes] happened
   *[no] did not happen
}: { $step }
incident-line-skipped = { $run }: { $by } skipped “{ $step }”: { $reason }
incident-line-retried = { $run }: { $by } wanted this tried again: { $step }
incident-line-cancelled = { $run }: { $by } stopped the recovery
incident-line-resumed = { $run }: { $by } let the recovery go on
incident-line-roll-back = { $run }: { $by } wanted everything taken back
incident-line-undone = { $run }, taken back: { $steps }
incident-line-undo-failed = { $run }, taking back failed: { $step }. { $why }
incident-line-ended = { $run } ended: { $outcome }, after { $took }
incident-line-full-check = Full check of the restored database: { $passed ->
    [yes] nothing wrong
    [no] not passed
   *[unknown] could not be made
}
incident-line-noticed = A notice went out to { $count ->
    [one] one user
   *[other] { $count } users
}
incident-line-program = rei-recovery was started
incident-line-note = { $by }: { $text }{ $picture ->
    [yes] {" "}(picture)
   *[no] {""}
}

# The picture.
incident-picture-run = Recovery { $run }
incident-picture-alert = alert open
incident-picture-down = unit down
incident-picture-troubled = unit troubled
incident-picture-work = step at work
incident-picture-failed = step that failed
incident-picture-waiting = waiting for people
incident-picture-note = note

# The console.
cli-incident-incident = Incident
cli-incident-since = Since
cli-incident-title = Title
cli-incident-state = State
cli-incident-open = open
cli-incident-over = over, not closed
cli-incident-closed = closed
cli-incident-noted = Noted in { $incident }.
cli-incident-opened = { $incident } is open with this title.
cli-incident-written = { $incident } written to { $file }.

# The audit trail.
audit-open-incident = { $outcome ->
    [ok] { $by ->
        [person] { $actor } opened incident { $title }
       *[program] Incident { $title } opened: { $because }
    }
   *[other] { $actor } tried to open an incident
}
audit-join-incident = Incident { $title } takes in { $because }
audit-name-incident = { $actor } named incident { $title }
audit-note-incident = { $outcome ->
    [ok] { $actor } noted something in incident { $title }
   *[other] { $actor } tried to note something in an incident
}
audit-write-incident = { $outcome ->
    [ok] { $actor } wrote on the document of incident { $title }
   *[other] { $actor } tried to write on the document of incident { $title }
}
audit-add-action = { $outcome ->
    [ok] { $actor } added an action item to incident { $title }
   *[other] { $actor } tried to add an action item to incident { $title }
}
audit-finish-action = { $outcome ->
    [ok] { $actor } marked an action item of incident { $title } as done
   *[other] { $actor } tried to mark an action item of incident { $title } as done
}
audit-reopen-action = { $outcome ->
    [ok] { $actor } put an action item of incident { $title } back to do
   *[other] { $actor } tried to put an action item of incident { $title } back to do
}
audit-close-incident = { $outcome ->
    [ok] { $by ->
        [person] { $actor } closed incident { $title }
       *[program] Incident { $title } closed: its alerts are over and nobody wrote anything
    }
   *[other] { $actor } tried to close incident { $title }
}

# Why something about an incident was not done.
error-unknown-incident = There is no incident { $incident }. /incident list shows them.
error-no-incident = No incident is open. /incident with a title opens one.
error-incident-closed = { $incident } is closed already.
error-incident-answer-changed = Somebody else has answered this meanwhile. Yours was not kept. What stands there now is in the question that follows; send yours once more to replace it.
error-incident-full = { $incident } has as many notes, pictures or action items as it can hold. Nothing was added.
error-no-words = Nothing was written. A text is needed, or a photo for a note.
error-unknown-item = { $incident } has no action item { $number }.
