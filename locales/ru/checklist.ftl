command-checklist = Что осталось сделать после восстановления

checklist-services = Все службы работают
checklist-database = Целостность базы проверена
checklist-ledger = Балансы сходятся с журналом операций
checklist-payments = Платежи проходят
checklist-queue = Очередь задач движется
checklist-webhook = События по вебхуку приходят
checklist-monitoring = Панели мониторинга обновляются
checklist-report = Отчёт об инциденте готов
checklist-team = Команда знает
checklist-users = Пользователи знают (если их это касается)

checklist-title = <b>Контрольный список { $checklist }</b>{ $about ->
    [run] {" "}после { $name }{ $scenario ->
        [none] {""}
       *[other] {" "}«{ $scenario }»
    }
    [drill] {" "}после учений { $name }
   *[hand] {""}
}
checklist-progress = Открыт { $at }, { $by }. Готово: { $settled } из { $lines }.
checklist-line = { $state ->
    [ticked] ☑
    [waived] ⊘
    [fell] ⚠
   *[open] ☐
} { $number }. { $text }
checklist-by = — { $by }, { $at }
checklist-otherwise = <b>Но:</b> { $evidence }
checklist-proved = — { $evidence } С { $at }.
checklist-waived = — не касается: { $reason } ({ $by }, { $at })
checklist-fell = — <b>снова открыто с { $at }:</b> { $evidence }
checklist-not-yet = — { $evidence } С { $at }.
checklist-seen = — открыто вручную, поэтому отметить должен человек. { $evidence } С { $at }.
checklist-closed = <b>Закрыт</b>: { $by }, { $at }.
checklist-reminder = <b>{ $checklist } всё ещё открыт</b>, прошло { $length }. { $left ->
    [0] Все пункты готовы, осталось его закрыть.
    [one] Остался { $left } пункт:
    [few] Осталось { $left } пункта:
   *[other] Осталось { $left } пунктов:
}
checklist-tick = Отметить { $number }
checklist-waive = Не касается { $number }
checklist-untick = Снять { $number }
checklist-refresh = Проверить снова
checklist-close = Закрыть
checklist-show = Показать список
checklist-ticked = Отмечено. Записано с вашим именем.
checklist-unticked = Снова открыто. Теперь отметить этот пункт может только человек.
checklist-refreshed = Проверено снова.
checklist-closed-toast = Закрыто. Записано с вашим именем.
checklist-why = <a href="tg://user?id={ $id }">{ $name }</a>, почему пункт «{ $line }» в этот раз не касается дела? Ответьте на это сообщение причиной. Она попадёт в журнал аудита. /cancel оставит пункт как есть.
    .placeholder = Причина
checklist-waived-done = Записано: в этот раз не касается.

# Что увидела проверка, и где она видит обратное. Целыми предложениями.
proved-drill = Учение увидело это на своей копии.
refuted-drill = Учение увидело на своей копии обратное: подробности в разборе.
proved-services = Работают: { $units }.
refuted-services = Работают не так, как должны: { $units }.
proved-database = Проверена { $at }, ошибок нет.
refuted-database = База повреждена или не читается: подробности в /status.
proved-ledger = Каждый баланс равен сумме своих операций.
refuted-ledger = { $count ->
    [one] { $count } баланс не равен сумме своих операций.
    [few] { $count } баланса не равны сумме своих операций.
   *[other] { $count } балансов не равны сумме своих операций.
}
proved-payments = Платёж, начатый { $at }, прошёл.
refuted-payments = Платежи проходят не так, как должны: подробности в /status.
proved-queue = Воркеров: { $workers }, ждёт задач: { $depth }, ничего не застряло.
refuted-queue = Очередь движется не так, как должна: подробности в /status.
proved-webhook = Telegram доставляет события в REI без ошибок, ждёт: { $pending }.
refuted-webhook = Telegram доставляет события в REI не так, как должен: подробности в /status.
proved-monitoring = Метрики прочитаны { $age } назад.
refuted-monitoring = Метрики никто не читал уже { $age }.
proved-team = В этой группе есть всё, что нужно было сообщить; последнее — { $at }.
refuted-team = { $count ->
    [one] { $count } сообщение ждёт Telegram.
    [few] { $count } сообщения ждут Telegram.
   *[other] { $count } сообщений ждут Telegram.
}
proved-users = Уведомление { $notice } разослано, получили: { $count }.
proved-report = Отчёт { $report } заполнен.

error-unknown-checklist = В { $checklist } нет такого пункта, или нет такого списка. /checklist покажет последний.
error-checklist-closed = { $checklist } закрыт. Ничего не изменилось.
error-line-moved-on = Этот пункт тем временем изменился; ничего не потеряно. Посмотрите на сообщение ещё раз.
error-lines-left = { $left ->
    [one] Открыт { $left } пункт: закончите его или скажите, что он не касается дела.
    [few] Открыты { $left } пункта: закончите их или скажите, что они не касаются дела.
   *[other] Открыто { $left } пунктов: закончите их или скажите, что они не касаются дела.
}
why-unknown-checklist = нет такого пункта
why-checklist-closed = { $checklist } был закрыт
why-line-moved-on = пункт уже изменился
why-lines-left = не все пункты готовы

audit-open-checklist = { $outcome ->
    [ok] { $actor }: открыт контрольный список { $title }
   *[other] { $actor }: попытка открыть контрольный список
}
audit-tick-line = { $outcome ->
    [ok] { $actor }: отмечено «{ $title }», { $checklist }
   *[other] { $actor }: попытка отметить «{ $title }»
}
audit-untick-line = { $outcome ->
    [ok] { $actor }: снова открыто «{ $title }», { $checklist }
   *[other] { $actor }: попытка снова открыть «{ $title }»
}
audit-waive-line = { $outcome ->
    [ok] { $actor }: не касается «{ $title }», { $checklist }
   *[other] { $actor }: попытка признать, что «{ $title }» не касается дела
}
audit-close-checklist = { $outcome ->
    [ok] { $actor }: закрыт контрольный список { $title }
   *[other] { $actor }: попытка закрыть контрольный список { $title }
}

cli-checklist-none = Открытого списка нет. Его открывает восстановление, учение или /checklist.
cli-checklist-closed = { $checklist } закрыт.
cli-checklist-no-line = Пункта { $number } нет. Все пункты покажет `checklist show`.
cli-checklist-line = { $number }. { $text } – { $state ->
    [ticked] сделано ({ $by })
    [waived] не касается ({ $by })
    [proved] доказано
   *[open] открыто
}
