command-contacts = Экстренные контакты и кто дежурит

contact-system-admin = Системный администратор
contact-database-admin = Администратор базы данных
contact-on-call-engineer = Дежурный инженер
contact-yookassa-support = Поддержка ЮKassa
contact-nano-banana-support = Поддержка Nano Banana

contacts-title = <b>Экстренные контакты</b>
contacts-role = <b>{ $title }:</b>
contacts-value = { $value }
contacts-person = <a href="tg://user?id={ $id }">{ $name }</a>
contacts-unknown = <i>не заполнено</i>
contacts-on-call = На этой неделе дежурит: <b>{ $title }</b> —
contacts-next = На следующей неделе: { $title }
contacts-nobody-on-call = На этой неделе не дежурит никто.
contacts-page = Позвать дежурного
contacts-changed = <i>(изменено в чате)</i>
contacts-reset = Как в contacts.toml
contacts-edit = Изменить
contacts-back = Назад
contacts-choose = <b>Чей контакт изменить?</b>
contacts-paged = — <b>вы нужны.</b> { $by } зовёт дежурного ({ $title }).
contacts-paged-run = Идёт: { $run } · { $title }.
contacts-paged-unreadable = Идёт: { $run }. Его план не читается.
contacts-paged-alert = Тревога: { $cause }.
contacts-paged-more = Ещё тревог: { $more }. Все — в /status.
contacts-paged-quiet = Восстановление не идёт, тревог нет.
contacts-paged-toast = Дежурный упомянут в группе. Записано с вашим именем.

contact-field-name = Имя
contact-field-phone = Телефон
contact-field-telegram = Telegram
contact-field-email = Почта
contact-ask-name = <a href="tg://user?id={ $id }">{ $name }</a>, как зовут: { $title }? Ответьте на это сообщение; один дефис убирает имя. /cancel оставит всё как есть.
    .placeholder = Анна Иванова
contact-ask-phone = <a href="tg://user?id={ $id }">{ $name }</a>, какой телефон: { $title }? Ответьте на это сообщение, начните с + и кода страны; один дефис убирает номер. /cancel оставит всё как есть.
    .placeholder = +7 912 345-67-89
contact-ask-telegram = <a href="tg://user?id={ $id }">{ $name }</a>, какой Telegram: { $title }? Ответьте на это сообщение именем или номером аккаунта; один дефис убирает его. /cancel оставит всё как есть.
    .placeholder = @anna_ops
contact-ask-email = <a href="tg://user?id={ $id }">{ $name }</a>, какая почта: { $title }? Ответьте на это сообщение; один дефис убирает адрес. /cancel оставит всё как есть.
    .placeholder = ops@example.org
contact-invalid-name = В имени от 1 до 60 знаков. Введите ещё раз или /cancel.
contact-invalid-phone = Это не телефон с кодом страны. Пример: +7 912 345-67-89. Введите ещё раз или /cancel.
contact-invalid-telegram = Это не аккаунт Telegram. В имени от 5 до 32 латинских букв, цифр и подчёркиваний, например @anna_ops; подойдёт и номер аккаунта. Введите ещё раз или /cancel.
contact-invalid-email = Это не адрес почты. Пример: ops@example.org. Введите ещё раз или /cancel.

error-unknown-role = Роли «{ $given }» среди контактов больше нет. /contacts покажет все.
error-nobody-on-call = На этой неделе не дежурит никто. Укажите дежурную роль в contacts.toml.
error-on-call-without-account = У дежурного в контактах нет аккаунта Telegram, упомянуть некого. Телефон — в /contacts, аккаунт добавляет кнопка «Изменить».
error-paged-lately = { $by } уже звал(а) дежурного { $at }. Снова можно через пять минут; телефон — в /contacts.
why-unknown-role = нет роли «{ $given }»
why-nobody-on-call = никто не дежурит
why-on-call-without-account = у дежурного нет аккаунта Telegram
why-paged-lately = незадолго до этого звал(а) { $by }

audit-edit-contact = { $outcome ->
    [ok] { $actor }: изменён контакт «{ $title }»: { $field ->
        [name] имя
        [phone] телефон
        [telegram] Telegram
        [email] почта
        [file] снова как в contacts.toml
       *[other] { $field }
    }
   *[other] { $actor }: попытка изменить контакт «{ $title }»
}
audit-page-on-call = { $outcome ->
    [ok] { $actor }: позван дежурный, { $title }
   *[other] { $actor }: попытка позвать дежурного
}

cli-contacts-role = Роль
cli-contacts-name = Имя
cli-contacts-phone = Телефон
cli-contacts-telegram = Telegram
cli-contacts-email = Почта
cli-contacts-on-call = Дежурит на этой неделе: { $title }
