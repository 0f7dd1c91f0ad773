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
audit-copy-state = { $outcome ->
    [ok] Copies of the own state get to their place again
   *[other] The own state could not be copied
}
audit-restore-state = { $actor } put a copy of the own state in place: { $title }
audit-begin-state = { $actor } began with an empty state
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
audit-begin-notice = { $outcome ->
    [ok] { $actor } began { $task ->
        [correct] the correction of a notice
        [delete] the deletion of a notice
       *[send] a notice to REI's users
    }
   *[other] { $actor } wanted to begin a notice
}
audit-write-notice = { $outcome ->
    [ok] { $actor } changed notice { $title }
   *[other] { $actor } wanted to change notice { $title }
}
audit-preview-notice = { $outcome ->
    [ok] { $actor } had notice { $title } previewed
   *[other] { $actor } wanted notice { $title } previewed
}
audit-ask-notice = { $outcome ->
    [pending] { $actor } asked for the approval of notice { $title } to { $count } people, until { $expires }
   *[other] { $actor } wanted to send notice { $title }
}
audit-approve-notice = { $outcome ->
    [ok] { $actor } approved notice { $title } to { $count } people
   *[other] { $actor } pressed Approve for a notice
}
audit-deny-notice = { $outcome ->
    [ok] { $actor } denied notice { $title }
   *[other] { $actor } pressed Deny for a notice
}
audit-expire-notice = The request for notice { $title } expired unanswered
audit-clear-notice = Notice { $title } was cleared away: nobody sent it within a week
audit-void-notice = The request for notice { $title } became void: it was changed
audit-withdraw-notice = { $outcome ->
    [ok] { $actor } gave notice { $title } up
   *[other] { $actor } wanted to give notice { $title } up
}
audit-pause-notice = { $outcome ->
    [ok] { $actor } paused notice { $title }
   *[other] { $actor } wanted to pause notice { $title }
}
audit-resume-notice = { $outcome ->
    [ok] { $actor } resumed notice { $title }
   *[other] { $actor } wanted to resume notice { $title }
}
audit-abort-notice = { $outcome ->
    [ok] { $actor } aborted notice { $title }
   *[other] { $actor } wanted to abort notice { $title }
}
audit-repeat-notice = { $outcome ->
    [ok] { $actor } had notice { $title } sent again to those in doubt
   *[other] { $actor } wanted notice { $title } sent again to those in doubt
}
audit-mark-blocked = { $outcome ->
    [ok] { $actor } wrote into REI's database who cannot be reached, as notice { $title } found: { $count } rows
   *[other] { $actor } wanted to write into REI's database who cannot be reached
}

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
audit-ask-chore = { $late ->
    [yes] { chore-name } was due { $due } while the program was not running, and is made up for now{ $missed ->
        [0] {""}
        [one] ; { $missed } earlier date was missed
       *[other] ; { $missed } earlier dates were missed
    }
   *[no] { $actor } asked for: { chore-name }
}
audit-begin-chore = { $late ->
    [yes] { chore-name } was due { $due } and begins only now: a recovery or other work came first{ $missed ->
        [0] {""}
        [one] . It stands for { $missed } earlier date too
       *[other] . It stands for { $missed } earlier dates too
    }
   *[no] { chore-name } began
}
audit-finish-chore = { $outcome ->
    [called-off] { chore-name } was called off; by then it had done something
    [failed] { $verdict ->
        [inconclusive] { chore-name }: nobody can tell yet
       *[other] { chore-name }: something is wrong
    }
   *[ok] { chore-name }: done, all well
}{ $backup ->
    [none] {""}
   *[other] , { $backup }
}{ $count ->
    [0] {""}
    [one] , { $count } old one removed
   *[other] , { $count } old ones removed
}
audit-cancel-chore = { $actor } called off: { chore-name }
audit-remind-drill = Reminder: a drill is due
