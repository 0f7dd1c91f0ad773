# Backups that this program takes itself, and those that it removes.
backups-take = Take one now
backups-spendable = What would be removed
backups-own = ↳ taken by this bot: { $bytes } unpacked, { $rows } rows

taken-what = Backup of { $time }: { $size }, { $bytes } unpacked.
# { $state }: proved, unproved, missing.
taken-place = { $state ->
    [proved] ✅ { $place }: stored and read back
    [unproved] ❗ { $place }: stored, but not proved.
   *[missing] ❗ { $place }: it is not there.
}
taken-table = { $table } { $rows }
taken-rows = Rows: { $rows }
taken-missing = ⚠️ REI's database has no { $missing } any more. Was REI updated? The backup is whole, but a recovery would refuse it until schema.toml has the new names.
taken-held = REI's commits waited at most { $millis } ms for the copy.
taken-undisturbed = REI went on writing all the time; nothing waited.
taken-took = Copy { $copy }, full check { $check }, packing and storing { $store }, reading back { $back }.

pruned-count = { $count ->
    [0] No old backup was removed.
    [one] { $count } old backup was removed.
   *[other] { $count } old backups were removed.
}

spendable-title = <b>Backups of this bot older than { $keep }</b>
spendable-rule = Each place keeps its three newest verified ones, and age counts from the third. A backup dated in the future is left alone and counts for nothing. What REI took itself always stays.
spendable-more = These are the { $shown } oldest of { $count }. The rest is offered when they are gone.
spendable-none = Nothing would be removed.
spendable-line = { $time }, { $age } old, { $size }, { $place }
spendable-silent = { $place } gave no list, so nothing there is touched:
spendable-remove = { $count ->
    [one] Remove { $count } backup for good
   *[other] Remove { $count } backups for good
}

cli-ask-create = Take a backup now, into { $places }?
cli-ask-prune = Remove these backups for good?
cli-chore-refused = Nothing was done.
cli-created = Backup { $backup }: { $size }, { $bytes } unpacked, checked in full.
