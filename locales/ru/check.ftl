check-ok = в порядке
check-warning = внимание
check-failed = ОШИБКА

check-silent = Нет ответа в течение { $seconds }.
    .hint = Посмотрите, не завис ли этот сервис или путь к нему, и снова запустите `rei-recovery check`.

check-settings-ok = Все настройки читаются.

check-runbooks-ok = { $count ->
    [one] Действует { $count } запись
    [few] Действуют { $count } записи
   *[other] Действуют { $count } записей
} с учётом того, что задано в { $folder }.
check-runbooks-built-in = { $count ->
    [one] Действует { $count } встроенная запись
    [few] Действуют { $count } встроенные записи
   *[other] Действуют { $count } встроенных записей
} ({ $folder }).
check-runbooks-broken = Файл в { $folder } нельзя использовать: { $cause }
    .hint = Исправьте этот файл или уберите его из { $folder }; `rei-recovery runbook validate { $folder }` перечислит все ошибки в сценариях.

check-state-ok = В { $path } можно писать; свободно { $free }.
check-state-new = Папки { $path } ещё нет, и её можно создать; свободно { $free }.
check-state-full = В { $path } можно писать, но свободно лишь { $free }: журналу аудита мало места.
    .hint = Освободите место в файловой системе { $path } или укажите в STATE_DIR другую.
check-state-mend = Отдайте папку службе: `install -d -m 700 -o { $user } { $path }`, или запустите команду от имени её владельца.
check-state-open = { $path } может прочитать любой пользователь этой машины (права { $mode }), а в { $folder } лежат журнал аудита и имена людей.
    .hint = Выполните `chmod 700 { $folder }`.
check-key-open = { $path } может прочитать не только владелец (права { $mode }): у кого этот ключ, тот подделает печать журнала аудита.
    .hint = Выполните `chmod 600 { $path }`.
check-secret-open = { $path } с секретами этой программы может прочитать любой пользователь этой машины (права { $mode }).
    .hint = Выполните `chmod 640 { $path }`, отдав файл группе службы, и смените токены и ключи, которые в нём лежат.
check-secret-ok = Файлы с секретами закрыты от посторонних.
check-state-db-ok = { $path } в порядке.
check-state-db-new = { $path } появится при первом запуске.
check-state-db-newer = { $path } записан более новой версией этой программы.
    .hint = Верните ту версию: эта его не прочитает.
check-state-db-damaged = { $path } повреждён.
    .hint = Поставьте на место последнюю копию: `rei-recoveryctl state restore latest`. Повреждённый файл сохранится.
check-state-db-closed = { $path } не открывается.
    .hint = Отдайте { $path } и его папку пользователю службы (`chown -R`) или запустите команду от его имени.
check-instance-runs = Программа уже работает: pid { $pid }, с { $since }.
check-instance-unnamed = Программа уже работает; своего имени она ещё не оставила.
check-instance-none = Другой экземпляр не работает.
check-instance-closed = Неизвестно, работает ли другой экземпляр: instance.lock не читается.
    .hint = Запустите команду от имени пользователя службы или root.

check-unit-down = Причину покажет `journalctl -u { $unit }`; запустите его командой `systemctl start { $unit }` или через /recover.
check-unit-unknown-mend = Укажите в REI_UNITS и REDIS_UNIT имена из `systemctl list-units --type=service`; { $unit } среди них нет.
check-manager-mend = На машине с systemd откройте этой программе /run/dbus/system_bus_socket; на других задайте UNIT_MANAGER=command и три UNIT_…_COMMAND. О { $unit } спросить не удалось.
check-rights-ok = Эта программа может его запускать и останавливать.
check-polkit-mend = От root, при установленном polkit (`apt-get install polkitd`): `rei-recovery deploy print-polkit --user { $user } > /etc/polkit-1/rules.d/50-rei-recovery.rules`, с настройками службы (--env-file). Действует сразу.
check-program-ok = { $path } можно запустить.
check-command-missing = В { $setting } названа программа { $program }, которой нет или которую нельзя запустить.
    .hint = Установите { $program } или запишите в { $setting } полный путь к ней.
check-program-missing = Сценарий запускает { $program }, а такой программы нет или её нельзя запустить.
    .hint = Установите { $program } (для pip3 в Debian: `apt-get install python3-pip`) или измените шаг run-program сценария в RUNBOOK_DIR.
check-function-ok = { $function }: её модуль — { $path }.
check-function-missing = { $function }: файла { $path } нет.
    .hint = Укажите в RQ_JOB_FUNCTION функцию, которую называют задания REI, если только её модуль не установлен в другом месте.

check-database-ok = { $path } открывается: { $size }; рядом свободно { $free }.
check-database-missing-mend = Укажите в REI_HOME и REI_DB, где лежит база REI. Если { $path } — верный путь, а файл потерян, его вернёт /recover.
check-read-mend = Разрешите пользователю этой программы читать { $path } (через группу или `setfacl`) или запускайте её от root.
check-schema-ok = Все таблицы и столбцы на месте.
check-schema-missing = В базе REI не хватает: { $missing }
    .hint = Укажите настоящие имена в schema.toml в папке RUNBOOK_DIR.
check-holders-ok = { $count ->
    [one] Видны открытые файлы { $count } процесса.
   *[other] Видны открытые файлы всех { $count } процессов.
}
check-holders-mend = Запускайте программу от root или дайте её юниту AmbientCapabilities=CAP_SYS_PTRACE CAP_DAC_READ_SEARCH.

check-place-ok = В { $path } можно класть новые файлы с владельцем и правами тех, что они заменят.
check-write-mend = Дайте { $user } право писать в { $path } (`setfacl -m u:{ $user }:rwx { $path }`) или запускайте программу от root.
check-owner-mend = Запускайте программу от root или от владельца файлов REI либо дайте её юниту AmbientCapabilities=CAP_CHOWN CAP_FOWNER: то, что она кладёт в { $path }, не должно принадлежать { $user }.
check-full-mend = Освободите место в файловой системе { $path }: { $user } не смог записать там и одной страницы.
check-folder-mend = Укажите в REI_HOME и REI_DB, где установлен REI, и проверьте, что { $path } — папка, в которую { $user } может писать.
check-log-ok = { $path } читается.
check-log-mend = Укажите в REI_LOG журнал REI, если это не { $path }.

check-switch-ok = { $key }={ $value } стоит в { $path } один раз.
check-switch-missing = В { $path } нет строки { $key }.
    .hint = Добавьте в { $path } строку `{ $key }={ $value }` и проверьте, что REI её читает: иначе переключение ничего не изменит.
check-switch-double-mend = Оставьте в { $path } одну строку { $key }, например `{ $key }={ $value }`.
check-switch-value-mend = Запишите в { $path } простое логическое значение, например `{ $key }={ $value }`.
check-switch-file-mend = Укажите в REI_HOME папку, где установлен REI: там должен быть { $path } со строкой `{ $key }={ $value }`.

check-backups-ok = { $count ->
    [one] { $count } копия
    [few] { $count } копии
   *[other] { $count } копий
}, последняя — { $newest }, ей { $age }.
check-backups-old = { $count ->
    [one] { $count } копия
    [few] { $count } копии
   *[other] { $count } копий
}, но последней, { $newest }, уже { $age }: больше, чем допускает RPO ({ $rpo }).
    .hint = Выясните, почему задание резервного копирования больше не работает, или задайте RPO, о котором договорились.
check-backups-none = Ни в одном ответившем месте нет пригодной копии.
    .hint = Укажите в BACKUP_DIR или в S3_BUCKET и S3_PREFIX, где лежат копии REI (db_YYYYMMDD_HHMMSS.db.gz); если их нет, сделайте копию сейчас.
check-backups-unknown = Ни одно место не дало списка копий, и есть ли они, неизвестно.
    .hint = Сначала исправьте места, названные выше.
check-place-list = { $place }: в списке { $count ->
    [one] { $count } копия
    [few] { $count } копии
   *[other] { $count } копий
}.
check-backup-read = { $backup } читается.
check-place-put = { $place } принимает записи о проверках.
check-put-mend = Чтобы доказательство проверки лежало рядом с копией, разрешите запись в { $place } (S3: s3:PutObject и s3:DeleteObject). Без этого оно хранится только в state.db.
check-room-ok = Восстановление последней копии займёт { $needed } рядом с { $path }; свободно { $free }. Размер взят из её записи или оценён по её последним байтам.
check-room-short = Восстановление последней копии займёт { $needed } рядом с { $path }, а свободно лишь { $free }. Размер взят из её записи или оценён по её последним байтам.
    .hint = Освободите место в файловой системе { $path } или перенесите папку REI на больший диск: пока места не хватает, восстановление не начнётся.
check-backup-dir-mend = Укажите в BACKUP_DIR папку с копиями REI: { $place } нет.
check-backup-dir-read-mend = Разрешите пользователю этой программы читать { $place } (`setfacl -m u:ПОЛЬЗОВАТЕЛЬ:rx`) или запускайте её от root.
check-s3-bucket-mend = Укажите в S3_BUCKET существующее хранилище этой учётной записи: { $place } нет. Если это не AWS, задайте и S3_ENDPOINT_URL.
check-s3-clock-mend = Поставьте верное время на этой машине (`timedatectl set-ntp true`): { $place } отвергает подписи с другим временем.
check-s3-region-mend = Укажите в AWS_REGION регион, в котором находится { $place }.
check-s3-secret-mend = Укажите в AWS_SECRET_ACCESS_KEY секрет, который принадлежит AWS_ACCESS_KEY_ID: { $place } считает подпись неверной.
check-s3-key-mend = Укажите в AWS_ACCESS_KEY_ID и AWS_SECRET_ACCESS_KEY (а для временных ключей и в AWS_SESSION_TOKEN) действующие ключи: этих { $place } не знает.
check-s3-policy-mend = Разрешите ключу s3:ListBucket, s3:GetObject и s3:PutObject для { $place } или задайте другие ключи в AWS_ACCESS_KEY_ID и AWS_SECRET_ACCESS_KEY.
check-s3-silent-mend = Проверьте S3_ENDPOINT_URL, разрешение имён и сетевой экран: { $place } не отвечает.

check-redis-ok = Redis { $version } ({ $role }) принимает запись; { $count ->
    [one] { $count } ключ.
    [few] { $count } ключа.
   *[other] { $count } ключей.
}
check-redis-url = REDIS_URL не годится: { $cause }
    .hint = Запишите его так: redis://[пользователь:пароль@]узел:порт/номер, а для TLS — rediss://.
check-redis-password-mend = Запишите пароль от { $server } в REDIS_URL: redis://:ПАРОЛЬ@узел:порт/0 (для пользователя ACL: redis://ИМЯ:ПАРОЛЬ@…).
check-redis-replica-mend = Направьте REDIS_URL на главный сервер: { $server } — реплика и не принимает запись ({ $reason }).
check-redis-down-mend = Запустите Redis или укажите в REDIS_URL, где он: по адресу { $server } никто не отвечает.
check-queue-ok = { $workers ->
    [one] Всего { $workers } воркер
    [few] Всего { $workers } воркера
   *[other] Всего { $workers } воркеров
} (RQ { $versions }); { $queue } обслуживается. Очереди, известные Redis: { $known }.
check-queue-idle = Очередь { $queue } никто не обслуживает. { $workers ->
    [one] Всего { $workers } воркер
    [few] Всего { $workers } воркера
   *[other] Всего { $workers } воркеров
} (RQ { $versions }); очереди, известные Redis: { $known }.
    .hint = Если имя неверно, укажите в RQ_QUEUES настоящее имя очереди { $queue }; иначе запустите воркеры REI.

check-yookassa-ok = YooKassa принимает ключи: { $shop }.
check-yookassa-off = YOOKASSA_SHOP_ID и YOOKASSA_SECRET_KEY не заданы: платежи не сверяются с YooKassa.
check-yookassa-mend = Возьмите номер магазина и действующий секретный ключ из личного кабинета YooKassa и укажите их в YOOKASSA_SHOP_ID и YOOKASSA_SECRET_KEY.
check-page-ok = Страница состояния YooKassa отвечает: { $condition } ({ $said }).
check-page-odd = Со страницы состояния YooKassa нельзя ничего понять: { $condition } ({ $said }).
    .hint = Откройте YOOKASSA_STATUS_URL в браузере и исправьте адрес, если это другая страница.
check-key-ok = Ключ принимают.
check-key-off = Ключ для { $service } не задан ({ $settings }): его не опрашивают.
    .hint = Задайте { $settings } для { $service }.
check-key-mend = Задайте действующий ключ для { $service } и проверьте, что часы этой машины идут верно.

check-admin-ok = ADMIN_BOT_TOKEN принадлежит @{ $bot }.
check-token-refused = Telegram не знает токена из { $setting } (спросили { $server }; { $cause }).
    .hint = Возьмите токен у @BotFather (/mybots → API Token) и укажите его в { $setting }.
check-telegram-silent = { $server } не ответил на вопрос с токеном из { $setting }: { $cause }
    .hint = Проверьте TELEGRAM_API_URL, разрешение имён и сетевой экран на пути к { $server }.
check-team-ok = @{ $bot } может писать в «{ $title }» ({ $chat }).
check-team-mute = @{ $bot } не может писать в «{ $title }» ({ $chat }).
    .hint = Разрешите @{ $bot } отправлять сообщения в «{ $title }», лучше как администратору.
check-team-privacy = @{ $bot } может писать в «{ $title }» ({ $chat }), но из-за режима приватности не видит набранных ответов.
    .hint = Сделайте @{ $bot } администратором «{ $title }» или отключите режим приватности у @BotFather (/setprivacy) и добавьте бота в группу заново.
check-team-private = AUDIT_CHAT_ID { $chat } — личный чат ({ $title }), а не группа: команда там ничего не прочтёт, и @{ $bot } больше никого не спросит.
    .hint = Создайте группу команды, добавьте @{ $bot } и укажите в AUDIT_CHAT_ID её номер: он отрицательный.
check-team-channel = AUDIT_CHAT_ID { $chat } — канал «{ $title }», а не группа: там @{ $bot } никого не спросит.
    .hint = Создайте группу команды, добавьте @{ $bot } и укажите в AUDIT_CHAT_ID её номер.
check-team-unknown = Telegram не знает чата { $chat } для @{ $bot } ({ $cause }).
    .hint = Добавьте @{ $bot } в группу команды и укажите в AUDIT_CHAT_ID её номер.
check-team-absent = @{ $bot } не состоит в группе команды { $chat } ({ $cause }).
    .hint = Добавьте @{ $bot } в группу, лучше администратором.
check-team-unreachable = Telegram не показал @{ $bot } группу команды { $chat }: { $cause }
    .hint = Проверьте AUDIT_CHAT_ID и TELEGRAM_API_URL и что бот состоит в группе.
check-team-moved = Группа команды стала супергруппой: теперь её номер { $to }.
    .hint = Задайте AUDIT_CHAT_ID={ $to }.
check-approvers-ok = Все, кто одобряет, состоят в группе команды.
check-approvers-missing = Не состоят в группе команды, где появляются запросы: { $people }
    .hint = Добавьте их в группу или уберите из APPROVER_IDS: { $people }
check-admins-ok = Все администраторы запустили бота.
check-admins-missing = Бот не может написать этим людям: { $people }
    .hint = Попросите их открыть бота и нажать «Старт»: { $people }
check-rei-ok = Токен REI принадлежит другому боту, @{ $bot }.
check-rei-same = REI_BOT_TOKEN и ADMIN_BOT_TOKEN — один и тот же бот @{ $bot }: программы отбирали бы друг у друга обновления.
    .hint = Создайте у @BotFather отдельного бота для команды и укажите в ADMIN_BOT_TOKEN его токен, а не токен @{ $bot }.
check-rei-absent = REI_BOT_TOKEN не задан: уведомления и проверка отправки выключены.
    .hint = Задайте в REI_BOT_TOKEN собственный токен REI Bot.

check-clock-ok = Часы этой машины и { $server } расходятся: { $apart } ({ $way ->
    [behind] отстают эти
   *[ahead] спешат эти
}).
check-clock-wrong = Часы этой машины { $way ->
    [behind] отстают от
   *[ahead] спешат против
} { $server } на { $apart }: начиная с пяти минут S3 и Kling отвергают то, что по ним подписано.
    .hint = Поставьте верное время: `timedatectl set-ntp true`, затем `timedatectl` покажет, синхронизированы ли часы.
check-clock-unknown = Ни один сервер не сообщил времени, и верны ли часы, неизвестно.
    .hint = Посмотрите `timedatectl`.
check-zone-ok = { $zone }: сейчас { $now }.

check-http-off = HTTP_LISTEN не задан: ничего не публикуется.
check-http-ok = { $address } свободен.
check-http-own = { $address } занят работающей программой.
check-http-taken = { $address } занять нельзя: { $cause }
    .hint = Укажите в HTTP_LISTEN адрес и порт этой машины, которых никто не занял (кто занял, покажет `ss -ltnp`), а не { $address }.
