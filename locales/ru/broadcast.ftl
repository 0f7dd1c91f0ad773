# Уведомления пользователям REI.
command-broadcast = Уведомление пользователям REI
notice-argument-wrong = После /broadcast может стоять <code>list</code> или ничего, но не «{ $given }».
notice-in-private = Уведомления пишутся в личном чате, чтобы никто не принял черновик за уведомление. Откройте чат с этим ботом и отправьте там /broadcast; запрос на одобрение придёт сюда.
notice-list-title = <b>Последние уведомления</b>
notice-list-none = Уведомлений ещё не было. /broadcast начнёт новое.
notice-list-line = <b>{ $notice }</b>{ $task ->
    [correct] {" "}(исправление)
    [delete] {" "}(удаление)
   *[send] {""}
} · { $phase } · { $sent } из { $total } · { $at } · { $by }

# Уведомление, пока его пишут.
notice-draft-title = <b>{ $task ->
    [correct] { $notice } · исправление { $of }
    [delete] { $notice } · удаление { $of }
   *[send] Уведомление { $notice }
} · черновик</b>
notice-asked-title = <b>{ $task ->
    [correct] { $notice } · исправление { $of }
    [delete] { $notice } · удаление { $of }
   *[send] Уведомление { $notice }
} · ждёт одобрения</b>
notice-dropped-title = <b>{ $task ->
    [correct] { $notice } · исправление { $of }
    [delete] { $notice } · удаление { $of }
   *[send] Уведомление { $notice }
} · не отправлено</b>
notice-language = { $tag ->
    [en] английский
    [ru] русский
   *[other] { $tag }
}
notice-says = <b>Текст ({ $language })</b>{ $others ->
    [yes] , он же для всех остальных языков
   *[no] {""}
}: { $text } <i>({ $units } из { $limit })</i>
notice-says-nothing = Пока ничего не написано. Нажмите «Текст» и напишите или выберите готовое.
notice-media = { $kind ->
    [photo] Картинка
    [video] Видео
   *[document] Файл
}{ $named ->
    [yes] {" "}{ $name }
   *[no] {""}
}, { $size }
notice-button = Кнопка «{ $label }»: { $url }
notice-for = Кому: { $rule }
notice-counting = Считаю…
notice-count = <b>{ $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[other] { $count } человек
}</b> · { $source }
notice-left-out = Не войдут: заблокировали REI — { $blocked }, недавно получали уведомление — { $spared }, неизвестны REI — { $unknown }.
notice-urgent = Срочное: идёт раньше несрочных.
notice-over-limit = Больше { $limit } человек: одобрить должен кто-то другой.
notice-change-voids = Если сейчас что-то изменить, запрос потеряет силу и его придётся отправить снова.
notice-given-up = Отменено. Ничего не отправлено.
notice-voided = <b>Не действует</b> с { $at }: уведомление изменили. На одобрение его нужно отправить снова.
notice-task-correct = Меняет сообщение, которое люди получили от { $of }.
notice-task-delete = Убирает сообщение, которое люди получили от { $of }. Telegram разрешает это 48 часов.

list-source-database = список из базы REI, { $at }
list-source-own-copy = база REI не читается: собственная копия списка, на { $at }
list-source-campaign = те, у кого есть это сообщение, { $at }
audience-everyone = все
audience-active = кто был активен за { $span ->
    [one] последний { $span } день
    [few] последние { $span } дня
   *[other] последние { $span } дней
}
audience-open-payments = у кого не закрыт платёж, начатый за { $span ->
    [one] последний { $span } час
    [few] последние { $span } часа
   *[other] последние { $span } часов
}
audience-troubled-jobs = у кого за { $span ->
    [one] последний { $span } час
    [few] последние { $span } часа
   *[other] последние { $span } часов
} не выполнено или не удалось задание{ $provider ->
    [any] {""}
   *[other] {" "}({ $provider })
}
audience-listed = { $count ->
    [one] { $count } id из файла
    [few] { $count } id из файла
   *[other] { $count } id из файла
}
audience-concerned = те, кого затронуло восстановление
audience-reached = те, у кого есть это сообщение
audience-rule = { $who }{ $only ->
    [yes] , язык { $language }
   *[no] {""}
}{ $spare ->
    [0] {""}
   *[other] , кроме получивших уведомление за последние { $spare } ч
}; заблокировавшие REI никогда не входят
audience-short-everyone = Все
audience-short-active = Активные { $span } д
audience-short-open-payments = Открытые платежи { $span } ч
audience-short-troubled-jobs = Сбои заданий { $span } ч

# Кнопки.
notice-text-button = Текст: { $language }{ $there ->
    [yes] {" "}✓
   *[no] {""}
}
notice-other-language = Другой язык
notice-link = Кнопка
notice-ready = Готовое
notice-audience = Кому
notice-preview = Предпросмотр
notice-urgent-button = { $on ->
    [yes] Срочное ✓
   *[no] Срочное
}
notice-send = Отправить
notice-cancel = Отменить
notice-pause = Пауза
notice-back = Назад
notice-remove = Убрать этот текст
notice-fallback = Для всех остальных языков
notice-no-link = Без кнопки
notice-ids = Список id
notice-written = Другое…
notice-all-languages = Все языки
notice-spare = { $on ->
    [yes] Кроме получивших за { $hours } ч ✓
   *[no] Кроме получивших за { $hours } ч
}
notice-csv-button = CSV
notice-correct = Исправить
notice-delete = Удалить
notice-repeat = Отправить снова неясным ({ $count })
notice-repeat-yes = Да, отправить снова
notice-mark = Сообщить REI: недоступны { $count }
notice-mark-yes = Да, записать
notice-leave = Нет

# Вопросы и ответы.
notice-ask-text = Отправьте текст ({ $language }) так, как его должны увидеть пользователи: с жирным шрифтом, ссылками, эмодзи. Или картинку, видео или файл с подписью. Без подписи останется прежний текст. Текст, который начинается с «/», — это команда, он не будет принят. /cancel оставит всё как есть.
notice-ask-language = Какой язык? Отправьте его код, как в Telegram: <code>de</code>, <code>uz</code>, <code>pt-br</code>.
notice-ask-button = Отправьте надпись и ссылку кнопки, в двух строках:
    <code>Подробнее</code>
    <code>https://example.org/news</code>
notice-ask-maintenance = Отправьте две строки: с какого и до какого времени, так, как это прочтут пользователи на всех языках:
    <code>28.11 02:00 MSK</code>
    <code>28.11 03:30 MSK</code>
notice-ask-audience = Напишите, кому: <code>everyone</code>, <code>active:14d</code>, <code>open-payments:6h</code>, <code>troubled-jobs:6h</code>, <code>troubled-jobs:6h:kling</code>.
notice-ask-ids = Отправьте файл .txt или .csv, по одному id Telegram в строке, или сами строки.
notice-taken = Принято как текст ({ $language }), { $units ->
    [one] { $units } знак
    [few] { $units } знака
   *[other] { $units } знаков
}. Он показан в уведомлении выше; «Предпросмотр» пришлёт его вам так, как увидят пользователи.
notice-blanks-wrong = Нужны две строки, каждая не длиннее 60 знаков. Отправьте их ещё раз.
notice-audience-title = <b>Кому?</b> Сейчас: { $rule }
notice-audience-database = Кто это, знает только база REI.
notice-audience-wrong = Так никого не найти. Напишите, например, <code>active:14d</code> или <code>open-payments:6h</code>.
notice-strange-lines = { $count ->
    [one] { $count } строка без id пропущена.
    [few] { $count } строки без id пропущены.
   *[other] { $count } строк без id пропущено.
}
notice-no-album = Альбом уведомлением не отправить. Пришлите одну картинку, видео или файл.
notice-no-such-kind = Уведомление — это текст, картинка, видео или файл. Пришлите что-то из этого.
notice-file-unasked = Если это для уведомления: /broadcast, затем «Текст», затем отправьте ещё раз.
notice-file-lost = Telegram не отдал файл ({ $why }). Отправьте его ещё раз.
notice-ready-title = <b>Готовые уведомления</b>, сразу на всех языках. Они заменят написанное.
notice-ready-line = <b>{ $name }</b>: { $text }
ready-jobs-delayed = Задержки
ready-payments-delayed = Платежи с задержкой
ready-payments-settled = Платежи обработаны
ready-recovered = Всё снова работает
ready-maintenance = Технические работы
notice-recovered = Всё снова работает. Спасибо за терпение. Если чего-то не хватает, напишите в поддержку.
notice-maintenance = Технические работы с { $from } до { $until }. В это время бот может не отвечать. Ваши заказы и платежи сохранятся.
notice-preview-arrived = Предпросмотр — в вашем чате с ботом REI, { $count ->
    [one] { $count } сообщение
    [few] { $count } сообщения, по одному на язык
   *[other] { $count } сообщений, по одному на язык
}. Именно это увидят пользователи.
notice-preview-start = Бот REI не может вам написать: вы его не запускали или заблокировали. Откройте его в Telegram, нажмите «Старт», затем «Предпросмотр».
notice-preview-refused = Telegram не принимает это сообщение, так что и пользователи его не получат: { $why }
notice-preview-not-now = Сейчас предпросмотр отправить не удалось ({ $why }). Попробуйте чуть позже.

notice-problem-empty = { $language ->
    [none] {""}
   *[other] Текст ({ $language }):{" "}
}ничего не написано. Нажмите «Текст» и напишите.
notice-problem-too-long = { $language ->
    [none] {""}
   *[other] Текст ({ $language }):{" "}
}слишком длинно. Здесь { $units } знаков, а Telegram принимает { $limit }. Отправьте короче.
notice-problem-too-many-entities = { $language ->
    [none] {""}
   *[other] Текст ({ $language }):{" "}
}слишком много оформления. Оформленных частей { $count }, Telegram сохраняет { $limit }. Отправьте ещё раз, проще.
notice-problem-file-too-large = { $language ->
    [none] {""}
   *[other] Текст ({ $language }):{" "}
}файл слишком большой ({ $bytes }). Можно не больше { $limit }. Отправьте файл поменьше.
notice-problem-label = { $language ->
    [none] {""}
   *[other] Текст ({ $language }):{" "}
}надпись кнопки — от 1 до { $limit } знаков. Отправьте надпись и ссылку ещё раз.
notice-problem-link = { $language ->
    [none] {""}
   *[other] Текст ({ $language }):{" "}
}ссылка кнопки должна начинаться с https://, http:// или tg://. Отправьте надпись и ссылку ещё раз.

# Запрос на одобрение.
notice-request-title = <b>Нужно одобрение · { $task ->
    [correct] { $notice }, исправление { $of }
    [delete] { $notice }, удаление { $of }
   *[send] уведомление { $notice }
}</b>
notice-settled-title = <b>Одобрение · { $task ->
    [correct] { $notice }, исправление { $of }
    [delete] { $notice }, удаление { $of }
   *[send] уведомление { $notice }
}</b>
notice-request-by = { $task ->
    [correct] { $by } просит изменить сообщение у пользователей REI:
    [delete] { $by } просит убрать сообщение у пользователей REI:
   *[send] { $by } просит отправить это пользователям REI от имени REI:
}
notice-request-replaced = Этот запрос не действует: уведомление изменили и запросили заново.
notice-takes = Займёт около { $length } при { $rate } в секунду.
notice-costs = <b>Стоит до { $stars ->
    [one] { $stars } звезды
   *[other] { $stars } звёзд
} Telegram</b> бота REI.
notice-word-ask = <a href="tg://user?id={ $id }">{ $name }</a>, это уведомление запросили вы сами. Чтобы одобрить его, ответьте на это сообщение словом <b>{ $word }</b>. /cancel оставит запрос открытым.
    .placeholder = Слово
toast-denied-notice = Отклонено. Ничего не отправляется.

# Во время рассылки.
notice-live-title = <b>{ $task ->
    [correct] { $notice } · исправление { $of }
    [delete] { $notice } · удаление { $of }
   *[send] Уведомление { $notice }
}</b>
campaign-phase-draft = черновик
campaign-phase-asked = ждёт одобрения
campaign-phase-ready = ждёт очереди
campaign-phase-sending = рассылается
campaign-phase-paused = на паузе
campaign-phase-done = закончено
campaign-phase-aborted = прервано
campaign-phase-dropped = не отправлено
notice-bar = { $bar } { $done } из { $total }
notice-pace = { $rate } в секунду, осталось около { $length }
notice-pace-expected = Осталось около { $length } при { $rate } в секунду
notice-standings = { $parts }
standing-pending = впереди { $count }
standing-sending = в пути { $count }
standing-sent = отправлено { $count }
standing-ambiguous = неясно { $count }
standing-blocked = недоступны { $count }
standing-failed = отказов { $count }
notice-not-reached = не отправлялось { $count }
notice-gist = { $media ->
    [photo] [картинка]{" "}
    [video] [видео]{" "}
    [document] [файл]{" "}
   *[none] {""}
}{ $text }
notice-by = Запрос: { $by }

# Отчёт.
notice-report-title = <b>Отчёт { $task ->
    [correct] { $notice } · исправление { $of }
    [delete] { $notice } · удаление { $of }
   *[send] { $notice }
}</b>
notice-took = С { $begun } до { $ended }: { $length }, { $rate } в секунду.
notice-figure = • { $said }
notice-gone = Недоступны: { $parts }
gone-blocked = заблокировали REI — { $count }
gone-deactivated = удалили аккаунт — { $count }
gone-never-started = не запускали REI — { $count }
notice-csv = Все получатели { $notice } и что с каждым стало.
notice-csv-failed = Сейчас файл отправить не удалось. Нажмите CSV ещё раз.
notice-sure-repeat = <b>Отправить { $notice } снова неясным ({ $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[other] { $count } человек
})?</b> Ответ на первую отправку потерян: у кого сообщение уже есть, получит его второй раз.
notice-sure-mark = <b>Записать в базу REI, что недоступны { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[other] { $count } человек
} из { $notice }?</b> REI и следующие уведомления их пропустят. Снимет ли REI отметку, когда человек вернётся, зависит от самого REI.
notice-sure-abort = <b>Прервать { $notice }?</b> Не получат: { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[other] { $count } человек
}. Продолжить потом будет нельзя.
notice-marked = Записано: { $count ->
    [one] изменена { $count } строка
    [few] изменены { $count } строки
   *[other] изменено { $count } строк
} пользователей REI.
notice-toast-taken = Принято.
notice-toast-removed = Убрано.
notice-toast-counting = Принято. Считаю…
notice-toast-dropped = Отменено. Ничего не отправлено.
notice-toast-preview = Предпросмотр отправляется.
notice-toast-asking = Составляю список…
notice-toast-paused = Пауза. Кому отправляется в эту секунду, тот ещё получит.
notice-toast-resumed = Рассылка продолжается.
notice-toast-aborted = Прервано. Больше никто не получит.
notice-toast-marking = Записываю…
notice-toast-begun = Начато: смотрите личный чат с этим ботом.
notice-toast-csv = Файл отправляется.

# Что делать, если сбой остановил уведомление или мешает ему.
notice-failure-stopped = { $failure ->
    [bot-token-refused] С ним и сам REI никому не ответит. Сверьте REI_BOT_TOKEN с настройками REI, перезапустите эту программу и нажмите «Продолжить».
    [bot-token-missing] Задайте его, перезапустите эту программу и нажмите «Продолжить».
   *[other] Нажмите «Продолжить». Кто точно получил, второй раз не получит.
}
notice-failure-goes-on = Попытки повторяются сами, не реже раза в минуту; никто из-за этого не будет пропущен. «Пауза» их остановит.
