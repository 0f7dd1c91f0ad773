# По строке на запись, после номера, времени и запуска. { $outcome }: ok, failed, refused, unknown, pending.
audit-propose = { $outcome ->
    [ok] { $actor }: предложен сценарий «{ $title }»{ $backup ->
        [none] {""}
       *[other] , копия { $backup }
    }
   *[other] { $actor }: попытка предложить «{ $title }»
}
audit-start = { $outcome ->
    [ok] { $actor }: запуск начат
   *[other] { $actor }: попытка начать запуск
}
audit-ask-approval = Запрошено одобрение «{ $title }», до { $expires }
audit-approve = { $outcome ->
    [ok] { $actor }: одобрено «{ $gate }»
   *[other] { $actor }: нажато «Одобрить»
}
audit-deny = { $outcome ->
    [ok] { $actor }: отклонено «{ $gate }»
   *[other] { $actor }: нажато «Отклонить»
}
audit-expire = Срок запроса на одобрение истёк без ответа
audit-void = Запрос на одобрение утратил силу
audit-ask-again = { $actor }: одобрение «{ $title }» запрошено снова
audit-pass-step = Шаг «{ $title }» не нужен
audit-begin-step = Шаг «{ $title }» начат{ $attempt ->
    [1] {""}
   *[other] , попытка { $attempt }
}
audit-finish-step = { $outcome ->
    [failed] Шаг «{ $title }» не удался
   *[ok] Шаг «{ $title }» выполнен
}
audit-cut-off = Шаг «{ $title }»: исход неизвестен
audit-not-done = { $by ->
    [person] { $actor }: шаг «{ $title }» не выполнен
   *[program] Шаг «{ $title }» проверен: он не выполнен
}
audit-confirm-step = { $actor }: шаг «{ $title }» выполнен
audit-retry = { $outcome ->
    [ok] { $actor }: повторить «{ $title }»
   *[other] { $actor }: нажато «Повторить»
}
audit-skip = { $outcome ->
    [ok] { $actor }: пропущен шаг «{ $title }»
   *[other] { $actor }: попытка пропустить шаг
}
audit-cancel = { $outcome ->
    [ok] { $actor }: отмена
   *[other] { $actor }: попытка отменить
}
audit-resume = { $outcome ->
    [ok] { $actor }: запуск продолжен
   *[other] { $actor }: нажато «Продолжить»
}
audit-roll-back = { $outcome ->
    [ok] { $actor }: откатить всё сделанное
   *[other] { $actor }: нажато «Откатить»
}
audit-begin-undo = Начат возврат шага «{ $title }»{ $attempt ->
    [1] {""}
   *[other] , попытка { $attempt }
}
audit-finish-undo = { $outcome ->
    [failed] Вернуть шаг «{ $title }» не удалось
   *[ok] Шаг «{ $title }» возвращён назад
}
audit-retry-undo = { $actor }: ещё раз вернуть шаг «{ $title }»
audit-abort = { $outcome ->
    [ok] { $actor }: запуск прерван
   *[other] { $actor }: нажато «Прервать»
}
audit-finish-run = Запуск завершён: { $result ->
    [recovered] восстановлено
    [rolled-back] откат выполнен
    [aborted] прерван
    [denied] отклонён
    [cancelled] отменён
   *[other] { $result }
}
audit-command = { $outcome ->
    [ok] { $actor }: команда { $title }
   *[other] { $actor }: команда { $title }
}
audit-press = { $outcome ->
    [ok] { $actor }: нажато { $title }
   *[other] { $actor }: нажата кнопка
}
audit-happened = { $actor }: нажато «Да, выполнено»
audit-not-happened = { $actor }: нажато «Нет, выполнить снова»
audit-start-program = rei-recovery запущен
audit-stop-program = rei-recovery остановлен
audit-verify-backup = { $outcome ->
    [ok] Копия { $title } прошла полную проверку
    [failed] Копия { $title } не прошла проверку
   *[other] Проверка копии { $title } не дала ясного ответа
}
audit-restore-beside = { $outcome ->
    [ok] { $actor }: копия восстановлена отдельно от REI, { $title }
   *[other] { $actor }: попытка восстановить копию отдельно от REI
}
audit-copy-state = { $outcome ->
    [ok] Копии собственного состояния снова доходят до места
   *[other] Собственное состояние скопировать не удалось
}
audit-restore-state = { $actor }: на место поставлена копия собственного состояния, { $title }
audit-begin-state = { $actor }: начато с пустого состояния
audit-full-check = { $outcome ->
    [ok] Полная проверка восстановленной базы ошибок не нашла
    [unknown] Полную проверку восстановленной базы провести не удалось
   *[other] Восстановленная база не прошла полную проверку
}
audit-choose-language = { $actor }: выбран язык { $title }
audit-open-alert = Тревога { $title }
audit-close-alert = Тревога { $title } закончилась
audit-mute-alert = { $actor }: на час отключён звук тревоги { $title }
audit-unmute-alert = { $actor }: снова включён звук тревоги { $title }
audit-begin-campaign = Уведомление { $title } рассылается
audit-pause-campaign = { $by ->
    [program] Рассылка уведомления { $title } остановилась
   *[other] { $actor }: рассылка уведомления { $title } приостановлена
}
audit-postpone-campaign = Уведомление { $title } пропускает вперёд срочное
audit-finish-campaign = Рассылка уведомления { $title } закончена
audit-begin-notice = { $outcome ->
    [ok] { $actor }: начато { $task ->
        [correct] исправление уведомления
        [delete] удаление уведомления
       *[send] уведомление пользователям REI
    }
   *[other] { $actor }: попытка начать уведомление
}
audit-write-notice = { $outcome ->
    [ok] { $actor }: изменено уведомление { $title }
   *[other] { $actor }: попытка изменить уведомление { $title }
}
audit-preview-notice = { $outcome ->
    [ok] { $actor }: предпросмотр уведомления { $title }
   *[other] { $actor }: попытка предпросмотра уведомления { $title }
}
audit-ask-notice = { $outcome ->
    [pending] { $actor } просит одобрить уведомление { $title }, человек: { $count }, до { $expires }
   *[other] { $actor }: попытка отправить уведомление { $title }
}
audit-approve-notice = { $outcome ->
    [ok] { $actor }: одобрено уведомление { $title }, человек: { $count }
   *[other] { $actor }: нажатие «Одобрить» для уведомления
}
audit-deny-notice = { $outcome ->
    [ok] { $actor }: отклонено уведомление { $title }
   *[other] { $actor }: нажатие «Отклонить» для уведомления
}
audit-expire-notice = Запрос на уведомление { $title } остался без ответа
audit-clear-notice = Черновик уведомления { $title } удалён: за неделю его никто не отправил
audit-void-notice = Запрос на уведомление { $title } утратил силу: его изменили
audit-withdraw-notice = { $outcome ->
    [ok] { $actor }: отменено уведомление { $title }
   *[other] { $actor }: попытка отменить уведомление { $title }
}
audit-pause-notice = { $outcome ->
    [ok] { $actor }: приостановлено уведомление { $title }
   *[other] { $actor }: попытка приостановить уведомление { $title }
}
audit-resume-notice = { $outcome ->
    [ok] { $actor }: продолжено уведомление { $title }
   *[other] { $actor }: попытка продолжить уведомление { $title }
}
audit-abort-notice = { $outcome ->
    [ok] { $actor }: прервано уведомление { $title }
   *[other] { $actor }: попытка прервать уведомление { $title }
}
audit-repeat-notice = { $outcome ->
    [ok] { $actor }: уведомление { $title } отправляется снова неясным
   *[other] { $actor }: попытка отправить уведомление { $title } снова неясным
}
audit-mark-blocked = { $outcome ->
    [ok] { $actor }: в базу REI записано, кто недоступен по уведомлению { $title }; строк: { $count }
   *[other] { $actor }: попытка записать в базу REI, кто недоступен
}

audit-outcome-ok = выполнено
audit-outcome-failed = не удалось
audit-outcome-refused = отказано
audit-outcome-unknown = исход неизвестен
audit-outcome-pending = начато

audit-title = <b>Журнал аудита</b>
audit-empty = Журнал аудита пуст.
audit-console-actor = { $name } (консоль)
audit-repeat = <i>Возможно, повтор: ответ на первую отправку потерян.</i>

audit-reason = { $reason }
audit-ask-chore = { $late ->
    [yes] { chore-name }: срок был { $due }, программа тогда не работала; наверстывается сейчас{ $missed ->
        [0] {""}
        [one] ; пропущена ещё { $missed } дата
        [few] ; пропущены ещё { $missed } даты
       *[other] ; пропущено ещё { $missed } дат
    }
   *[no] { $actor }: запрос, { chore-name }
}
audit-begin-chore = { $late ->
    [yes] { chore-name }: срок был { $due }, начато только сейчас, раньше шло восстановление или другая работа{ $missed ->
        [0] {""}
        [one] ; заодно за { $missed } прежнюю дату
        [few] ; заодно за { $missed } прежние даты
       *[other] ; заодно за { $missed } прежних дат
    }
   *[no] { chore-name }: начато
}
audit-finish-chore = { $outcome ->
    [called-off] { chore-name }: отменено, но кое-что уже было сделано
    [failed] { $verdict ->
        [inconclusive] { chore-name }: результата нет
       *[other] { chore-name }: есть проблемы
    }
   *[ok] { chore-name }: готово, всё в порядке
}{ $backup ->
    [none] {""}
   *[other] , { $backup }
}{ $count ->
    [0] {""}
    [one] , удалена { $count } старая
    [few] , удалены { $count } старые
   *[other] , удалено { $count } старых
}
audit-cancel-chore = { $actor }: отмена, { chore-name }
audit-remind-drill = Напоминание: пора провести учения
