status-title = { $condition ->
    [up] <b>С REI всё в порядке</b>
    [unknown] <b>REI видно не полностью</b>
    [degraded] <b>С REI не всё в порядке</b>
   *[down] <b>У REI неисправность</b>
}, { $at }
status-cause = { $rank ->
    [first] Диагноз
   *[other] Кроме того
}: <b>{ $cause }</b>, { $certainty }
status-cause-of = { $cause } ({ $subject })
status-no-cause = Картина не подходит ни к одному сбою, для которого есть сценарий.
status-several = { $part } ×{ $count }
status-fine = { $condition } В порядке: { $parts }
status-run-none = Восстановление не идёт.
status-run-current = { $run } · { $title }: { $phase }
status-backlog = { $count ->
    [one] { $count } сообщение ждёт Telegram.
    [few] { $count } сообщения ждут Telegram.
   *[other] { $count } сообщений ждут Telegram.
}
status-place-silent = { $place }: { $why }
status-refresh = Обновить
status-picture = За 24 часа
status-recover = Восстановить: { $title }
status-back = Назад

topic-units = Службы
topic-database = База
topic-queue = Очередь
topic-payments = Платежи
topic-providers = Провайдеры
topic-backups = Копии
topic-machine = Сервер
details-title = <b>{ $topic }</b>, { $at }
details-nothing = При этих настройках здесь нечего проверять.

health-line = { $condition } <b>{ $what }</b>
health-line-since = { $condition } <b>{ $what }</b>, с { $since }
health-subject = { $part } { $subject }
health-place = { $place ->
    [folder] (папка)
    [s3] (S3)
   *[other] ({ $place })
}
health-evidence = { $what }: {""}
health-bullet = · {""}
health-more = · и ещё { $count }

condition-mark-up = 🟢
condition-up = 🟢 работает
condition-degraded = 🟠 с перебоями
condition-down = 🔴 не работает
condition-unknown = ⚪ не известно

measure-uptime-seconds = уже { $value }
measure-restarts = { $value ->
    [one] { $value } перезапуск
    [few] { $value } перезапуска
   *[other] { $value } перезапусков
}
measure-memory-bytes = память { $value }
measure-pending-updates = { $value ->
    [one] ждёт { $value } обновление
    [few] ждут { $value } обновления
   *[other] ждут { $value } обновлений
}
measure-size-bytes = { $value }
measure-wal-bytes = ещё не слито (WAL): { $value }
measure-age-seconds = { $part ->
    [database] последняя запись { $value } назад
    [payments] последний успешный { $value } назад
    [backups] новейшей { $value }
    [itself] последнее сообщение доставлено { $value } назад
   *[other] { $value } назад
}
measure-free-bytes = свободно { $value }
measure-free-percent = свободно { $value } %
measure-imbalances = { $value ->
    [0] балансы сходятся с журналом операций
    [one] не сходится { $value } баланс
    [few] не сходятся { $value } баланса
   *[other] не сходятся { $value } балансов
}
measure-backups = { $value ->
    [one] { $value } копия
    [few] { $value } копии
   *[other] { $value } копий
}
measure-keys = { $value ->
    [one] { $value } ключ
    [few] { $value } ключа
   *[other] { $value } ключей
}
measure-depth = ждут { $value }
measure-oldest-seconds = дольше всех { $value }
measure-failed = с ошибкой { $value }
measure-failed-lately = из них за последний час { $value }
measure-abandoned = без своего воркера { $value }
measure-workers = { $value ->
    [one] { $value } воркер
    [few] { $value } воркера
   *[other] { $value } воркеров
}
measure-succeeded = успешно { $value }
measure-success-percent = успех { $value } %
measure-pending = не завершено { $value }
measure-error-lines = { $value ->
    [one] { $value } ошибка
    [few] { $value } ошибки
   *[other] { $value } ошибок
} за 5 мин
measure-days-left = { $value ->
    [one] остался { $value } день
    [few] осталось { $value } дня
   *[other] осталось { $value } дней
}
measure-skew-millis = расхождение { $value } мс
measure-backlog = { $value ->
    [one] ждёт { $value } сообщение
    [few] ждут { $value } сообщения
   *[other] ждут { $value } сообщений
}
measure-latency-millis = ответ за { $value } мс
measure-looked-seconds = смотрели { $value } назад
measure-checked-seconds = { $part ->
    [backups] проверена { $value } назад
   *[other] проверено { $value } назад
}
