# One line each, after number, time and run. { $outcome }: ok, failed, refused, unknown, pending.
audit-propose = { $outcome ->
    [ok] { $actor } proposed “{ $title }”{ $backup ->
        [none] {""}
       *[other] , backup { $backup }
    }
   *[other] { $actor } tried to propose “{ $title }”
}
audit-start = { $outcome ->
    [ok] { $actor } started the run
   *[other] { $actor } tried to start the run
}
audit-ask-approval = Approval asked for “{ $title }”, until { $expires }
audit-approve = { $outcome ->
    [ok] { $actor } approved “{ $gate }”
   *[other] { $actor } pressed Approve
}
audit-deny = { $outcome ->
    [ok] { $actor } denied “{ $gate }”
   *[other] { $actor } pressed Deny
}
audit-expire = The request for approval expired unanswered
audit-void = The request for approval became void
audit-ask-again = { $actor } asked for the approval of “{ $title }” again
audit-pass-step = Step “{ $title }” is not needed
audit-begin-step = Step “{ $title }” began{ $attempt ->
    [1] {""}
   *[other] , attempt { $attempt }
}
audit-finish-step = { $outcome ->
    [failed] Step “{ $title }” failed
   *[ok] Step “{ $title }” is done
}
audit-cut-off = Step “{ $title }”: outcome unknown
audit-not-done = { $by ->
    [person] { $actor } said that step “{ $title }” did not happen
   *[program] Step “{ $title }” was looked at: it did not happen
}
audit-confirm-step = { $actor } said that step “{ $title }” happened
audit-retry = { $outcome ->
    [ok] { $actor } wants “{ $title }” tried again
   *[other] { $actor } pressed Retry
}
audit-skip = { $outcome ->
    [ok] { $actor } skipped “{ $title }”
   *[other] { $actor } wanted to skip a step
}
audit-cancel = { $outcome ->
    [ok] { $actor } cancelled
   *[other] { $actor } wanted to cancel
}
audit-resume = { $outcome ->
    [ok] { $actor } resumed the run
   *[other] { $actor } pressed Resume
}
audit-roll-back = { $outcome ->
    [ok] { $actor } wants everything taken back
   *[other] { $actor } pressed Roll back
}
audit-begin-undo = Taking back “{ $title }” began{ $attempt ->
    [1] {""}
   *[other] , attempt { $attempt }
}
audit-finish-undo = { $outcome ->
    [failed] Taking back “{ $title }” failed
   *[ok] “{ $title }” is taken back
}
audit-retry-undo = { $actor } wants taking back “{ $title }” tried again
audit-abort = { $outcome ->
    [ok] { $actor } aborted the run
   *[other] { $actor } pressed Abort
}
audit-finish-run = The run ended: { $result ->
    [recovered] recovered
    [rolled-back] rolled back
    [aborted] aborted
    [denied] denied
    [cancelled] cancelled
   *[other] { $result }
}
audit-command = { $outcome ->
    [ok] { $actor } sent { $title }
   *[other] { $actor } sent { $title }
}
audit-press = { $outcome ->
    [ok] { $actor } pressed { $title }
   *[other] { $actor } pressed a button
}
audit-happened = { $actor } pressed “It happened”
audit-not-happened = { $actor } pressed “Do it again”
audit-start-program = rei-recovery started
audit-stop-program = rei-recovery stopped
audit-verify-backup = { $outcome ->
    [ok] Backup { $title } was verified in full
    [failed] Backup { $title } failed its verification
   *[other] The verification of backup { $title } is inconclusive
}
audit-restore-beside = { $outcome ->
    [ok] { $actor } restored a backup beside REI, to { $title }
   *[other] { $actor } tried to restore a backup beside REI
}
audit-full-check = { $outcome ->
    [ok] The full check of the restored database found nothing wrong
    [unknown] The full check of the restored database could not be made
   *[other] The full check of the restored database did not pass
}
audit-choose-language = { $actor } chose a language: { $title }
audit-open-alert = Alert { $title }
audit-close-alert = Alert { $title } is over
audit-mute-alert = { $actor } muted the alert { $title } for an hour
audit-unmute-alert = { $actor } unmuted the alert { $title }
audit-begin-campaign = Notice { $title } goes out
audit-pause-campaign = { $by ->
    [program] Notice { $title } had to stop
   *[other] { $actor } paused notice { $title }
}
audit-postpone-campaign = Notice { $title } lets an urgent one go first
audit-finish-campaign = Notice { $title } is through

audit-outcome-ok = done
audit-outcome-failed = failed
audit-outcome-refused = refused
audit-outcome-unknown = not known
audit-outcome-pending = begun

audit-title = <b>Audit trail</b>
audit-empty = The audit trail is empty.
audit-console-actor = { $name } (console)
audit-repeat = <i>Possible repeat: the answer to the first sending was lost.</i>

audit-reason = { $reason }
