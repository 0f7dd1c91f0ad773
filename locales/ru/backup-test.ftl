# Проверка резервных копий. { $verdict }: pass, fail, inconclusive.
backup-test-now = Проверить
backup-test-trends = За год
backup-test-place = { $verdict ->
    [pass] ✅ { place }: копия от { $at } надёжна
    [fail] ❗ { place }: копия от { $at } не прошла проверку
   *[inconclusive] ❔ { place }: годится ли копия от { $at }, сказать нельзя
}
backup-test-untested = { $verdict ->
    [fail] ❗ { place }: проверять нечего, копий нет
   *[inconclusive] ❔ { place }: проверить копию не удалось
}
backup-test-facts = Возраст при проверке { $age } (RPO { $rpo }), в сжатом виде { $size }
backup-test-content = После распаковки { $bytes }: { $users ->
    [one] { $users } пользователь
    [few] { $users } пользователя
   *[other] { $users } пользователей
}, { $jobs ->
    [one] { $jobs } задание
    [few] { $jobs } задания
   *[other] { $jobs } заданий
}, { $payments ->
    [one] { $payments } платёж
    [few] { $payments } платежа
   *[other] { $payments } платежей
}, { $ledger ->
    [one] { $ledger } запись
    [few] { $ledger } записи
   *[other] { $ledger } записей
} в журнале операций
backup-test-took = Восстановление и проверка заняли { $all } (RTO { $rto }): загрузка { $fetch }, целостность { $check }, балансы { $books }
backup-test-ended = { $chore }: { $verdict ->
    [pass] пройдена
    [fail] не пройдена
   *[inconclusive] результата нет
}
backup-test-not-ended = { $chore }: { $phase ->
    [cancelled] отменено
    [cut-off] оборвалось
   *[failed] не удалось
}

# Что говорит против копии.
backup-finding-balances-differ = { $users ->
    [one] У { $users } пользователя баланс не равен
    [few] У { $users } пользователей балансы не равны
   *[other] У { $users } пользователей балансы не равны
} сумме журнала операций, например у пользователя { $example }.
backup-finding-emptied = Таблица { $table } пуста, хотя другие таблицы ссылаются на её строки.
backup-finding-trailing = За концом базы в файле есть ещё { $bytes }: кто-то к нему что-то дописал.
backup-finding-header-marked = В заголовке базы записано то, чего SQLite туда не пишет.
backup-finding-behind = В рабочей базе есть { $rows ->
    [one] { $rows } строка, которая появилась
    [few] { $rows } строки, которые появились
   *[other] { $rows } строк, которые появились
} до этой копии, но в ней их нет; самая новая в ней от { $newest }. Её сняли без журнала WAL, или это более старая копия под новым именем.
backup-finding-rows-lost = { $table }: { $now ->
    [one] { $now } строка
    [few] { $now } строки
   *[other] { $now } строк
}, а в одной из прошлых проверок было { $before }.
backup-finding-shrunk = Таблица { $table } уменьшилась: было строк { $before }, стало { $now }. Если её чистили, всё в порядке.
backup-finding-gone = Таблицы { $table } больше нет; в ней { $before ->
    [one] была { $before } строка
    [few] было { $before } строки
   *[other] было { $before } строк
}. Если её удалили намеренно, всё в порядке.
backup-finding-record-differs = { $table }: { $now ->
    [one] { $now } строка
    [few] { $now } строки
   *[other] { $now } строк
}, а по записи рядом с копией — { $before }.
backup-finding-too-old = Ей { $age }, а RPO допускает { $rpo }. Проверьте, снимаются ли ещё копии.
backup-finding-too-slow = Восстановление и проверка заняли { $took }, а RTO допускает { $rto }.

# Картинка за год.
trends-title = REI за 12 месяцев
trends-recovery = Восстановление
trends-recoveries = аварии
trends-drills = учения
trends-age = Возраст копии
trends-check = Время проверки
trends-size = Размер копии
trends-last = посл.
trends-nothing-yet = пока ничего
trends-seconds = { $number } с
trends-minutes = { $number } мин
trends-hours = { $number } ч
trends-days = { $number } дн
trends-month = { $month ->
    [1] янв
    [2] фев
    [3] мар
    [4] апр
    [5] май
    [6] июн
    [7] июл
    [8] авг
    [9] сен
    [10] окт
    [11] ноя
   *[12] дек
}
trends-caption = REI за последние 12 месяцев. Крестик — нарушенное обещание либо проваленная проверка или учения. Ожидание людей не считается.
trends-none = Измерений ещё нет. Нажмите «Проверить»: это будет первая точка на картинке.
