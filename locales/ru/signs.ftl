part-unit = Служба
part-bot = Бот в Telegram
part-database = База
part-ledger = Журнал операций
part-backups = Копии
part-redis = Redis
part-queue = Очередь
part-jobs = Задания
part-payments = Платежи
part-yookassa = ЮKassa
part-provider = AI-сервис
part-log = Журнал
part-disk = Диск
part-certificate = Сертификат
part-clock = Часы
part-itself = Эта программа

# Что видно. Перед этим или над этим стоит, о какой части речь.
sign-silent = нет ответа за { $seconds }
sign-failing = отвечает не так, как должно ({ $failure })

sign-unit-down = { $unit } не работает: { $state ->
    [inactive] остановлена
    [failed] упала
    [not-found] такой службы нет
   *[other] { $state }
}
sign-unit-changing = { $unit } { $state ->
    [activating] запускается
    [deactivating] останавливается
   *[other] { $state }
}
sign-unit-restarting = { $unit }: за последние минуты { $restarts ->
    [one] { $restarts } перезапуск
    [few] { $restarts } перезапуска
   *[other] { $restarts } перезапусков
}

sign-bot-refused = Telegram не принимает токен REI
sign-bot-unreachable = Telegram отсюда недоступен
sign-webhook-error = Telegram не смог доставить REI обновление: { $cause }
sign-updates-pile-up = { $count ->
    [one] { $count } обновление ждёт
    [few] { $count } обновления ждут
   *[other] { $count } обновлений ждут
} REI

sign-database-missing = файла базы нет
sign-database-empty = файл базы пуст
sign-database-unreadable = SQLite не может прочитать файл
sign-database-damaged = проверка нашла повреждение: { $cause }
sign-database-locked = процесс держит базу заблокированной
sign-database-foreign = не хватает таблиц или столбцов: { $missing }
sign-wal-large = WAL вырос до { $size }: он не сливается с базой
sign-rows-gone = пропали строки { $table }: было { $was }, стало { $now }
sign-sqlite-old = Python у REI работает с SQLite { $version }, которая может терять записи; в 3.51.3 это исправлено

sign-ledger-off = { $count ->
    [one] { $count } баланс не сходится
    [few] { $count } баланса не сходятся
   *[other] { $count } балансов не сходятся
} с журналом операций

sign-backup-none = пригодных копий нет
sign-backup-old = последней копии { $age }, а RPO { $rpo }
sign-backup-shrunk = последняя копия занимает { $size }, прежние занимали { $usual }
sign-backup-bad = последняя копия не прошла проверку
sign-backup-unverified = копии давно не проверялись
sign-backup-place-gone = { $place ->
    [folder] папка копий недоступна или закрыта для нас
    [s3] S3 не отвечает или не даёт доступа
   *[other] { $place } не отвечает или не даёт доступа
}

sign-redis-refuses = по адресу Redis никто не отвечает
sign-redis-auth = Redis не принимает пароль
sign-redis-read-only = Redis не принимает записи: { $cause ->
    [replica] это реплика
    [disk] ему не удалось сохраниться на диск
   *[other] { $cause }
}
sign-redis-unsaved = Redis не смог сохранить данные: { $cause }
sign-redis-full = Redis занял { $percent } % отведённой памяти
sign-redis-loading = Redis читает данные после запуска
sign-redis-damaged = ключей не в том виде, в каком их пишет RQ: { $count }

sign-queue-stuck = задания ждут, и ни одно не берут: { $count }, первое уже { $age }
sign-queue-deep = заданий ждёт намного больше обычного: { $count }
sign-workers-gone = ни один исполнитель не подаёт признаков жизни
sign-queue-suspended = исполнители приостановлены (rq:suspended)
sign-jobs-abandoned = заданий, чей исполнитель пропал: { $count }
sign-jobs-lost = незавершённых заданий, которых нет в Redis: { $count }

sign-jobs-failing = { $provider }: за час не удалось { $failed } из { $ended }, успешны { $percent } %
sign-jobs-blame = { $provider }: { $count ->
    [one] { $count } неудача указывает
    [few] { $count } неудачи указывают
   *[other] { $count } неудач указывают
} на сам сервис

sign-payments-stuck = слишком долго не закрыто платежей: { $count }, старшему { $age }
sign-payments-none = платить пытаются ({ $count }), но успешных платежей нет { $age }

sign-service-down = { $service } не работает: { $said }
sign-service-degraded = { $service } работает с перебоями: { $said }
sign-service-refuses = { $service } не принимает наш ключ

sign-log-errors = в журнале недавно { $count ->
    [one] { $count } ошибка
    [few] { $count } ошибки
   *[other] { $count } ошибок
}, последняя: { $last }
sign-log-database = в журнале ошибки базы: { $last }

sign-disk-low = в { $path } свободно { $free } ({ $percent } %)
sign-disk-full = в { $path } свободно всего { $free } ({ $percent } %): работать негде
sign-disk-read-only = { $path } не принимает записи

sign-certificate-ending = сертификат { $host } истекает через { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
}
sign-certificate-ended = сертификат { $host } истёк
sign-clock-skew = часы расходятся на { $skew }

sign-outbox-waits = { $count ->
    [one] { $count } сообщение ждёт
    [few] { $count } сообщения ждут
   *[other] { $count } сообщений ждут
} Telegram
sign-worker-gone = запуски никто не выполняет
