service-works = Работает; обновления из Telegram приходят.
service-no-telegram = Работает; Telegram ещё не ответил или сейчас не отвечает. Консолью можно пользоваться.
deploy-polkit-head = Службы, которые rei-recovery может запускать и останавливать, и никакие другие. Создано командой: rei-recovery deploy print-polkit
deploy-unit-head = Папки, в которые пишет и которые читает восстановление. Создано командой: rei-recovery deploy print-unit
