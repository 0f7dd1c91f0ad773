# Копии, которые программа снимает сама, и те, которые она удаляет.
backups-take = Снять копию сейчас
backups-spendable = Что будет удалено
backups-own = ↳ снята этим ботом: { $bytes } без сжатия, строк: { $rows }

taken-what = Копия от { $time }: { $size }, без сжатия { $bytes }.
# { $state }: proved, unproved, missing.
taken-place = { $state ->
    [proved] ✅ { $place }: сохранена и прочитана обратно
    [unproved] ❗ { $place }: сохранена, но не подтверждена.
   *[missing] ❗ { $place }: копии там нет.
}
taken-table = { $table } { $rows }
taken-rows = Строки: { $rows }
taken-missing = ⚠️ В базе REI больше нет: { $missing }. REI обновляли? Копия целая, но восстановление откажется от неё, пока в schema.toml нет новых имён.
taken-held = Записи REI ждали копирования не дольше { $millis } мс.
taken-undisturbed = REI всё это время писал без помех, ждать не пришлось.
taken-took = Копирование { $copy }, полная проверка { $check }, сжатие и сохранение { $store }, чтение обратно { $back }.

pruned-count = { $count ->
    [0] Старые копии не удалялись.
    [one] Удалена { $count } старая копия.
    [few] Удалены { $count } старые копии.
   *[other] Удалено { $count } старых копий.
}

spendable-title = <b>Копии этого бота старше { $keep }</b>
spendable-rule = В каждом месте остаются три самые новые проверенные копии, возраст считается от третьей. Копию с датой из будущего не трогаем и в расчёт не берём. Всё, что снял сам REI, остаётся всегда.
spendable-more = Это { $shown } самых старых из { $count }. Остальные предложим, когда этих не станет.
spendable-none = Удалять нечего.
spendable-line = { $time }, возраст { $age }, { $size }, { $place }
spendable-silent = { $place }: списка нет, поэтому там ничего не тронуто:
spendable-remove = { $count ->
    [one] Удалить { $count } копию навсегда
    [few] Удалить { $count } копии навсегда
   *[other] Удалить { $count } копий навсегда
}

cli-ask-create = Снять копию сейчас ({ $places })?
cli-ask-prune = Удалить эти копии навсегда?
cli-chore-refused = Ничего не сделано.
cli-created = Копия { $backup }: { $size }, без сжатия { $bytes }, проверена полностью.
