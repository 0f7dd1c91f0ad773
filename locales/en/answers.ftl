# Buttons that decide. Their English wording is part of the contract.
choice-start = Start
    .does = begins. What touches REI still waits for an approval.
choice-cancel = Cancel
    .does = withdraws the plan. Nothing has been done yet.
choice-retry = Retry
    .does = does the step once more.
choice-skip = Skip
    .does = goes on without this step. You will be asked for the reason.
choice-roll-back = Roll back
    .does = takes back what was done, last step first, until REI is as it was before.
choice-abort = Abort
    .does = ends the run here and leaves everything as it is now.
choice-resume = Resume
    .does = goes on with the next step.
choice-happened = Yes, it happened
    .does = goes on with the next step.
choice-not-happened = No, do it again
    .does = does the step once more.
choice-ask-again = Retry
    .does = asks for the approval again.
choice-undo-retry = Retry
    .does = tries once more to take the step back.
choice-approve = Approve
choice-deny = Deny

# Why a press moved nothing. Short: these appear in a pop-up of at most 200 characters.
refusal-not-an-approver = Only approvers may decide this. You are not one of them; the press is recorded.
refusal-own-request = You asked for this yourself. Another approver has to decide.
refusal-word-needed = You asked for this yourself. To approve it, type the word that is shown.
refusal-already-approved = You have approved this already. Another person has to approve too.
refusal-decided = Already decided by { $by }, { $at }. Your press changed nothing.
refusal-expired = Too late: this expired { $at }. Your press changed nothing.
refusal-stale = This belongs to a state that has passed. Your press changed nothing; use the newest message.

error-not-allowed = You may not do this. The attempt is recorded.
error-not-yours = Only the person who asked for this run may start it.
error-unknown-runbook = There is no scenario “{ $given }”. /recover shows all of them.
error-unknown-backup = There is no backup { $given } in the places that answered. /backups shows the list.
error-no-backup = There is no backup to restore from in the places that answered.
error-busy = { $run } is under way. Only one run at a time may touch REI.
    .hint = See what it waits for: rei-recovery runs follow { $run }. End it: rei-recovery runs cancel { $run }, then runs answer { $run } abort.
error-unknown-run = There is no run { $run }. /runs shows the latest.
error-nothing-under-way = Nothing is under way that could be cancelled.
error-nothing-to-retry = No failed job fits: there is nothing to put back.
error-reason-needed = A reason is needed: it goes into the audit trail.
error-not-offered = This choice is not offered now. Use the newest message of the run.
error-plan-changed = The stored plan of { $run } does not match its hash. It can only be given up: nothing more of it is done.
error-plan-too-old = The plan of { $run } is more than half an hour old: what it says of the loss is no longer true. Send /recover again.
error-target = The target cannot be used: { $given }
error-unknown-notice = There is no notice { $notice }. /broadcast list shows the latest.
error-no-notice = There was no notice yet.
error-not-your-notice = Somebody else writes this notice; only that person may change it.
error-notice-not-carried = { $notice } cannot go on: whoever approved it may no longer approve. Abort it and write it anew.
error-notice-moved-on = Too late for that: { $notice } is past it, or not there yet. Use its newest message.
error-unknown-language = “{ $given }” is no language's tag. Examples: en, ru, de, pt-br.
error-no-ids = No Telegram id was found. Send a text file of at most 8 MiB with one id a line.
error-no-rei-token = REI_BOT_TOKEN is not set, so notices are off. Set it and start this program again.
error-nobody-listed = Nobody is on the list: nothing would be sent. Choose another audience.
error-kind-changed = Telegram changes a text only into a text and a file only into a file. Keep the kind, or begin a new notice.
error-delete-too-late = { $notice } was sent more than 48 hours ago: Telegram no longer lets a bot delete it. It can still be corrected.
error-state = This program's own state cannot be read or written: { $cause }

button-unknown = This button is no longer valid. The press is recorded; nothing was changed.
button-elsewhere = This button belongs to another chat. The press is recorded; nothing was changed.
button-version = This button was made by another version of this program. Send the command again.

# The same reasons in the third person, for the audit trail.
why-not-allowed = not allowed
why-not-yours = not the requester
why-not-an-approver = not an approver
why-own-request = own request
why-word-needed = the word was not typed
why-already-approved = had approved already
why-decided = already decided by { $by }
why-expired = expired
why-stale = outdated
why-unknown-runbook = no scenario “{ $given }”
why-unknown-backup = no backup { $given }
why-no-backup = no backup
why-busy = { $run } is under way
why-unknown-run = no such run
why-nothing-under-way = nothing is under way
why-nothing-to-retry = nothing to put back
why-reason-needed = no reason given
why-not-offered = not offered
why-plan-changed = the plan does not match its hash
why-plan-too-old = the plan is too old
why-target = { $given }
why-unknown-notice = no such notice
why-no-notice = no notice yet
why-not-your-notice = somebody else's notice
why-notice-not-carried = whoever approved { $notice } may no longer approve
why-notice-moved-on = { $notice } was past it
why-unknown-language = no language “{ $given }”
why-no-ids = no ids
why-no-rei-token = REI_BOT_TOKEN is not set
why-notice-problem = the notice cannot go out as it is
why-nobody-listed = nobody on the list
why-kind-changed = text and file cannot be exchanged
why-delete-too-late = older than 48 hours
why-state = own state unavailable
why-unknown-button = unknown button
why-other-chat = button of another chat
why-anonymous = anonymous administrator

# Who answered a halt; { $answer } names the audit verb of what followed.
answered = { $answer ->
    [retry] Retry: { $by }, { $at }.
    [retry-undo] Retry: { $by }, { $at }.
    [ask-again] Asked for approval again: { $by }, { $at }.
    [skip] Skipped: { $by }, { $at }. Reason: { $reason }
    [roll-back] Roll back: { $by }, { $at }.
    [abort] Aborted: { $by }, { $at }.
    [resume] Resumed: { $by }, { $at }.
    [confirm-step] “It happened”: { $by }, { $at }.
    [not-done] “It did not happen”: { $by }, { $at }.
    [cancel] Cancel asked for: { $by }, { $at }.
   *[other] The run went on, { $at }.
}
