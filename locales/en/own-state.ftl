own-copy-failed = <b>My own state does not get to { $place }</b>, for half an hour now. Technical cause: <code>{ $cause }</code>
    .hint = Recoveries go on as before. If state.db is lost, what happened since the last copy is missing; I go on trying. On the server: <code>rei-recoveryctl state list</code>
own-copy-none = <b>My own state cannot be copied</b>, for half an hour now. Technical cause: <code>{ $cause }</code>
    .hint = Recoveries go on as before. If state.db is lost, what happened since the last copy is missing; I go on trying. On the server: <code>rei-recoveryctl state list</code>
own-copy-works = My own state gets to { $place } again.
own-copy-made = My own state is being copied again.
state-broken = <b>My own state cannot be used: I start no recovery.</b> A recovery that was under way stands where it was: look at REI's units and at <code>rei-recovery-quarantine</code>. /status, /backups and alerts work. Missing until it is mended: runs, approvals, the audit trail, notices, checklists, incidents, and what was changed in contacts; this group has every line of the trail.
    .hint = On the server: <code>rei-recoveryctl state restore latest</code> puts the copy of { $copy } from { $place ->
        [s3] S3
       *[other] the backup folder
    } in place; the damaged file is kept. I notice by myself. Technical cause: <code>{ $why }</code> (seen { $at })
state-broken-no-copy = <b>My own state cannot be used: I start no recovery.</b> A recovery that was under way stands where it was: look at REI's units and at <code>rei-recovery-quarantine</code>. /status, /backups and alerts work. Missing: runs, approvals, the audit trail, notices, checklists, incidents, and what was changed in contacts; this group has every line of the trail.
    .hint = No copy of it was found. On the server: <code>rei-recoveryctl state new</code> begins with an empty one; the damaged file is kept. Technical cause: <code>{ $why }</code> (seen { $at })
state-closed = <b>My own state takes no writes: I start no recovery.</b> /status, /backups and alerts work. Missing until it does: runs, approvals, the audit trail, notices, checklists, incidents, and what was changed in contacts; this group has every line of the trail.
    .hint = Free some space on the file system of { $dir }, or make it writable for me. I notice by myself. Put no copy in its place: it is older. Technical cause: <code>{ $why }</code> (seen { $at })
state-left-out = ⚠ My own state cannot be used ({ $cause }). What follows was looked at just now; what is known from before is missing.
state-copied = Copied to { $place }.
state-no-copy = There is no such copy.
state-ask-restore = Put the copy of { $copy } from { $place ->
    [s3] S3
   *[other] the backup folder
} in the place of the state in { $dir }?
state-would-restore = The copy of { $copy } from { $place ->
    [s3] S3
   *[other] the backup folder
} would be put in the place of the state in { $dir }.
state-restored = The copy of { $copy } from { $place ->
    [s3] S3
   *[other] the backup folder
} is in place in { $dir }.
state-kept = What was there is kept in { $aside }.
state-missing = Entries of the audit trail that the copy lacks: { $missing }. The group's chat has them. What was done since then is not known to it: look at REI's units and at rei-recovery-quarantine.
state-missing-unknown = How many entries of the audit trail the copy lacks cannot be told: what was there cannot be read. The group's chat has them. What was done since then is not known to it: look at REI's units and at rei-recovery-quarantine.
state-no-trail = The copy has no audit trail: either nothing had been done yet, or it was emptied. Compare it with the group's chat.
state-other-key = The copy's trail is not sealed with the audit.key of this folder: put that of the old server there, or compare the trail with the group's chat.
state-runs-ended = Runs that had not ended in the copy are ended, for nobody knows how far they got: { $runs }. Look at REI, then ask for them again.
state-notices-ended = Notices that were not through in the copy are ended: { $notices }. Who has got them is not known.
state-chores-ended = Backups, tests, removals and drills that were asked for in the copy are called off: { $chores }.
state-ask-new = Begin with an empty state in { $dir }?
state-would-begin = { $dir } would begin with an empty state; what is there would be kept.
state-begun = { $dir } begins with an empty state.
state-not-changed = Nothing was changed.
state-at-work = The service is at work on this state. Stop it first: systemctl stop rei-recovery
error-stand-in = This program's own state cannot be used ({ $cause }): what is known from before is missing, and nothing can be begun.
    .hint = On the server: rei-recoveryctl state restore latest; with no copy: rei-recoveryctl state new. Then again.
service-no-state = Its own state cannot be used: recoveries are refused. See: rei-recoveryctl state list
state-unwritten = <b>My own state takes no writes.</b> Nothing new is begun; a step under way goes on, and its outcome is written as soon as there is room.
    .hint = Free some space on the file system of { $dir }, or make it writable. I notice by myself. Technical cause: <code>{ $cause }</code>
state-written = My own state takes writes again. What was under way goes on.
