# /incident и сообщения об инциденте.
command-incident = Инцидент: заметки, хронология, отчёт
incident-untitled = без названия
incident-title = <b>Инцидент { $incident } · { $title }</b>
incident-open = Открыт с { $since } ({ $length }).
incident-over = Позади: { $since } – { $until } ({ $length }). { $complete ->
    [yes] Его можно закрыть.
   *[no] Отчёт ещё не закрыт.
}
incident-closed-by = Закрыт: { $by }, { $at }.
incident-alert = • Тревога: { $cause }{ $state ->
    [open] {""}
   *[over] , закончилась
}
incident-run = • { $run } { $title }: { $state }
incident-run-unreadable = • { $run } не читается: план уже не тот, что был зафиксирован.
incident-counts = Заметок: { $notes }. Задач: { $items ->
    [0] нет
   *[other] { $items }, не сделано: { $open }
}.
incident-complete = Отчёт дописан.
incident-missing = В отчёте не хватает: { $missing }.
incident-fill = Дописать отчёт
incident-note = Добавить заметку
incident-timeline = Хронология
incident-items = Задачи
incident-markdown = Markdown
incident-html = HTML
incident-close = Закрыть
incident-show = Показать инцидент
incident-back = Назад
incident-none =
    Открытых инцидентов нет. Тревога или восстановление открывает инцидент само.
    <code>/incident</code> с названием открывает его вручную, <code>/incident list</code> показывает прежние.
incident-open-one = Открыть инцидент
incident-opened =
    <b>{ $incident }</b> открыт.
    <code>/incident note</code> с текстом (или в подписи к фото) добавляет заметку, <code>/incident close</code> закрывает.
incident-named = { $incident } уже открыт; теперь он называется так.{ $renamed ->
    [yes] {" "}Раньше он назывался «{ $was }».
   *[other] {""}
}
incident-not-understood =
    «{ $given }» непонятно, ничего не изменено. Может быть, <code>/incident { $verb }</code>?
    Название, похожее на команду, пишется после <code>/incident open</code>.
incident-no-picture = Ничего не записано: кроме текста в заметку можно добавить только фото, других файлов она не принимает.
incident-words-needed = Здесь нужен текст, поэтому ничего не записано. Фото добавляют в заметку (кнопка «Добавить заметку»). Вопрос ещё открыт: ответьте текстом.
incident-noted = Записано в { $incident }.
incident-closed = { $incident } закрыт. Задачи остаются, пока не сделаны.
incident-draft = <b>{ $incident } · { $title }: восстановление закончено</b>
incident-draft-hint = То, что знает программа, в отчёте уже есть. Остальное — несколько вопросов.
incident-timeline-title = <b>{ $incident } · { $title }: что происходило</b>
incident-timeline-line = <code>{ $at }</code> { $text }
incident-timeline-more = { $count ->
    [one] Пропущена { $count } более ранняя строка; она есть в отчёте.
    [few] Пропущены { $count } более ранние строки; они есть в отчёте.
   *[many] Пропущено { $count } более ранних строк; они есть в отчёте.
}
incident-list = <b>Инциденты</b>, сначала новые
incident-list-line = { $incident } · { $at } · { $title } · { $state ->
    [open] <b>открыт</b>
    [over] позади, не закрыт
   *[closed] закрыт
}
incident-close-ask = <b>Закрыть { $incident } · { $title }?</b>
incident-close-goes-on = Что-то из него ещё продолжается. Следующее откроет новый инцидент.
incident-close-hint = Дописать отчёт можно и после закрытия.
incident-writing = Составляю отчёт…
incident-file = { $incident }: отчёт в его нынешнем виде.
incident-file-failed = Отчёт составить не удалось. Причина — в журнале этой программы.
incident-picture-too-large = Картинка больше { $limit }: ничего не записано. Картинка поменьше подойдёт.
incident-picture-lost = Картинку не удалось получить из Telegram, и ничего не записано: { $why }

# Вопросы.
incident-ask = <b>{ $incident } · { $question }</b>
incident-ask-root-cause = Почему это случилось? Не только что сломалось, но и что позволило сломаться.
incident-ask-data-loss = Потеряно ли что-то, о чём программа знать не может: файлы, платежи, сообщения? То, что она знает, в отчёте уже есть.
incident-ask-went-well = Что прошло хорошо? Что хотим сохранить?
incident-ask-improve = Что нужно улучшить? Что отняло время, чего не хватило, где просто повезло?
incident-ask-suspected = Наблюдение предполагало: { $causes }.
incident-ask-before = { $by }: «{ $text }»
incident-ask-list = Одним сообщением; строки, которые начинаются с «-», станут списком.
incident-ask-reply = Пожалуйста, <b>ответьте на это сообщение</b>.
incident-ask-item = <b>{ $incident } · Что нужно сделать?</b> Одно дело, в нескольких словах.
incident-ask-item-more = <b>{ $incident } · Записано. Что ещё нужно сделать?</b> Одно дело, в нескольких словах.
incident-ask-owner = <b>Кто это делает?</b> «{ $what }»
incident-ask-due = <b>До какого дня?</b> «{ $what }». Например 2026-12-01, 1.12., 3д или 2н.
incident-ask-note = <b>{ $incident } · Заметка.</b> Текст или фото, с подписью или без.
incident-skip = Пропустить
incident-leave = На этом всё
incident-enough = Больше ничего
incident-nobody = Пока никто
incident-no-day = Без срока
incident-in-days = { $days ->
    [1] Завтра
    [7] Через неделю
    [14] Через 2 недели
   *[other] Через { $days } дней
}
incident-day-wrong = Это не день. Примеры: <code>2026-12-01</code>, <code>1.12.</code>, <code>3д</code>, <code>2н</code>.
incident-question-over = На этот вопрос уже ответили, или его оставили. Начните снова с кнопки «Задачи».
incident-answers = <b>{ $incident } · { $title }: что написано</b>
incident-answer-heading = <b>{ $heading }</b>
incident-answer-none = <i>Пока ничего.</i>
incident-answer-button = { $state ->
    [there] ✓ { $question }
   *[open] { $question }
}

# Задачи.
incident-items-title = <b>{ $incident } · { $title }: задачи</b>
incident-items-none = Пока нет.
incident-item = { $state ->
    [done] ✓
    [late] <b>Просрочено:</b>
   *[open] •
} { $number }. { $what }{ $owned ->
    [yes] {" "}— { $owner }
   *[no] {""}
}{ $dated ->
    [yes] , до { $due }
   *[no] {""}
}{ $state ->
    [done] . Сделано: { $by }
   *[open] {""}
}
incident-item-button = { $state ->
    [done] Вернуть { $number }
   *[open] Сделано: { $number }
}
incident-items-before = « Назад
incident-items-after = Дальше »
incident-new-item = Добавить
incident-done = Сделано
incident-undone = Всё-таки не сделано
incident-toast-done = Отмечено: сделано.
incident-toast-undone = Снова в работе.
incident-reminder = <b>Нужно сделать после { $incident } · { $title }</b>
incident-reminder-who = Для <a href="tg://user?id={ $id }">{ $name }</a>.

# Отчёт; заголовки — как в шаблоне регламента.
incident-heading-date = Дата инцидента
incident-heading-recovery-time = Время восстановления
incident-heading-data-loss = Потеря данных
incident-heading-downtime = Простой
incident-heading-root-cause = Первопричина
incident-heading-went-well = Что прошло хорошо
incident-heading-improve = Что нужно улучшить
incident-heading-action-items = Задачи
incident-heading-timeline = Хронология
incident-heading-run = Восстановление { $run }: { $title }
incident-heading-notes = Заметки
incident-heading-runbook = Сценарий
incident-doc-title = Инцидент { $incident }: { $title }
incident-doc-open = Инцидент ещё открыт.
incident-doc-over = Инцидент позади, но не закрыт.
incident-doc-closed = Закрыт: { $by }, { $at }.
incident-doc-complete = Отчёт дописан.
incident-doc-incomplete = Это черновик отчёта. Осталось написать: { $missing }.
incident-doc-since = С { $since }
incident-doc-since-until = { $since } – { $until }
incident-doc-not-over = Пока неизвестно: инцидент не закончился.
incident-doc-took = { $whole }. { $met ->
    [yes] Цель { $rto } (RTO) выдержана.
   *[no] Цель { $rto } (RTO) превышена на { $over }.
}
incident-doc-took-parts = Из них { $before } до начала восстановления, { $work } работы программы, { $waits } ожидания решений людей.
incident-doc-down = { $unit }: простой { $down }.
incident-doc-loss-of = { $run }: { $loss }
incident-doc-loss-nothing = Восстановление ничего не потеряло.
incident-doc-loss-unknown = Программе неизвестно: восстановления не было.
incident-doc-loss-open = Восстановление ещё идёт: что потеряно, станет известно, когда оно закончится.
incident-doc-loss-redis = Ключей в Redis: { $keys }, из них задач, которых не знала база: { $jobs }.
incident-doc-loss-redis-untold = Ключей в Redis: { $keys }. Сколько среди них задач, которых не знала база, не посчитано.
incident-doc-loss-rows = { $exact ->
    [yes] Данные за { $minutes ->
        [one] { $minutes } минуту
        [few] { $minutes } минуты
       *[many] { $minutes } минут
    }
   *[no] Данные не более чем за { $minutes ->
        [one] { $minutes } минуту
        [few] { $minutes } минуты
       *[many] { $minutes } минут
    }
}. Потеряны новые строки{ $exact ->
    [yes] {""}
   *[no] {" (посчитаны для плана, до остановки REI)"}
}: { $rows }. { $met ->
    [yes] Цель { $rpo } (RPO) выдержана.
   *[no] Цель { $rpo } (RPO) превышена.
}
incident-doc-loss-no-rows = { $exact ->
    [yes] Данные за { $minutes ->
        [one] { $minutes } минуту
        [few] { $minutes } минуты
       *[many] { $minutes } минут
    }
   *[no] Данные не более чем за { $minutes ->
        [one] { $minutes } минуту
        [few] { $minutes } минуты
       *[many] { $minutes } минут
    }
}; новых строк в посчитанных таблицах не было{ $exact ->
    [yes] {""}
   *[no] {" (посчитано для плана, до остановки REI)"}
}. { $met ->
    [yes] Цель { $rpo } (RPO) выдержана.
   *[no] Цель { $rpo } (RPO) превышена.
}
incident-doc-loss-rows-unknown = { $exact ->
    [yes] Данные за { $minutes ->
        [one] { $minutes } минуту
        [few] { $minutes } минуты
       *[many] { $minutes } минут
    }
   *[no] Данные не более чем за { $minutes ->
        [one] { $minutes } минуту
        [few] { $minutes } минуты
       *[many] { $minutes } минут
    }
}; сколько строк, неизвестно: старую базу прочитать не удалось. { $met ->
    [yes] Цель { $rpo } (RPO) выдержана.
   *[no] Цель { $rpo } (RPO) превышена.
}
incident-doc-missing = Пока не написано.
incident-doc-by = { $by }, { $at }
incident-doc-suspected = Предположения наблюдения в тот момент, не доказано:
incident-doc-suspect = { $cause } ({ $certainty }). { $evidence }
incident-doc-suspect-run = Тревоги не было. Сценарий «{ $scenario }» выбрал человек: { $by }.
incident-doc-no-items = Пока нет.
incident-doc-done = Сделано { $on } ({ $by })
incident-doc-late = Просрочено
incident-doc-to-do = Не сделано
incident-doc-chart = Тревоги, простои и восстановления во времени
incident-doc-course = Начато: { $by }; сценарий { $runbook }, версия { $version }. Итог: { $outcome }.
incident-doc-course-backup = Начато: { $by }; сценарий { $runbook }, версия { $version }. Восстановлена копия от { $backup }, её возраст тогда — { $age }. Итог: { $outcome }.
incident-doc-wait = Ожидание согласия: { $gate }
incident-doc-quarantine = Старая база лежит в { $folder }.
incident-doc-source = Составлено программой rei-recovery { $at } по её журналу аудита (записи { $first }–{ $last }), журналам восстановлений и словам людей.
incident-column-number = №
incident-column-what = Что
incident-column-owner = Кто
incident-column-due = До
incident-column-state = Состояние
incident-column-time = { $day } ({ $zone })
incident-column-happened = Что произошло
incident-column-step = Шаг
incident-column-began = Начало
incident-column-took = Заняло
incident-column-result = Итог
incident-step-pending = не начат
incident-step-running = выполняется
incident-step-doubt = неизвестно
incident-step-failed = не удался
incident-step-undone = отменён
incident-step-not-due = не понадобился
incident-step-done = выполнен
incident-step-skipped = пропущен: { $by }, { $reason }
incident-wait-granted = согласие: { $by }
incident-wait-denied = отказ: { $by }
incident-wait-expired = никто не ответил
incident-wait-voided = утратил силу
incident-wait-waits = ответа ещё нет

# Хронология.
incident-line-alert = Тревога: { $cause }
incident-line-alert-over = Тревога закончилась через { $lasted }: { $cause }
incident-line-opened = { $by }: инцидент открыт
incident-line-closed = { $by }: инцидент закрыт
incident-line-started = { $by }: начато восстановление { $run } ({ $title })
incident-line-asked = { $run }: запрошено согласие — { $gate }
incident-line-approved = { $run }: { $by } даёт согласие через { $waited } — { $gate }
incident-line-denied = { $run }: { $by } отказывает через { $waited } — { $gate }
incident-line-expired = { $run }: на запрос никто не ответил — { $gate }
incident-line-voided = { $run }: запрос утратил силу — { $gate }
incident-line-done = { $run }, выполнено: { $steps }
incident-line-failed = { $run }, не удалось{ $times ->
    [one] {""}
    [few] {" "}{ $times } раза
   *[many] {" "}{ $times } раз
}: { $step }. { $why }
incident-line-doubt = { $run }, исход неизвестен: { $step }
incident-line-told = { $run }: { $by } говорит, что это { $happened ->
    [yes] произошло
   *[no] не произошло
}: { $step }
incident-line-skipped = { $run }: { $by } пропускает «{ $step }»: { $reason }
incident-line-retried = { $run }: { $by } просит повторить: { $step }
incident-line-cancelled = { $run }: { $by } останавливает восстановление
incident-line-resumed = { $run }: { $by } продолжает восстановление
incident-line-roll-back = { $run }: { $by } просит вернуть всё назад
incident-line-undone = { $run }, возвращено назад: { $steps }
incident-line-undo-failed = { $run }, вернуть назад не удалось: { $step }. { $why }
incident-line-ended = { $run } закончен через { $took }: { $outcome }
incident-line-full-check = Полная проверка восстановленной базы: { $passed ->
    [yes] всё в порядке
    [no] не пройдена
   *[unknown] провести не удалось
}
incident-line-noticed = Разослано уведомление; получателей: { $count }
incident-line-program = Запущена программа rei-recovery
incident-line-note = { $by }: { $text }{ $picture ->
    [yes] {" "}(фото)
   *[no] {""}
}

# Картинка.
incident-picture-run = Запуск { $run }
incident-picture-alert = тревога
incident-picture-down = служба не работала
incident-picture-troubled = служба со сбоями
incident-picture-work = шаг в работе
incident-picture-failed = неудавшийся шаг
incident-picture-waiting = ожидание людей
incident-picture-note = заметка

# Консоль.
cli-incident-incident = Инцидент
cli-incident-since = С
cli-incident-title = Название
cli-incident-state = Состояние
cli-incident-open = открыт
cli-incident-over = позади, не закрыт
cli-incident-closed = закрыт
cli-incident-noted = Записано в { $incident }.
cli-incident-opened = { $incident } открыт с этим названием.
cli-incident-written = { $incident } записан в { $file }.

# Журнал аудита.
audit-open-incident = { $outcome ->
    [ok] { $by ->
        [person] { $actor }: открыт инцидент { $title }
       *[program] Открыт инцидент { $title }: { $because }
    }
   *[other] { $actor }: попытка открыть инцидент
}
audit-join-incident = К инциденту { $title } добавлено: { $because }
audit-name-incident = { $actor }: у инцидента { $title } новое название
audit-note-incident = { $outcome ->
    [ok] { $actor }: заметка в инциденте { $title }
   *[other] { $actor }: попытка сделать заметку в инциденте
}
audit-write-incident = { $outcome ->
    [ok] { $actor }: дополнен отчёт об инциденте { $title }
   *[other] { $actor }: попытка дополнить отчёт об инциденте { $title }
}
audit-add-action = { $outcome ->
    [ok] { $actor }: новая задача в инциденте { $title }
   *[other] { $actor }: попытка добавить задачу в инцидент { $title }
}
audit-finish-action = { $outcome ->
    [ok] { $actor }: сделана задача инцидента { $title }
   *[other] { $actor }: попытка отметить задачу инцидента { $title } сделанной
}
audit-reopen-action = { $outcome ->
    [ok] { $actor }: задача инцидента { $title } снова не сделана
   *[other] { $actor }: попытка вернуть задачу инцидента { $title }
}
audit-close-incident = { $outcome ->
    [ok] { $by ->
        [person] { $actor }: закрыт инцидент { $title }
       *[program] Инцидент { $title } закрыт: тревоги закончились, и никто ничего не написал
    }
   *[other] { $actor }: попытка закрыть инцидент { $title }
}

# Почему с инцидентом ничего не сделано.
error-unknown-incident = Инцидента { $incident } нет. /incident list показывает все.
error-no-incident = Открытых инцидентов нет. /incident с названием открывает новый.
error-incident-closed = { $incident } уже закрыт.
error-incident-answer-changed = Тем временем на этот вопрос ответил кто-то другой. Ваш ответ не записан. Что там теперь, видно в следующем сообщении; чтобы заменить, отправьте свой ещё раз.
error-incident-full = В { $incident } уже столько заметок, фото или задач, сколько помещается. Ничего не добавлено.
error-no-words = Ничего не написано. Нужен текст, а для заметки годится и фото.
error-unknown-item = В { $incident } нет задачи { $number }.
