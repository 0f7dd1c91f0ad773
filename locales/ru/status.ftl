status-title = <b>Состояние REI</b>, { $at }
status-units = <b>Службы</b>
status-unit = { $unit }: { $state }
status-unit-since = { $unit }: { $state } с { $since }
status-unit-restarts = { $unit }: { $state } с { $since }, { $restarts ->
    [one] { $restarts } перезапуск
    [few] { $restarts } перезапуска
   *[other] { $restarts } перезапусков
}
status-unit-unknown = { $unit }: неизвестно. { $why }
status-database = <b>База данных</b>
status-database-size = Размер { $size }, последняя запись { $ago } назад.
status-database-size-only = Размер { $size }.
status-database-wal = Ещё не слито (WAL): { $wal }.
status-database-missing = Файла нет.
status-database-readable = Открывается, таблицы читаются. Это не полная проверка.
status-database-unreadable = Не читается. { $why }
status-database-unknown = Неизвестно. { $why }
status-free = Свободно на её диске: { $free }.
status-backups = <b>Последняя копия</b>
status-backup = { $time }, возраст { $age }, { $size }, { $place }, { $verified ->
    [yes] проверена полностью
   *[no] не проверена
}
status-rpo-within = В пределах RPO { $rpo }.
status-rpo-missed = Старше RPO { $rpo }.
status-rpo-unknown = Соблюдён ли RPO { $rpo }, неизвестно: ответили не все места.
status-no-backup = Копий не найдено.
status-place-silent = { $place }: { $why }
status-run = <b>Запуск</b>
status-run-none = Ничего не выполняется.
status-run-current = { $run } · { $title }: { $phase }
status-backlog = { $count ->
    [one] { $count } сообщение ждёт Telegram.
    [few] { $count } сообщения ждут Telegram.
   *[other] { $count } сообщений ждут Telegram.
}
status-refresh = Обновить
