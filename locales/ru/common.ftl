language-name = Русский
cut-note = … Сообщение заполнено, остальное не показано.

place = { $place ->
    [folder] папка копий
    [s3] S3
   *[other] { $place }
}

unit-state = { $state ->
    [active] работает
    [activating] запускается
    [deactivating] останавливается
    [inactive] остановлен
    [failed] упал
    [unknown] неизвестно
   *[other] { $state }
}

runs = { $count ->
    [one] { $count } запуск
    [few] { $count } запуска
   *[other] { $count } запусков
}

# Чем копия нехороша, в нескольких словах.
backup-flaw = { $code ->
    [backup-empty] она пуста
    [backup-truncated] она обрывается
    [backup-damaged] она повреждена
    [checksum-mismatch] неверная контрольная сумма
    [content-mismatch] содержимое не то, что проверялось раньше
    [database-empty] база в ней пуста
    [not-a-database] в ней нет базы
    [integrity-failed] база в ней повреждена
    [foreign-keys-broken] строки ссылаются на несуществующие
    [schema-differs] нет нужных таблиц или столбцов
    [counts-implausible] число строк неправдоподобно
   *[other] { $code }
}
