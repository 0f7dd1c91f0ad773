# Учения: восстановление отрабатывается на копии REI.
command-drill = Отработать восстановление на копии
drill-choose = <b>Какой сбой отработать?</b>
drill-untouched = Рабочая система остаётся нетронутой: у учений своя копия, свой Redis, свои службы, вместо ЮKassa и AI-провайдеров — имитаторы. Ни один рабочий токен или ключ не передаётся.
drill-plan = <b>Учения · { $title }</b>
# { $scenario }: id сценария. { $bad }: yes, no.
drill-fails = { $scenario ->
    [database-corruption] Сбой: в bot.db копии портятся байты.
    [data-loss] Сбой: папка копии и её Redis удаляются; остаются код REI, его секреты и резервная копия.
    [redis-failure] Сбой: Redis убит, его данные испорчены.
    [payment-outage] Сбой: имитатор ЮKassa отвечает 503, пока люди платят, вебхуков нет.
   *[ai-outage] Сбой: имитатор Nano Banana отвечает 503, задания падают.
}{ $bad ->
    [yes] {" "}Резервная копия испорчена нарочно: восстановление должно её отвергнуть.
   *[no] {""}
}
drill-from = Из резервной копии от { $time }; она скачивается в папку учений.
drill-from-none = Годной резервной копии нет. Учения возьмут самую новую и покажут, что из этого выйдет.
drill-phases = Затем тот же сценарий, что и при аварии (шагов: { $steps }, подтверждения дают сами учения), проверка, что всё работает, и разбор здесь. Папка в конце удаляется.
# { $verdict }: pass, inconclusive, fail.
drill-last = Прошлые закончились { $at } через { $took }: { $verdict ->
    [pass] успешно.
    [inconclusive] ничего не доказано.
   *[fail] провал.
}
drill-last-none = Здесь этого ещё не отрабатывали.
drill-start-bad = Начать с испорченной копией
# { $at }: fetching, preparing, breaking, recovering, verifying.
drill-now = { $at ->
    [fetching] Подготовка: скачивается самая новая резервная копия.
    [preparing] Подготовка: разворачивается копия REI.
    [breaking] Выполнение: вызывается сбой.
    [recovering] Выполнение: шаг { $number } из { $of }, { $step }
   *[verifying] Проверка: всё ли работает?
}

# Разбор. { $verdict }: pass, inconclusive, fail. { $refused }: yes, missed, no.
drill-verdict = { $refused ->
    [yes] 🟢 Отвергнута, как и должно быть: испорченную копию восстановление не поставило и REI не тронуло.
    [missed] 🔴 Провал: на испорченной копии восстановление не остановилось.
   *[no] { $verdict ->
        [pass] 🟢 Успешно: копия восстановлена и работает, обещания выполнены.
        [inconclusive] 🟡 Ничего не доказано: часть проверить не удалось.
       *[fail] 🔴 Провал.
    }
}
drill-because = Причина: { $failure }
drill-backup = Восстановлено из: резервная копия от { $time }
drill-newest-row = Самая новая строка в ней: { $time }; по ней не судим, пользователи могли ничего не делать.
# { $kept }: yes, no.
drill-rto = Время восстановления: { $rto } вместе с проверкой; обещано (RTO): { $promised }{ $kept ->
    [yes] {""}
   *[no] {" "}— не выдержано
}. Ожидания отдельно: { $waited }.
drill-rto-none = Время восстановления: нет, не восстановлено. Обещано (RTO): { $promised }.
drill-rpo = Потеря данных: к началу учений резервной копии было { $rpo }; обещано (RPO): { $promised }{ $kept ->
    [yes] {""}
   *[no] {" "}— не выдержано
}.
drill-rpo-none = Потеря данных: это восстановление ничего из копии не берёт.
drill-prepared = Развёртывание копии заняло { $took }; в счёт не идёт.
drill-steps = Шаги
# { $state }: done, not-due, not-tried, failed, not-reached. { $timed }, { $waits }: yes, no.
drill-leg = { $number }. { $state ->
    [done] ✓
    [failed] ✗
    [not-tried] ○
   *[other] –
} { $step }{ $state ->
    [not-due] : не понадобилось
    [not-tried] : на учениях не проверить
    [not-reached] : не дошло
   *[other] {""}
}{ $timed ->
    [yes] : { $took }
   *[no] {""}
}{ $waits ->
    [yes] {" "}(и { $waited } ожидания)
   *[no] {""}
}
drill-looks = Всё ли работает?
drill-look = { $verdict ->
    [pass] ✓
    [inconclusive] ?
   *[fail] ✗
} { $function }: { $saw }
drill-function-units = Службы
drill-function-database = База данных
drill-function-rows = Данные пользователей
drill-function-ledger = Балансы
drill-function-redis = Очередь
drill-function-job = Новое задание
drill-function-payments = Платежи
drill-saw-units = работают { $up } из { $of }
drill-saw-database = целостность, внешние ключи и таблицы ({ $tables }) в порядке
drill-saw-rows = строк: { $rows }; в резервной копии было { $saved }
drill-saw-ledger = { $count ->
    [0] каждый равен сумме своего журнала
   *[other] не сходятся с журналом: { $count }
}
drill-saw-redis = Redis принимает записи; воркеров: { $workers }, заданий ждёт: { $waiting }
drill-saw-job = заказано и выполнено за { $took }
drill-saw-payments = { $right } из { $all } зачислены один раз, как говорит ЮKassa; вручную больше не принимают
drill-saw-no-queue = не смотрели: на этой машине не установлены Redis и RQ
drill-saw-other-tables = не смотрели: таблицы REI переименованы в schema.toml, а заглушки знают только обычные имена
drill-saw-not-counted = не посчитано: базу или резервную копию не удалось прочитать
drill-lessons = Что улучшить и что знать
drill-lesson-rto = • Восстановление шло на { $by } дольше обещанного. Ускорьте самый долгий шаг или обещайте выполнимое.
drill-lesson-rpo = • Резервная копия старше допустимого на { $by }. Делайте их чаще: BACKUP_SCHEDULE.
drill-lesson-stopped = • Остановилось на шаге «{ $step }». Почините это до настоящей аварии.
drill-lesson-broken = • { $function }: после восстановления не работает.
drill-lesson-unproved = • { $function }: проверить не удалось, так что ничего не известно.
drill-lesson-slowest = • Больше всего времени ({ $share } %, { $took }) ушло на шаг «{ $step }».
drill-lesson-not-tried = • Не проверено: «{ $step }». У учений нет ни токена REI, ни человека в чате REI.
drill-lesson-stood-in = • По-настоящему не запускалось: { $program }. Это изменило бы саму машину.
drill-next = Следующие учения: { $at }.
# { $measured }: yes, no.
drill-entry = Для истории сценария: { $at }, { $runbook } (версия { $version }), учения, { $verdict ->
    [pass] успешно
    [inconclusive] ничего не доказано
   *[fail] провал
}{ $measured ->
    [yes] , восстановлено за { $rto }
   *[no] {""}
}

cli-ask-drill = Провести эти учения сейчас?
error-no-drill = Учений «{ $given }» нет: неизвестно, какой сбой вызвать.
error-no-bad-backup = «{ $given }» не восстанавливает резервную копию, портить нечего.
failure-drill-broken = Учения не удалось довести до конца. Рабочая система не тронута. Копия удаляется в конце, а что не удалилось сразу — при запуске программы.
    .hint = Прочтите подробности и журнал этой программы, затем начните ещё раз.
failure-drill-unequipped = На этой машине нет того, что нужно учениям: { $missing }. Ничего не начато.
    .hint = Установите (в Debian: apt-get install { $missing }) и начните учения снова.
failure-drill-room = Для учений не хватает места в { $path }: может понадобиться { $needed }, свободно { $free }. Ничего не начато.
    .hint = Освободите место на диске с STATE_DIR и запустите учения снова.
failure-drill-tables = В schema.toml таблицы REI переименованы, а имитаторы этих учений знают только обычные имена. Ничего не начато.
    .hint = Учения database-corruption, data-loss и redis-failure работают и с другими именами.
failure-drill-breach = Учения отклонены до начала: кое-что вело бы за пределы их папки: { $what }.
    .hint = Держите STATE_DIR вне папки REI, а программы в сценариях пишите без пути.
