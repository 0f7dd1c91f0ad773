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
