# Кнопки, которыми принимают решения.
choice-start = Начать
    .does = — начнётся выполнение. То, что затрагивает REI, всё равно ждёт одобрения.
choice-cancel = Отменить
    .does = — план снимается. Ещё ничего не сделано.
choice-retry = Повторить
    .does = — шаг выполняется ещё раз.
choice-skip = Пропустить
    .does = — дальше без этого шага. Программа спросит причину.
choice-roll-back = Откатить
    .does = — сделанное возвращается с последнего шага, пока REI не станет таким, как был.
choice-abort = Прервать
    .does = — запуск кончается здесь, всё остаётся как есть сейчас.
choice-resume = Продолжить
    .does = — дальше со следующего шага.
choice-happened = Да, выполнено
    .does = — дальше со следующего шага.
choice-not-happened = Нет, выполнить снова
    .does = — шаг выполняется ещё раз.
choice-ask-again = Повторить
    .does = — одобрение запрашивается снова.
choice-undo-retry = Повторить
    .does = — ещё одна попытка вернуть шаг назад.
choice-approve = Одобрить
choice-deny = Отклонить

# Почему нажатие ничего не изменило. Коротко: всплывающее окно вмещает не больше 200 знаков.
refusal-not-an-approver = Это решают только одобряющие. Вас среди них нет; нажатие записано.
refusal-own-request = Вы сами это запросили. Решить должен другой одобряющий.
refusal-word-needed = Вы сами это запросили. Чтобы одобрить, введите показанное слово.
refusal-already-approved = Вы это уже одобрили. Нужно одобрение ещё одного человека.
refusal-decided = Уже решено: { $by }, { $at }. Ваше нажатие ничего не изменило.
refusal-expired = Поздно: срок истёк { $at }. Ваше нажатие ничего не изменило.
refusal-stale = Это относится к состоянию, которое уже прошло. Нажатие ничего не изменило; используйте последнее сообщение.

error-not-allowed = Вам это не разрешено. Попытка записана.
error-not-yours = Начать этот запуск может только тот, кто его запросил.
error-unknown-runbook = Сценария «{ $given }» нет. /recover покажет все.
error-unknown-backup = Там, откуда пришёл ответ, нет копии { $given }. /backups покажет список.
error-no-backup = Там, откуда пришёл ответ, нет копии, из которой можно восстановить.
error-busy = Уже идёт { $run }. REI может затрагивать только один запуск за раз.
    .hint = Чего он ждёт: rei-recovery runs follow { $run }. Закончить его: rei-recovery runs cancel { $run }, затем runs answer { $run } abort.
error-unknown-run = Запуска { $run } нет. /runs покажет последние.
error-nothing-under-way = Сейчас нечего отменять: ничего не выполняется.
error-nothing-to-retry = Подходящих неудавшихся заданий нет: возвращать нечего.
error-reason-needed = Нужна причина: она войдёт в журнал аудита.
error-not-offered = Сейчас этот выбор не предлагается. Используйте последнее сообщение запуска.
error-plan-changed = Сохранённый план { $run } не сходится со своим хешем. Запуск можно только прервать: дальше по нему ничего не делается.
error-plan-too-old = Плану { $run } больше получаса: сказанное в нём о потерях уже неверно. Отправьте /recover снова.
error-target = Место назначения не подходит: { $given }
error-unknown-notice = Уведомления { $notice } нет. /broadcast list покажет последние.
error-no-notice = Уведомлений ещё не было.
error-not-your-notice = Это уведомление пишет другой человек; изменить его может только он.
error-notice-not-carried = { $notice } нельзя продолжить: тот, кто одобрил, больше не вправе одобрять. Остановите и составьте заново.
error-notice-moved-on = Для этого поздно или рано: { $notice } уже в другом состоянии. Смотрите его последнее сообщение.
error-unknown-language = «{ $given }» — не код языка. Примеры: en, ru, de, pt-br.
error-no-ids = Не найдено ни одного id Telegram. Отправьте текстовый файл до 8 МиБ, по одному id в строке.
error-no-rei-token = REI_BOT_TOKEN не задан, поэтому уведомления выключены. Задайте его и запустите программу снова.
error-nobody-listed = Список пуст: отправлять некому. Выберите других получателей.
error-kind-changed = Telegram меняет текст только на текст, а файл только на файл. Оставьте тот же вид или начните новое уведомление.
error-delete-too-late = { $notice } отправлено больше 48 часов назад: удалить его Telegram боту уже не даст. Исправить ещё можно.
error-state = Собственное состояние этой программы не читается или не записывается: { $cause }

button-unknown = Эта кнопка больше не действует. Нажатие записано, ничего не изменилось.
button-elsewhere = Эта кнопка из другого чата. Нажатие записано, ничего не изменилось.
button-version = Эту кнопку создала другая версия программы. Отправьте команду ещё раз.

# Те же причины от третьего лица, для журнала аудита.
why-not-allowed = не разрешено
why-not-yours = не тот, кто запросил
why-not-an-approver = не одобряющий
why-own-request = собственный запрос
why-word-needed = слово не введено
why-already-approved = уже одобрил(а)
why-decided = уже решено: { $by }
why-expired = срок истёк
why-stale = устарело
why-unknown-runbook = нет сценария «{ $given }»
why-unknown-backup = нет копии { $given }
why-no-backup = нет копий
why-busy = идёт { $run }
why-unknown-run = нет такого запуска
why-nothing-under-way = ничего не выполняется
why-nothing-to-retry = возвращать нечего
why-reason-needed = причина не указана
why-not-offered = не предлагается
why-plan-changed = план не сходится со своим хешем
why-plan-too-old = план устарел
why-target = { $given }
why-unknown-notice = нет такого уведомления
why-no-notice = уведомлений ещё не было
why-not-your-notice = чужое уведомление
why-notice-not-carried = одобривший { $notice } больше не вправе одобрять
why-notice-moved-on = { $notice } уже в другом состоянии
why-unknown-language = нет языка «{ $given }»
why-no-ids = нет id
why-no-rei-token = REI_BOT_TOKEN не задан
why-notice-problem = в таком виде уведомление отправить нельзя
why-nobody-listed = список пуст
why-kind-changed = текст и файл не взаимозаменяемы
why-delete-too-late = прошло больше 48 часов
why-state = собственное состояние недоступно
why-unknown-button = неизвестная кнопка
why-other-chat = кнопка из другого чата
why-anonymous = анонимный администратор

# Кто ответил на остановку; { $answer } — глагол аудита того, что за ней последовало.
answered = { $answer ->
    [retry] Повтор: { $by }, { $at }.
    [retry-undo] Повтор: { $by }, { $at }.
    [ask-again] Одобрение запрошено снова: { $by }, { $at }.
    [skip] Пропуск: { $by }, { $at }. Причина: { $reason }
    [roll-back] Откат: { $by }, { $at }.
    [abort] Прервано: { $by }, { $at }.
    [resume] Продолжение: { $by }, { $at }.
    [confirm-step] «Выполнено»: { $by }, { $at }.
    [not-done] «Не выполнено»: { $by }, { $at }.
    [cancel] Отмена: { $by }, { $at }.
   *[other] Запуск пошёл дальше, { $at }.
}
