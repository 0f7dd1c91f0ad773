# Платежи, на которые должен посмотреть человек.
payments-left = Осталось человеку, по состоянию на { $at }:
payments-file-button = Расхождения (CSV)
payments-file-comparing = Сверяю с ЮKassa…
payments-file = Платежи, по которым REI и ЮKassa сейчас расходятся. orphan — оплачен, но строки в REI нет: кто платил, нужно выяснить вручную.
payments-file-none = REI и ЮKassa сходятся по всем платежам.
payments-file-slow = Ответ ЮKassa занял больше { $limit }. На сервере <code>rei-recoveryctl payments list</code> ждёт столько, сколько нужно.
payments-file-failed = Сейчас файл отправить не удалось. Нажмите кнопку ещё раз.

report-left = ⚠️ <b>Осталось человеку</b>
leftover-payments = { $count ->
    [one] { $count } платёж
    [few] { $count } платежа
   *[other] { $count } платежей
}: { $deed }. { $mend ->
    [sync] Сверит /payments.
   *[person] Список — в /payments.
}
leftover-jobs = { $count ->
    [one] { $count } незавершённая строка
    [few] { $count } незавершённые строки
   *[other] { $count } незавершённых строк
} без задания. На сервере: <code>rei-recoveryctl jobs rebuild</code>
leftover-balances = { $count ->
    [one] { $count } баланс расходится
    [few] { $count } баланса расходятся
   *[other] { $count } балансов расходятся
} с журналом операций.
leftover-unseen = Сверить не удалось: { $part ->
    [jobs] задания
    [payments] платежи
    [balances] балансы
   *[other] { $part }
}. { $failure }
