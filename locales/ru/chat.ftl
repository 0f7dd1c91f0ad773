command-status = Состояние REI сейчас
command-recover = Начать восстановление
command-runs = Последние запуски
command-cancel = Остановить запуск в безопасном месте
command-backups = Резервные копии
command-audit = Журнал аудита
command-language = Язык
command-help = Что умеет этот бот

help-title = <b>rei-recovery</b> выполняет план аварийного восстановления REI Bot.
help-body =
    /status — службы REI, база, последняя копия, текущий запуск
    /recover — выбрать сценарий и копию, увидеть план, начать
    /retry_failed — вернуть неудавшиеся задания в очередь; <code>/retry_failed 24h</code> или <code>all</code> — за больший срок
    /payments — незакрытые платежи и сверка с ЮKassa
    /broadcast — уведомление пользователям REI; <code>/broadcast list</code> покажет последние
    /runs — последние запуски
    /cancel — остановить запуск в безопасном месте или оставить вопрос без ответа
    /backups — что лежит в папке копий и в S3
    /checklist — что осталось сделать после восстановления: последний открытый список или новый
    /contacts — экстренные контакты; зовёт дежурного
    /drill — отработать восстановление на копии; рабочая система не затрагивается
    /incident — инцидент: <code>/incident note</code> с текстом или фото, хронология, отчёт; <code>list</code> показывает прежние
    /audit — последние записи журнала аудита; <code>/audit 50</code> покажет больше
    /language — русский или английский
help-rules = Ничего разрушающего с REI не делается, пока одобряющий не сказал «да». Каждый шаг и каждое нажатие записываются в журнал аудита.
help-role = { $role ->
    [both] Вы можете запрашивать и одобрять.
    [admin] Вы можете запрашивать. Одобряет другой человек.
   *[approver] Вы можете одобрять, но не запрашивать.
}

stranger = Вас нет в списке операторов этого бота. Попытка записана. Если вы должны в нём быть, сообщите свой номер тому, кто ведёт сервер: <code>{ $id }</code>
anonymous = Команды анонимного администратора не выполняются: нельзя узнать, чьи они. Чтобы пользоваться ботом, откройте настройки группы, «Администраторы», своё имя и выключите «Анонимность».
command-unknown = Такой команды нет. /help покажет все.
audit-number-wrong = После /audit может стоять число от 1 до 200, например <code>/audit 50</code>.
run-number-wrong = «{ $given }» — не номер запуска. Пример: <code>/cancel R-7</code>

recover-choose = <b>Что случилось?</b>
recover-scenario = { $suspected ->
    [yes] 👉 <b>{ $title }</b> (похоже на это): { $symptoms }
   *[no] • <b>{ $title }</b>: { $symptoms }
}
recover-scenario-button = { $suspected ->
    [yes] 👉 { $title }
   *[no] { $title }
}
recover-backup = <b>{ $title }</b>. Из какой копии?
recover-loading = Читаю список копий…
recover-planning = Составляю план…
recover-chosen = { $run }: копия от { $time }. План — в следующем сообщении.
recover-chosen-plain = { $run }. План — в следующем сообщении.
recover-no-backups = Копий не найдено. Восстановление из копии начать нельзя.
backup-latest = Последняя годная: { $when } · { $age }
backup-button = { $when } · { $age }
backup-button-failed = { $when } · { $age } · не прошла проверку
backup-button-future = { $when } · время ещё не наступило
backup-line = { $number }. { $time } — { $verified ->
    [future] {""}
   *[other] возраст { $age },{" "}
}{ $size }, { $place }, { $verified ->
    [failed] <b>не прошла проверку: { $why }</b>
    [future] <b>это время ещё не наступило</b>
    [yes] проверена полностью
    [empty] <b>пуста</b>
   *[no] не проверена
}
backups-older = Старше
backups-newer = Новее
backups-title = <b>Резервные копии</b>, сначала новые
backups-page = { $from }–{ $to } из { $count }
backups-none = Копий нет.

runs-title = <b>Последние запуски</b>
runs-none = Запусков ещё не было.
runs-line = <b>{ $run }</b> · { $title } · { $at } · { $phase } · { $by }

cancel-done = Отмена { $run } записана. Запуск остановится в ближайшем безопасном месте.
cancel-withdrawn = { $run } снят. Ничего не сделано.
dialogue-left = Вопрос оставлен без ответа. Ничего не изменилось.
dialogue-late = Этот вопрос уже закрыт: он задан больше часа назад. Ничего не записано; откройте его снова кнопкой.
dialogue-elsewhere = В том сообщении (уже) нет вопроса, поэтому ничего не записано. Ответьте на последний вопрос или откройте его снова кнопкой.

language-choose = Выберите язык. Он действует в личном чате и во всплывающих окнах; у группы свой.
language-chosen = Хорошо, русский.

skip-ask = <a href="tg://user?id={ $id }">{ $name }</a>, почему пропускается «{ $step }»? Ответьте на это сообщение причиной. Она войдёт в журнал аудита. /cancel оставит всё как есть.
    .placeholder = Причина
skip-done = Пропущено. Причина записана.
word-ask = <a href="tg://user?id={ $id }">{ $name }</a>, вы сами запросили этот запуск. Чтобы одобрить его, ответьте на это сообщение словом <b>{ $word }</b>. /cancel оставит запрос открытым.
    .placeholder = Слово
word-wrong = Это не то слово. Ничего не одобрено. Чтобы попробовать снова, нажмите «Одобрить».
word-done = Одобрено. Записано с вашим именем.
answer-late = Для этого ответа уже поздно. { $why }

toast-approved = Одобрено. Записано с вашим именем.
toast-approved-more = Записано. Нужно ещё: { $missing ->
    [one] { $missing } человек
    [few] { $missing } человека
   *[other] { $missing } человек
}.
toast-denied = Отклонено. Ничего не делается.
toast-chosen = Записано: { $choice }.
toast-type = Введите ответ: смотрите новое сообщение.
test-message = Это пробное сообщение rei-recovery: бот REI снова может отправлять сообщения.
text-forwarded = Это написал кто-то другой, поэтому ответом оно не считается. Напишите ответ сами.
text-unknown = Пользуйтесь кнопками или командами. /help покажет все команды.
command-retry_failed = Вернуть неудавшиеся задания в очередь
command-payments = Незакрытые платежи и сверка
retry-title = <b>Неудавшиеся задания{ $last ->
    [all] {""}
   *[other] , последние { $last }
}</b>
retry-loading = Смотрю очередь и задания REI…
retry-argument-wrong = «{ $given }» — не длительность. Напишите /retry_failed 1h, /retry_failed 24h или /retry_failed all.
retry-none = Возвращать нечего: подходящих заданий нет.
retry-jobs = Можно вернуть заданий: { $jobs }; их стоимость в кредитах: { $cost }.
retry-providers = Сервисы: { $names }
retry-queues = Очереди: { $names }
retry-anew = Нет ни в одной очереди: { $jobs }. Они будут созданы заново по строкам базы.
retry-errors = Ошибки: { $names }
retry-oldest = Самое давнее не удалось { $at }.
retry-unproved = О скольких неизвестно, выполнил ли их сервис: { $jobs }. За них, возможно, придётся заплатить дважды.
retry-stopped = Не войдут остановленные человеком: { $jobs }.
retry-expired = Не войдут те, от которых ничего не осталось: { $jobs }.
retry-abandoned = Ещё столько потеряли исполнителя: { $jobs }; RQ признает их неудавшимися в течение десяти минут.
retry-all = Вернуть все ({ $jobs })
retry-one = { $name } ({ $jobs })
retry-window = { $last ->
    [all] Все неудавшиеся
   *[other] Последние { $last }
}
payments-title = <b>Платежи</b>
payments-oldest = Самый давний начат { $at }.
payments-synced = Последняя сверка { $at }:
payments-never-synced = Эта программа ещё не сверяла их с ЮKassa.
payments-sync-button = Сверить с ЮKassa
