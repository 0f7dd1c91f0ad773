console-yes = да
console-no = нет

cli-gated = [ждёт одобрения]
cli-plan-backup = Копия { $time }: возраст { $age }, { $size }, { $name }
cli-plan-record = Она уже проходила полную проверку; при восстановлении по хешу доказывается, что это та же база.
cli-plan-full = Полная проверка пройдёт до установки на место.
cli-plan-expected = Займёт около { $expected }, не считая ожидания людей.
cli-ask-start = Начать { $run }?
cli-ask-gate = { $run }: следующие шаги остановят REI и заменят его базу. Продолжать?
cli-ask-reason = Почему шаг пропускается?
cli-yes-refused = --yes принимается только от root или от пользователя службы. Запустите через sudo или ответьте в терминале.
cli-yes-needed = Нет терминала, чтобы спросить. Запустите в терминале или от root с --yes.
cli-waits = { $run } ждёт решения. Ответьте в чате или командой: rei-recovery runs answer { $run } retry|skip|roll-back|abort
cli-step-running = … { $step }
cli-step-done = ✓ { $step }
cli-step-failed = ✗ { $step }: не удалось
cli-step-unknown = ? { $step }: исход неизвестен
cli-step-skipped = ↷ { $step }: пропущен
cli-step-undone = ↶ { $step }: возвращено назад
cli-ended-recovered = { $run }: восстановлено. Работа заняла { $took }.
cli-ended-rolled-back = { $run }: откат выполнен, сделанное возвращено назад. Исходная проблема не решена.
cli-ended-aborted = { $run }: прервано, всё осталось таким, каким было в тот момент.
cli-ended-denied = { $run }: отклонено, с REI ничего не сделано.
cli-ended-cancelled = { $run }: отменено, с REI ничего не сделано.
cli-quarantine = Старая база хранится в { $folder }.
cli-backup-time = Копия
cli-backup-age = Возраст
cli-backup-size = Размер
cli-backup-place = Место
cli-backup-verified = Проверена
cli-backup-sha256 = SHA-256
backup-mark = { $mark ->
    [failed] не прошла: { $why }
    [future] время не наступило
   *[empty] пуста
}
cli-ask-restore = Восстановить копию { $backup } в { $to }?
cli-not-restored = Ничего не восстановлено.
cli-restored-other = Содержимое не то, что раньше проверялось под этим именем: ожидалось { $expected }, получено { $found }.
cli-restored = { $file }: { $size }, BLAKE3 { $hash }, полная проверка пройдена.
cli-answered = { $run }: записано. Дальше действует исполнитель.
cli-runs-run = Запуск
cli-runs-when = Предложен
cli-runs-runbook = Сценарий
cli-runs-state = Состояние
cli-audit-seq = №
cli-audit-at = Когда
cli-audit-actor = Кто
cli-audit-verb = Что
cli-audit-subject = Над чем
cli-audit-run = Запуск
cli-audit-outcome = Исход
cli-audit-ok = { $count ->
    [one] { $count } запись, цепочка цела.
    [few] { $count } записи, цепочка цела.
   *[other] { $count } записей, цепочка цела.
}
cli-audit-broken = Журнал аудита нарушен: { $why }
audit-break-order = запись { $seq } стоит там, где должна быть запись { $expected }: записи пропали, задвоены или переставлены.
audit-break-link = запись { $seq } не продолжает запись { $before }: одну из них изменили или подменили.
audit-break-content = запись { $seq } изменена после того, как была сделана.
audit-break-missing = в конце не хватает записи { $seq }.
audit-break-foreign = запись { $seq } добавлена кем-то другим.
audit-break-seal = печать на записи { $seq } не принадлежит этой программе: журнал до этого места переписан.
cli-runbook-id = Имя
cli-runbook-version = Версия
cli-runbook-title = Сценарий
cli-runbook-expected = Занимает около
cli-runbook-head = Имя { $id }, версия { $version }, занимает около { $expected }. Признаки:
cli-runbook-step = одобрение: { $gate } · откат: { $undo } · предел: { $timeout } · исход неизвестен: { $replay } · при отказе: { $failure }
cli-runbook-sound = { $file }: { $id } в порядке.

cli-answered-unattended = { $run }: записано. Исполнителя сейчас нет: продолжит команда rei-recovery runs follow { $run }.
cli-ask-answer = Ответить так по { $run }?
cli-not-answered = { $run }: ничего не записано.
cli-nothing-asked = Запуск сейчас ничего не спрашивает.
cli-parked = Получен сигнал остановки: запуск остановлен в безопасном месте. Продолжить: rei-recovery runs follow
cli-step-not-due = – { $step }: не нужно
cli-retry = Можно вернуть заданий: { $jobs }, кредитов: { $cost }. Сервисы: { $providers }. Очереди: { $queues }; ни в одной, будут созданы заново из базы: { $anew }. Сервис не спросить: { $unproved }. Не войдут: остановлено { $stopped }, истекло { $expired }. Потеряли исполнителя, но ещё не признаны неудавшимися: { $abandoned }.
cli-retry-error =   { $count } × { $error }
cli-rebuild = Незавершённых строк: { $rows }; без задания в очереди: { $missing }.
cli-sync = Сверено платежей: { $looked }
cli-sync-deed =   { $count } × { $deed }
cli-synced = сверено: { $looked }, зачислено сейчас: { $credited } (кредитов: { $credits }), за это время зачислил сам REI: { $already }, закрыто или обновлено: { $updated }, требуют человека: { $open }
cli-ask-notice = Отправить { $notice } сейчас?
cli-ask-pause-notice = Приостановить { $notice }?
cli-ask-resume-notice = Продолжить { $notice }?
cli-ask-abort-notice = Прервать { $notice }? Кто ещё не получил, тот уже не получит.
cli-notice-unchanged = { $notice }: ничего не изменено.
cli-notice-paused = { $notice } на паузе. Продолжить: rei-recovery broadcast resume { $notice }.
cli-notice-aborted = { $notice } прервано. Больше никто не получит.
cli-notice-needs-another = { $notice } идёт большему числу людей, чем NOTICE_LIMIT: одобрить в чате должен кто-то другой, а спросить некому, программа не запущена. Запустите rei-recovery run и отправьте снова. Ничего не отправлено.
cli-notice-asked = { $notice } идёт большему числу людей, чем NOTICE_LIMIT: одобрение запрошено в чате у другого человека.
cli-notice-phase = { $task ->
    [correct] Исправление { $notice }
    [delete] Удаление { $notice }
   *[send] Уведомление { $notice }
}: { $phase }
cli-notice-count = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[other] { $count } человек
} · { $source }
cli-notice-costs = Стоит до { $stars ->
    [one] { $stars } звезды
   *[other] { $stars } звёзд
} Telegram бота REI.
cli-list-source-database = список из базы REI, { $at }
cli-list-source-own-copy = база REI не читается: собственная копия списка, на { $at }
cli-list-source-campaign = те, у кого есть это сообщение, { $at }
cli-no-ready-notice = Готового уведомления «{ $given }» нет. Есть jobs-delayed, payments-delayed, payments-settled, recovered и maintenance.
cli-ready-blanks = В готовом уведомлении { $given } есть пропуски: заполните каждый через --set ИМЯ=ЗНАЧЕНИЕ. Пропуски: { $blanks }.
cli-notices-notice = Уведомление
cli-notices-when = Начато
cli-notices-state = Состояние
cli-notices-sent = Отправлено
cli-notices-total = Из
cli-notices-by = Кто
