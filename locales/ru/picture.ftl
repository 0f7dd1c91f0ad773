picture-title = REI за последние сутки
picture-period = { $from } – { $until }, { $zone }
picture-nothing-yet = За это время никто не смотрел.
picture-others = { $count ->
    [one] Ещё { $count }: весь день в порядке
    [few] Ещё { $count }: весь день в порядке
   *[other] Ещё { $count }: весь день в порядке
}
picture-available = доступно
picture-now = сейчас
picture-queue = В очереди
picture-success = Успешных заданий
picture-up = работает
picture-degraded = с перебоями
picture-down = не работает
picture-unknown = неизвестно
picture-unseen = нет данных

picture-part-unit = Службы
picture-part-bot = Бот
picture-part-database = База
picture-part-ledger = Журнал операций
picture-part-backups = Копии
picture-part-redis = Redis
picture-part-queue = Очередь
picture-part-jobs = Задания
picture-part-payments = Платежи
picture-part-yookassa = ЮKassa
picture-part-provider = AI-сервисы
picture-part-log = Журнал
picture-part-disk = Диск
picture-part-certificate = Сертификаты
picture-part-clock = Часы
picture-part-itself = Эта программа
