alert-title = { $state ->
    [open] <b>Alert: { $cause }</b>
    [muted] <b>Alert, muted: { $cause }</b>
   *[over] <b>Over: { $cause }</b>
}
alert-since = Since { $since }, { $certainty }.
alert-over = From { $since } to { $until }: { $length }.
alert-flapped = { $times ->
    [one] It came back once meanwhile.
   *[other] It came back { $times } times meanwhile.
}
alert-reminder = Still open after { $length }: <b>{ $cause }</b>.
alert-mute = Mute 1h
alert-unmute = Unmute
alert-status = Status
alert-muted = Muted until { $until }.
alert-unmuted = Not muted any more.
alert-gone = This alert is over.
picture-caption = REI, the last 24 hours up to { $at }
picture-none = Nothing was recorded yet: the picture needs MONITOR_INTERVAL above 0 and a first round.
picture-failed = The picture could not be drawn. The program's log says why; /status says the rest.
