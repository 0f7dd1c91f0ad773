runbook-database-corruption = Повреждена база данных
    .does = Откладывает повреждённую базу в сторону и возвращает REI на проверенную копию.
symptom-integrity-check-fails = проверка целостности SQLite находит ошибки
symptom-database-queries-crash = REI падает на запросах к базе
symptom-inconsistent-data = данные противоречат друг другу

step-fetch-backup = Загрузить копию и проверить её
    .does = Копия загружается рядом с базой и проверяется. REI не затрагивается.
step-discard-staged = Удалить загруженную копию
    .does = Загруженный файл удаляется. Сама резервная копия остаётся на месте.
step-stop-units = Остановить REI
    .does = Останавливаются { $units }. С этого момента пользователи не получают ответов.
step-start-units = Запустить REI
    .does = Запускаются { $units }; программа смотрит, что они работают.
step-prove-database-closed = Доказать, что базу никто не держит
    .does = Просматриваются открытые файлы всех процессов.
step-quarantine-database = Отложить старую базу
    .does = База вместе с сопутствующими файлами переносится в { $quarantine }. Ничего не удаляется.
step-return-database = Вернуть старую базу
    .does = Старая база с сопутствующими файлами возвращается на место.
step-install-database = Поставить базу из копии
    .does = Проверенная база становится на место { $database } с владельцем и правами старой.
step-verify-database = Проверить базу на месте
    .does = Проверяется, что база полна и согласованна, прежде чем её кто-либо откроет.
step-watch-units = Понаблюдать за REI
    .does = { $period } наблюдения за службами и журналом: ни перезапусков, ни ошибок базы.
step-verify-bot = Убедиться, что бот REI отвечает
    .does = Telegram подтверждает, что токен REI действует.
step-send-test-message = Отправить пробное сообщение от REI
    .does = Запросившему отправляется одно сообщение.

# Состояние REI по тому, что запуск успел сделать.
patient-untouched = Запуск не тронул REI: службы и база такие же, как были.
patient-stopping = Службы REI останавливаются или остановлены частично. База лежит на своём месте.
patient-stopped = Службы REI остановлены. База лежит на своём месте.
patient-moving = Службы REI остановлены. Старую базу откладывали: её файлы лежат на месте или в { $quarantine }. Ничего не удалено.
patient-aside = Службы REI остановлены. Старая база целиком лежит в { $quarantine }. На её месте базы нет.
patient-installing = Службы REI остановлены. Старая база лежит в { $quarantine }. Стоит ли на её месте база из копии, точно неизвестно.
patient-installed = Службы REI остановлены. На месте стоит база из копии. Старая лежит в { $quarantine }.
patient-starting = На месте стоит база из копии. Службы REI запускаются или работают не все. Старая база лежит в { $quarantine }.
patient-running = Службы REI запущены на базе из копии. Старая база лежит в { $quarantine }.

# Что оставил выполненный шаг.
facts-staged = { $bytes }, { $proof ->
    [record] доказано записью о проверке от { $verified }
   *[full] полная проверка за { $took }
}
facts-closed = { $processes ->
    [one] просмотрен { $processes } процесс
    [few] просмотрено { $processes } процесса
   *[other] просмотрено { $processes } процессов
}
facts-quarantined = { $files ->
    [one] отложен { $files } файл
    [few] отложено { $files } файла
   *[other] отложено { $files } файлов
}
facts-returned = { $files ->
    [one] возвращён { $files } файл
    [few] возвращено { $files } файла
   *[other] возвращено { $files } файлов
}
facts-installed = { $bytes }
facts-verified = проверена за { $took }
facts-watched = { $lines ->
    [0] в журнале ничего нового
    [one] { $lines } новая строка журнала, ошибок нет
    [few] { $lines } новые строки журнала, ошибок нет
   *[other] { $lines } новых строк журнала, ошибок нет
}
facts-bot-answered = @{ $username } отвечает
facts-not-applicable = { $reason }

reason-confirmed-by-person = подтверждено человеком
reason-no-rei-token = не выполнялось: REI_BOT_TOKEN не задан
reason-requester-at-console = не выполнялось: запуск запрошен с консоли
reason-telegram-unreachable = не выполнялось: Telegram недоступен; проверьте сами, отвечает ли REI

gate-swap = замена базы на копию
