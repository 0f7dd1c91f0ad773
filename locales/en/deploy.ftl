service-works = Works; updates come in from Telegram.
service-no-telegram = Works; Telegram has not answered yet or does not answer now. The console can be used.
deploy-polkit-head = The units that rei-recovery may start and stop, and no others. Made by: rei-recovery deploy print-polkit
deploy-unit-head = The folders that a recovery writes and reads. Made by: rei-recovery deploy print-unit
