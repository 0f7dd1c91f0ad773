runbook-data-loss = Потерян сервер или данные
    .does = Поднимает REI на этом сервере из новейшей проверяемой копии.
runbook-redis-failure = Отказ Redis
    .does = Перезапускает Redis, очищает его, если данные повреждены, и собирает очередь заново из базы.
runbook-redis-flush = Очистить Redis и собрать очередь заново
    .does = Если перезапуск Redis не помог: всё в нём удаляется, очередь собирается из базы.
runbook-payment-outage = Сбой платёжного сервиса
    .does = Переводит оплату на ручной приём, пока ЮKassa не работает, а затем сверяет с ней каждый платёж.
runbook-ai-outage = Сбой AI-сервиса
    .does = Переключает на запасные сервисы и возвращает неудавшиеся задания в очередь.
runbook-retry-failed = Повторить неудавшиеся задания
    .does = Возвращает неудавшиеся задания в очередь.
runbook-rebuild-queue = Собрать очередь заново
    .does = Создаёт задание для каждой незавершённой строки, которой нет в очереди.
runbook-payments-sync = Сверить платежи
    .does = Сверяет платежи REI с ЮKassa и один раз зачисляет оплаченное.

symptom-local-data-lost = потеряны все локальные данные
symptom-server-failure = отказал сервер
symptom-disk-failure = отказал диск
symptom-jobs-not-processing = задания не выполняются
symptom-rate-limiting-off = не работает ограничение частоты
symptom-redis-connection-errors = ошибки соединения с Redis
symptom-queue-stuck-after-restart = после перезапуска Redis задания всё равно не выполняются
symptom-webhook-failures = сбоят вебхуки ЮKassa
symptom-payment-errors = платежи завершаются ошибкой
symptom-payment-complaints = пользователи жалуются на оплату
symptom-job-failures = задания не удаются
symptom-timeouts = задания не укладываются во время
symptom-provider-errors = API сервиса отвечает ошибками

step-restart-units = Перезапустить службы
    .does = Останавливаются и запускаются { $units }; программа смотрит, что они работают.
step-restart-redis = Перезапустить Redis
step-restart-workers = Перезапустить исполнителей
step-start-redis = Запустить Redis
step-check-redis = Посмотреть на Redis
    .does = Redis спрашивают о его состоянии. Ничего не меняется.
step-ping-redis = Дождаться, пока Redis принимает записи
    .does = Опрос длится не дольше { $period }: Redis должен ответить и принять запись.
step-inspect-redis = Просмотреть данные в Redis
    .does = Проверяется, такие ли данные, какими их хранит RQ, и что потеряется при очистке.
step-flush-redis = Очистить Redis
    .does = Удаляются { $scope ->
        [server] все ключи всех баз этого сервера Redis
       *[database] все ключи базы REI в Redis
    }. Задания, у которых есть строка в базе данных, вернутся при сборке очереди; остальное пропадёт.
step-rebuild-queue = Собрать очередь заново из базы
    .does = Для каждой незавершённой строки, которой нет в очереди, создаётся одно задание, начиная со старых.
step-verify-queue = Убедиться, что очередь движется
    .does = Не дольше { $period } наблюдения: берут ли исполнители задания.
step-retry-jobs = Вернуть неудавшиеся задания в очередь
    .does = { $last ->
        [all] Возвращаются все неудавшиеся задания
       *[other] Возвращаются задания, не удавшиеся за последние { $last }
    }, кроме остановленных человеком, возмещённых и тех, что сервис уже выполнил.
step-watch-jobs = Понаблюдать, сколько заданий удаётся
    .does = { $period } подсчёта, чем заканчиваются задания{ $threshold ->
        [0] {"."}
       *[other] ; удаться должно не меньше { $threshold } %.
    }
step-probe-payments = Спросить, как дела у ЮKassa
    .does = Опрашиваются страница состояния и API. Ничего не меняется.
step-await-payments = Дождаться возвращения ЮKassa
    .does = Опрос длится не дольше { $period }, затем спросят вас.
step-list-payments = Посчитать незакрытые платежи
    .does = Считает незавершённые платежи по возрасту и сумме.
step-sync-payments = Сверить платежи с ЮKassa
    .does = Каждый оплаченный платёж зачисляется один раз, отменённые закрываются. Что требует человека, будет в списке.
step-probe-providers = Спросить, как дела у AI-сервисов
    .does = Опрашивается каждый сервис. Ничего не меняется.
step-await-providers = Дождаться возвращения AI-сервисов
    .does = Опрос длится не дольше { $period }, затем спросят вас.
step-set-switch = Изменить настройку REI
    .does = В { $file } ставится { $key } = { $value }, затем перезапускаются { $units }. Остальные строки файла не меняются, копия сохраняется.
step-manual-payments-on = Принимать оплату вручную
step-manual-payments-off = Снова принимать оплату автоматически
step-fallback-on = Переключить на запасные сервисы
step-fallback-off = Вернуть основные сервисы
step-notify-users = Сообщить пользователям
    .does = Сообщение от имени REI один раз получат { $audience ->
        [open-payments] пользователи с незакрытым платежом
        [settled-payments] пользователи, чей платёж закрыл этот запуск
       *[troubled-jobs] пользователи, чьё задание ждёт или не удалось
    }: «{ $notice }»
step-tell-payments-delayed = Сообщить о задержке платежей
step-tell-payments-settled = Сообщить, что платёж обработан
step-tell-jobs-delayed = Сообщить о задержках
step-run-program = Запустить программу
    .does = Запускается «{ $command }» в { $home } от владельца этой папки.
step-install-dependencies = Установить зависимости REI
step-unpack-files = Распаковать сохранённые файлы
    .does = Файлы, сохранённые рядом с копией, распаковываются в { $home }. Заменённые ими остаются в { $quarantine }.
step-prepare-settings = Проверить, что настройки REI полны
    .does = Если .env нет, он создаётся из .env.example; недостающее называется. Секреты через чат не передаются.
step-verify-balance = Проверить баланс запросившего
    .does = Баланс сравнивается с суммой журнала операций.
step-verify-webhook = Посмотреть на вебхук REI
    .does = Telegram спрашивают, доходят ли до REI обновления. Ничего не меняется.
step-reconcile = Сверить записи с действительностью
    .does = Сверяются задания с очередью, платежи с ЮKassa, балансы с журналом операций; различия будут в списке.

patient-partly = С REI сделано то, что говорят выполненные шаги; прерванный или неудавшийся шаг мог быть выполнен наполовину. Остальное — как было.

facts-redis-up = Redis { $version }, { $role ->
    [master] главный
    [replica] реплика
   *[sentinel] Sentinel
}, ключей: { $keys }, { $memory }{ $persistence ->
    [ok] {""}
   *[failed] , последнее сохранение на диск не удалось
}
facts-redis-inspected = { $damaged ->
    [0] данные в порядке
   *[other] повреждено ключей: { $damaged }
}; при очистке пропадёт: { $families }{ $unknown ->
    [0] {""}
   *[other] ; из них заданий, которых нет в базе: { $unknown }
}
facts-family = { $family } { $count }
facts-no-keys = ничего
facts-flushed = удалено ключей: { $keys }
facts-rebuilt = создано заданий: { $added }, уже были: { $present }
facts-queue-moves = исполнителей: { $workers }, взято за это время: { $taken }, ждут: { $waiting }
facts-retried = возвращено заданий: { $requeued }{ $made ->
    [0] {""}
   *[other] , создано заново из базы: { $made }
}{ $left ->
    [0] {""}
   *[other] ; оставлено: { $left } (у сервиса готовы или в работе: { $finished }, остановлены человеком: { $stopped }, выполнены или возмещены: { $settled }, истекли: { $expired })
}{ $unproved ->
    [0] {""}
   *[other] ; о скольких сервис не удалось спросить: { $unproved }
}
facts-tally = { $provider }: удалось { $completed }, не удалось { $failed }, не завершено { $open }
facts-no-jobs = за это время не записано ни одного задания
facts-reading = { $service }: { $condition ->
    [up] работает
    [degraded] с перебоями
    [down] не работает
   *[unknown] неизвестно
}{ $said ->
    [none] {""}
   *[other] {" "}({ $said })
}
facts-pending = { $count ->
    [0] незакрытых платежей нет
   *[other] незакрытых платежей: { $count }, пользователей: { $users }, { $sums }; младше часа: { $hour }, младше суток: { $day }, старше: { $older }
}
facts-synced = сверено: { $looked }; зачислено сейчас: { $credited } (кредитов: { $credits }); за это время зачислил сам REI: { $already }; закрыто или обновлено: { $updated }{ $open ->
    [0] {""}
   *[other] ; требуют человека: { $open }
}
facts-synced-open = { $id }: { $deed }
facts-switched = { $was ->
    [same] и так стояло верно
   *[changed] изменена строка { $line }, копия сохранена
}
facts-noticed = отправлено: { $sent }, недоступны: { $blocked }, отказов: { $failed }, неясно: { $ambiguous }
facts-ran = завершилась успешно за { $took }
facts-unpacked = файлов: { $files }, { $bytes }; заменено: { $replaced }
facts-settings-ready = { $made ->
    [yes] .env создан из .env.example, всё заполнено
   *[no] всё заполнено
}
facts-balance = кредитов: { $balance }, как и по журналу операций
facts-webhook = { $set ->
    [yes] есть, ждут обновлений: { $pending }
   *[no] нет: REI сам запрашивает обновления, ждут: { $pending }
}{ $error ->
    [none] {""}
   *[other] ; последняя ошибка: { $error }
}
facts-reconciled-jobs = незавершённых строк без задания: { $missing ->
    [0] 0
   *[other] { $missing } (их создаст jobs rebuild)
}, заданий без строки: { $unknown }
facts-reconciled-payments = платежи расходятся: { $deeds } (см. /payments)
facts-reconciled-payments-none = платежи сходятся
facts-reconciled-balances = { $count ->
    [0] балансы сходятся с журналом операций
   *[other] балансов, не сходящихся с журналом: { $count }
}
facts-reconciled-unknown = { $part ->
    [jobs] задания
    [payments] платежи
    [balances] балансы
   *[other] { $part }
} сверить не удалось: { $failure }

deed-credit = оплачен, но не зачислен
deed-cancel = отменён у сервиса
deed-await-capture = оплачен, ждёт подтверждения
deed-nothing = сходится
deed-look-at-refund = деньги возвращены плательщику
deed-look-at-amount = сумма не та, что запрошена
deed-look-at-status = у REI оплачен, у сервиса нет
deed-look-at-claim = на него претендует больше одной строки REI
deed-orphan = оплачен, но у REI такого платежа нет
deed-unknown = сервису неизвестен

reason-requester-no-user = не выполнялось: запросивший не пользователь REI
reason-no-saved-files = не выполнялось: рядом с копией нет сохранённых файлов
reason-nobody-concerned = не выполнялось: никого не касается
reason-was-so-before = возвращать нечего: так было и раньше

gate-restart = перезапуск Redis и исполнителей
gate-flush = очистка Redis
gate-manual = ручной приём оплаты и сообщение пользователям
gate-automatic = возврат к автоматическому приёму оплаты
gate-fallback = запасные сервисы, повтор заданий и сообщение пользователям
gate-normal = возврат к основным сервисам
gate-rebuild = развёртывание REI из копии на этом сервере
gate-retry = возврат такого числа заданий в очередь

# Что читают пользователи REI, от имени самого REI.
notice-payments-delayed = Сейчас платежи проходят с задержкой. Если вы уже оплатили, платёж не потерян: он будет зачислен, как только платёжный сервис заработает. Пожалуйста, не платите второй раз.
notice-payments-settled = Спасибо за ожидание: ваш платёж обработан. Если что-то не так, напишите в поддержку.
notice-jobs-delayed = Сейчас картинки и видео создаются дольше обычного или могут не получиться. Мы уже занимаемся этим. Ваш заказ остаётся в очереди, отправлять его снова не нужно.
