# Work that is neither a recovery nor a notice. { $kind }: take-backup, prune, test-backups, drill.
chore-name = { $kind ->
    [take-backup] Backup
    [prune] Removing old backups
    [test-backups] Backup test
   *[drill] Drill
}
# { $phase }: asked, running, done, failed, cancelled, cut-off. { $good }: yes, no.
chore-title = { $phase ->
    [asked] ⏳ <b>{ chore-name } { $id }</b> waits for its turn
    [running] ▶️ <b>{ chore-name } { $id }</b> is under way
    [done] { $good ->
        [yes] ✅ <b>{ chore-name } { $id }</b>: done, all well
       *[no] ❗ <b>{ chore-name } { $id }</b>: done, and something is wrong
    }
    [cancelled] ⏹ <b>{ chore-name } { $id }</b> was called off
    [cut-off] ❗ <b>{ chore-name } { $id }</b> was cut off
   *[failed] ❗ <b>{ chore-name } { $id }</b> could not be done
}
chore-by = Asked for by { $by }
chore-due = Due by the calendar: { $due }
chore-late = The program was not running then, or other work came first. Made up for { $late } later{ $missed ->
    [0] {""}
    [one] ; { $missed } earlier date was missed as well
   *[other] ; { $missed } earlier dates were missed as well
}.
chore-done-before = Before it could be stopped, it had done this:
chore-runs = Began { $begun }, { $took } ago
chore-took = Began { $begun }, took { $took }
chore-transfer = { $total ->
    [0] { $done } so far
   *[other] { $done } of { $total }
}
chore-asked = It is on the list. Progress follows in the group.
chore-called-off = Called off
chore-over = It is over already
drill-reminder = 🗓 <b>A drill is due</b> ({ $due }). Agree on a time in which nothing is at stake, then /drill: a recovery is rehearsed on a copy, and production stays untouched.
