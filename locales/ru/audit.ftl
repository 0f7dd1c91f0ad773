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
