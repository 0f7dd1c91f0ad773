# Работы, которые не восстановление и не уведомление. { $kind }: take-backup, prune, test-backups, drill.
chore-name = { $kind ->
    [take-backup] Создание копии
    [prune] Удаление старых копий
    [test-backups] Проверка копий
   *[drill] Учения
}
# { $phase }: asked, running, done, failed, cancelled, cut-off. { $good }: yes, no.
chore-title = { $phase ->
    [asked] ⏳ <b>{ chore-name } { $id }</b>: в очереди
    [running] ▶️ <b>{ chore-name } { $id }</b>: идёт
    [done] { $good ->
        [yes] ✅ <b>{ chore-name } { $id }</b>: готово, всё в порядке
       *[no] ❗ <b>{ chore-name } { $id }</b>: готово, но есть проблемы
    }
    [cancelled] ⏹ <b>{ chore-name } { $id }</b>: отменено
    [cut-off] ❗ <b>{ chore-name } { $id }</b>: оборвалось
   *[failed] ❗ <b>{ chore-name } { $id }</b>: не удалось
}
chore-by = Запрос: { $by }
chore-due = По расписанию: { $due }
chore-late = Тогда программа не работала или была занята другим. Наверстано через { $late }{ $missed ->
    [0] {""}
    [one] ; пропущена ещё { $missed } дата до этого
    [few] ; пропущены ещё { $missed } даты до этого
   *[other] ; пропущено ещё { $missed } дат до этого
}.
chore-done-before = До отмены успело произойти вот что:
chore-runs = Начато { $begun }, идёт { $took }
chore-took = Начато { $begun }, заняло { $took }
chore-transfer = { $total ->
    [0] Пока { $done }
   *[other] { $done } из { $total }
}
chore-asked = Принято. Ход работы будет в группе.
chore-called-off = Отменено
chore-over = Уже закончилось
drill-reminder = 🗓 <b>Пора провести учения</b> ({ $due }). Договоритесь о времени, когда ничего не горит, и отправьте /drill: восстановление отрабатывается на копии, рабочая система остаётся нетронутой.
