command-contacts = Emergency contacts, and who is on call

contact-system-admin = System Admin
contact-database-admin = Database Admin
contact-on-call-engineer = On-Call Engineer
contact-yookassa-support = YooKassa Support
contact-nano-banana-support = Nano Banana Support

contacts-title = <b>Emergency contacts</b>
contacts-role = <b>{ $title }:</b>
contacts-value = { $value }
contacts-person = <a href="tg://user?id={ $id }">{ $name }</a>
contacts-unknown = <i>not filled in</i>
contacts-on-call = On call this week: <b>{ $title }</b> —
contacts-next = Next week: { $title }
contacts-nobody-on-call = Nobody is on call this week.
contacts-page = Page on-call
contacts-changed = <i>(changed in the chat)</i>
contacts-reset = As in contacts.toml
contacts-edit = Edit
contacts-back = Back
contacts-choose = <b>Whose contact is to be changed?</b>
contacts-paged = — <b>you are wanted.</b> { $by } pages on-call ({ $title }).
contacts-paged-run = Under way: { $run } · { $title }.
contacts-paged-unreadable = Under way: { $run }. Its plan cannot be read.
contacts-paged-alert = Alert: { $cause }.
contacts-paged-more = Further alerts: { $more }. /status shows all.
contacts-paged-quiet = No recovery is under way and no alert is open.
contacts-paged-toast = On-call is mentioned in the group. Recorded with your name.

contact-field-name = Name
contact-field-phone = Phone
contact-field-telegram = Telegram
contact-field-email = E-mail
contact-ask-name = <a href="tg://user?id={ $id }">{ $name }</a>, what is the name of { $title }? Reply to this message; a hyphen alone takes the name away. /cancel leaves everything as it is.
    .placeholder = Anna Ivanova
contact-ask-phone = <a href="tg://user?id={ $id }">{ $name }</a>, what is the phone number of { $title }? Reply to this message with + and the country's code first; a hyphen alone takes the number away. /cancel leaves everything as it is.
    .placeholder = +7 912 345-67-89
contact-ask-telegram = <a href="tg://user?id={ $id }">{ $name }</a>, what is the Telegram account of { $title }? Reply to this message with the name or the account's number; a hyphen alone takes it away. /cancel leaves everything as it is.
    .placeholder = @anna_ops
contact-ask-email = <a href="tg://user?id={ $id }">{ $name }</a>, what is the e-mail address of { $title }? Reply to this message; a hyphen alone takes the address away. /cancel leaves everything as it is.
    .placeholder = ops@example.org
contact-invalid-name = A name has 1 to 60 characters. Type it again, or /cancel.
contact-invalid-phone = That is no phone number with its country. Example: +7 912 345-67-89. Type it again, or /cancel.
contact-invalid-telegram = That is no Telegram account. A name has 5 to 32 letters, digits and underscores, for example @anna_ops; or give the account's number. Type it again, or /cancel.
contact-invalid-email = That is no e-mail address. Example: ops@example.org. Type it again, or /cancel.

error-unknown-role = There is no role “{ $given }” among the contacts any more. /contacts shows all.
error-nobody-on-call = Nobody is on call this week. Fill in the on-call role in contacts.toml.
error-on-call-without-account = Whoever is on call has no Telegram account in the contacts, so nobody can be mentioned. /contacts shows the phone number, and Edit adds the account.
error-paged-lately = { $by } paged on-call { $at }. It is possible again five minutes later; the phone number stands in /contacts.
why-unknown-role = no role “{ $given }”
why-nobody-on-call = nobody is on call
why-on-call-without-account = on-call has no Telegram account
why-paged-lately = paged by { $by } a short while before

audit-edit-contact = { $outcome ->
    [ok] { $actor } changed the contact { $title }: { $field ->
        [name] name
        [phone] phone
        [telegram] Telegram
        [email] e-mail
        [file] back to contacts.toml
       *[other] { $field }
    }
   *[other] { $actor } wanted to change the contact { $title }
}
audit-page-on-call = { $outcome ->
    [ok] { $actor } paged on-call: { $title }
   *[other] { $actor } wanted to page on-call
}

cli-contacts-role = Role
cli-contacts-name = Name
cli-contacts-phone = Phone
cli-contacts-telegram = Telegram
cli-contacts-email = E-mail
cli-contacts-on-call = On call this week: { $title }
