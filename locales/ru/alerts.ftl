alert-title = { $state ->
    [open] <b>Тревога: { $cause }</b>
    [muted] <b>Тревога, без звука: { $cause }</b>
   *[over] <b>Закончилось: { $cause }</b>
}
alert-since = С { $since }, { $certainty }.
alert-over = С { $since } по { $until }: { $length }.
alert-flapped = { $times ->
    [one] За это время повторилось { $times } раз.
    [few] За это время повторилось { $times } раза.
   *[other] За это время повторилось { $times } раз.
}
alert-reminder = Всё ещё не решено, прошло { $length }: <b>{ $cause }</b>.
alert-mute = Без звука 1 ч
alert-unmute = Включить звук
alert-status = Статус
alert-muted = Без звука до { $until }.
alert-unmuted = Звук снова включён.
alert-gone = Эта тревога уже закончилась.
picture-caption = REI, последние 24 часа до { $at }
picture-none = Записей ещё нет: для картинки нужен MONITOR_INTERVAL больше 0 и первая проверка.
picture-failed = Картинку нарисовать не удалось. Причина — в журнале программы, остальное покажет /status.
