# Rates: more than a hand can do.
limits-press = Too many presses at once. This one changed nothing. Wait { $wait }; I will not say this again before.
limits-command = { $name }, that is too many messages at once. I do not read them for { $wait } and will not say this again before.
audit-turn-away = { $count ->
    [one] One more message or press of strangers was not looked at
   *[other] { $count } more messages and presses of strangers were not looked at
}
