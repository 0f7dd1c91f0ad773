run-title = <b>{ $run } · { $title }</b>
run-requester = Запрос: { $by }, { $at }.
run-backup = Копия от { $time }; на момент плана ей { $age } ({ $size }, { $place }).
run-progress = { $bar } шаг { $step } из { $steps }
run-now = <b>Сейчас: { $step }</b>
run-now-again = <b>Сейчас: { $step }</b> (попытка { $attempt })
run-bytes = { $done } из { $total }
run-bytes-left = { $done } из { $total }, осталось около { $left }
run-bytes-open = { $done } на данный момент
run-undoing = <b>Сделанное возвращается назад.</b>
run-cancelling = Запрошена отмена. Запуск остановится в ближайшем безопасном месте.
run-elapsed = Прошло { $elapsed } из { $rto } (RTO).
run-over = Прошло { $elapsed }. RTO { $rto } превышен на { $over }.
run-took = Заняло { $elapsed }; RTO — { $rto }.
run-took-over = Заняло { $elapsed }: на { $over } больше RTO { $rto }.
run-waits-approval = <b>Ждёт одобрения</b> ({ $given } из { $required }), до { $until }. Запрос — в группе команды.
run-waits-person = <b>Ждёт решения.</b> Вопрос — в группе команды.
run-next = Далее: { $step }
run-cancel-hint = /cancel остановит запуск в ближайшем безопасном месте.
run-unreadable = <b>{ $run }</b>: сохранённый план не сходится со своим хешем. Это уже не тот план, который одобрили, поэтому дальше по нему ничего не делается. «Прервать» завершит запуск и оставит всё как есть.
run-given-up = <b>{ $run }</b>: сохранённый план не совпадал со своим хешем. Запуск прерван: всё осталось таким, каким было в тот момент.

line-done = ✓ { $step } — { $took }
line-done-plain = ✓ { $step }
line-running = ▸ { $step } — идёт { $took }
line-unknown = ? { $step } — исход неизвестен
line-failed = ✗ { $step } — не удалось
line-skipped = ↷ { $step } — пропуск: { $by }, причина: { $reason }
line-undone = ↶ { $step } — возвращено назад
line-not-due = – { $step } — не нужно
line-pending = · { $step }

outcome-recovered = <b>Восстановлено.</b> Службы REI работают на копии от { $backup }.
    .short = восстановлено
outcome-done = <b>Готово.</b> Все шаги выполнены или пропущены человеком.
outcome-rolled-back = <b>Откат выполнен.</b> Сделанное запуском возвращено назад. Исходная проблема не решена.
    .short = откат выполнен
outcome-aborted = <b>Прервано.</b> Всё осталось таким, каким было в тот момент.
    .short = прервано
outcome-denied = <b>Отклонено.</b> С REI ничего не сделано. Исходная проблема не решена.
    .short = отклонено
outcome-cancelled = <b>Отменено.</b> С REI ничего не сделано. Исходная проблема не решена.
    .short = отменено

phase-proposed = предложен, не начат
phase-active = выполняется
phase-rolling-back = откатывается

# План.
plan-title = <b>План { $run } · { $title }</b>
plan-untouched = Ещё ничего не сделано.
plan-steps = <b>Шаги</b>
plan-step = { $number }. { $step }
plan-step-gate = { $number }. { $step } — <b>ждёт одобрения</b>
plan-backup = <b>Копия</b>
plan-backup-line = { $time }, возраст { $age }, { $size }, { $place }
plan-proof-record = Полная проверка была { $verified }. При восстановлении по хешу доказывается, что это та же база.
plan-proof-full = Полной проверки ещё не было. Она пройдёт до установки на место, и это дольше.
plan-backup-failed = Внимание: она не прошла проверку ({ $at }): { $why }.
plan-backup-future = Внимание: её время ещё не наступило. Возраст копии и потери не известны.
plan-loss = <b>Что будет потеряно</b>
loss-span = Всё, что REI записал за { $span } после копии.
loss-span-unknown = Всё, что REI записал после копии: не больше чем за { $span }, если он работал до составления плана.
loss-span-most = Всё, что REI записал после копии: не более чем за { $span }, до остановки.
loss-rows-before = Эти строки посчитаны для плана. Записанное после него до остановки REI сюда не входит.
loss-rows = Новые строки: { $rows }.
loss-no-rows = В посчитанных таблицах новых строк нет.
loss-rows-unknown = Сколько строк, определить нельзя: заменяемую базу прочитать не удалось.
loss-not-known = Что будет потеряно, определить не удалось.
loss-none = Ничего: копия не восстанавливается, и ничего не удаляется.
loss-redis = Из базы ничего. Если Redis придётся очистить, пропадёт то, что в нём есть: запрос на это одобрение всё перечислит.
loss-row = { $table } { $count }
plan-expected = Займёт около { $expected } (медиана, { $measured ->
    [one] { $measured } прежний запуск
    [few] { $measured } прежних запуска
   *[other] { $measured } прежних запусков
}) без ожидания людей.
plan-estimate = Займёт около { $expected } (оценка из сценария; здесь ещё не измерялось).
plan-approval = Для одобрения { $required ->
    [one] нужен { $required } человек
    [few] нужны { $required } человека
   *[other] нужно { $required } человек
}: { $self ->
    [yes] любой одобряющий; сам запросивший — после ввода слова
   *[no] любой одобряющий, кроме запросившего
}.
plan-start = «Начать» начинает с шагов, которые не затрагивают REI.

# Запрос на одобрение.
approval-title = <b>Нужно одобрение · { $run } · { $title }</b>
approval-settled = <b>Одобрение · { $run } · { $title }</b>
approval-who = { $by } просит об этом:
approval-step = • <b>{ $step }.</b> { $does }
approval-backup = Копия: { $time }, возраст { $age }, { $size }, { $place }.
approval-hash = Содержимое: { $bytes }, BLAKE3 { $hash }.
approval-database = База: { $path }
approval-loss = Потери: { $loss }
approval-until = Действует до { $until }. Одобрений: { $given } из { $required }.
approval-self-no = Запросивший одобрить не может.
approval-self-word = Запросивший может одобрить, введя слово.
approval-by = ✓ { $by }, { $at }
approval-granted = <b>Одобрено</b> { $at }.
approval-denied = <b>Отклонено</b>: { $by }, { $at }.
approval-expired = <b>Срок истёк</b> { $at }: никто не ответил вовремя.
approval-voided = <b>Не действует</b> с { $at }: запуск пошёл иначе, либо копия или база уже не та, что показана. По этому запросу ничего не делается.
approval-repeat = <i>Возможно, повтор: ответ на первую отправку потерян. Годится любое из сообщений; засчитается одно решение.</i>

# Что требует человека.
hold-failed = <b>{ $run } остановлен: шаг «{ $step }» не удался</b>
hold-doubt = <b>{ $run } ждёт: выполнен ли шаг «{ $step }»?</b>
hold-doubt-hint = Программа этого не видит. Посмотрите сами и ответьте.
hold-doubt-message = Посмотрите в чате с ботом REI, пришло ли пробное сообщение, и ответьте.
hold-expired = <b>{ $run } остановлен: на запрос одобрения никто не ответил вовремя</b>
hold-cancelled = <b>{ $run } остановлен: запрошена отмена</b>
hold-undo-failed = <b>{ $run } остановлен: вернуть шаг «{ $step }» не удалось</b>
hold-state = <b>REI сейчас:</b> { $state }
hold-cause = Техническая причина: <code>{ $cause }</code>
hold-choice = • <b>{ $choice }</b> { $does }

cut-off-undo-title = <b>{ $run }: исход возврата шага «{ $step }» был неизвестен</b> (попытка { $attempt })
cut-off-title = <b>{ $run }: исход шага «{ $step }» был неизвестен</b> (попытка { $attempt })
cut-off-cause = { $cause ->
    [timed-out] Шаг длился дольше, чем ему отведено.
    [cut-off] Программа была остановлена посреди него.
   *[other] Его результат не пришёл.
}
cut-off-decide = Сам по себе шаг не повторяется: решает человек.
cut-off-again = Повторить этот шаг безопасно. Он выполняется снова.
cut-off-verify = Прежде чем что-либо делать, программа смотрит, выполнен ли он.
cut-off-ask = Выполнен ли он, может сказать только человек. Программа спрашивает и ждёт.

# Отчёт.
report-title = <b>Отчёт { $run } · { $title }</b>
report-times = Начало: { $started }, { $by }. Конец: { $ended }.
report-took = Заняло { $elapsed }: работа { $work }, ожидание людей { $waits }. RTO — { $rto }.
report-over = RTO превышен на { $over }.
report-version = Сценарий версии { $version }.
report-steps = <b>Шаги</b>
report-approvals = <b>Одобрения</b>
report-approval-granted = { $gate }: одобрено, { $by }, через { $waited }
report-approval-denied = { $gate }: отклонено, { $by }, через { $waited }
report-approval-expired = { $gate }: без ответа { $waited }
report-approval-voided = { $gate }: утратило силу через { $waited }
report-lost = <b>Потеряно</b>
report-lost-nothing = Этим запуском — ничего.
report-lost-redis = То, что было в Redis: { $keys ->
    [one] { $keys } ключ
    [few] { $keys } ключа
   *[other] { $keys } ключей
}, среди них { $jobs ->
    [one] { $jobs } задание, неизвестное
    [few] { $jobs } задания, неизвестных
   *[other] { $jobs } заданий, неизвестных
} базе.
report-lost-keys = То, что было в Redis: { $keys ->
    [one] { $keys } ключ
    [few] { $keys } ключа
   *[other] { $keys } ключей
}.
report-content = Восстановлено: { $bytes }, BLAKE3 { $hash }.
report-newest = Последняя запись в ней — от { $at }.
report-quarantine = <b>Старая база</b> хранится в <code>{ $folder }</code> ({ $files }).
report-quarantine-none = Прежней базы не было: её место пустовало, и откладывать было нечего.
report-background-check = Эта копия доказана записью о проверке. Полная проверка идёт в фоне, её итог придёт сообщением.
full-check-ok = <b>{ $run }:</b> полная проверка восстановленной базы закончена. Ошибок не найдено; заняла { $took }.
full-check-failed = <b>{ $run }:</b> восстановленная база не прошла полную проверку. REI продолжает на ней работать.
    .hint = Посмотрите на неё сейчас: /recover восстановит другую копию. Техническая причина: <code>{ $cause }</code>
full-check-inconclusive = <b>{ $run }:</b> пока не известно, цела ли восстановленная база: полную проверку провести не удалось.
    .hint = Программа повторит её сама, несколько часов, всё реже; о результате придёт сообщение. Техническая причина: <code>{ $cause }</code>
full-check-given-up = <b>{ $run }:</b> не известно, цела ли восстановленная база: попыток полной проверки было { $tries }, провести её не удалось. Больше попыток не будет.
    .hint = Проверьте { $database } вручную командой SQLite integrity_check. Техническая причина: <code>{ $cause }</code>

# Что файл сценария может сказать об учении или инциденте.
runbook-proposal = Предлагаемая запись для истории в { $runbook }.toml; её вносят вместе с самой правкой:
runbook-proposal-line = { $line }
