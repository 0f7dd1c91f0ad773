# Notices to REI's users. Labels of the buttons Send, Pause, Cancel are part of the contract.
command-broadcast = A notice to REI's users
notice-argument-wrong = After /broadcast nothing or <code>list</code> can stand, not “{ $given }”.
notice-in-private = Notices are written in private, so that nobody reads a draft for a notice. Open a chat with this bot and send /broadcast there; the request for approval comes here.
notice-list-title = <b>Latest notices</b>
notice-list-none = There were no notices yet. /broadcast begins one.
notice-list-line = <b>{ $notice }</b>{ $task ->
    [correct] {" "}(correction)
    [delete] {" "}(deletion)
   *[send] {""}
} · { $phase } · { $sent } of { $total } · { $at } · { $by }

# The notice while it is written.
notice-draft-title = <b>{ $task ->
    [correct] { $notice } · correction of { $of }
    [delete] { $notice } · deletion of { $of }
   *[send] Notice { $notice }
} · draft</b>
notice-asked-title = <b>{ $task ->
    [correct] { $notice } · correction of { $of }
    [delete] { $notice } · deletion of { $of }
   *[send] Notice { $notice }
} · waits for approval</b>
notice-dropped-title = <b>{ $task ->
    [correct] { $notice } · correction of { $of }
    [delete] { $notice } · deletion of { $of }
   *[send] Notice { $notice }
} · not sent</b>
notice-language = { $tag ->
    [en] English
    [ru] Russian
   *[other] { $tag }
}
notice-says = <b>{ $language }</b>{ $others ->
    [yes] , and for all other languages
   *[no] {""}
}: { $text } <i>({ $units } of { $limit })</i>
notice-says-nothing = Nothing is written yet. Press Text and write, or choose Ready notice.
notice-media = { $kind ->
    [photo] Picture
    [video] Video
   *[document] File
}{ $named ->
    [yes] {" "}{ $name }
   *[no] {""}
}, { $size }
notice-button = Button “{ $label }”: { $url }
notice-for = For: { $rule }
notice-counting = Counting…
notice-count = <b>{ $count ->
    [one] { $count } person
   *[other] { $count } people
}</b> · { $source }
notice-left-out = Left out: { $blocked } blocked REI, { $spared } had a notice lately, { $unknown } not known to REI.
notice-urgent = Urgent: goes before notices that are not.
notice-over-limit = To more than { $limit } people: another person has to approve it.
notice-change-voids = A change now makes this request void; it has to be sent again.
notice-given-up = Given up. Nothing was sent.
notice-voided = <b>Void</b> since { $at }: the notice was changed. It has to be sent for approval again.
notice-task-correct = Changes the message that { $of } left with people.
notice-task-delete = Takes away the message that { $of } left with people. Telegram allows it for 48 hours.

list-source-database = list of REI's database, { $at }
list-source-own-copy = REI's database cannot be read: own copy of the list, as of { $at }
list-source-campaign = those who have the message, { $at }
audience-everyone = everyone
audience-active = active in the last { $span ->
    [one] { $span } day
   *[other] { $span } days
}
audience-open-payments = with a payment begun in the last { $span ->
    [one] { $span } hour
   *[other] { $span } hours
} and still open
audience-troubled-jobs = with an unfinished or failed job of the last { $span ->
    [one] { $span } hour
   *[other] { $span } hours
}{ $provider ->
    [any] {""}
   *[other] {" "}({ $provider })
}
audience-listed = { $count ->
    [one] the { $count } id of the file
   *[other] the { $count } ids of the file
}
audience-concerned = those whom a recovery concerned
audience-reached = those who have the message
audience-rule = { $who }{ $only ->
    [yes] , language { $language }
   *[no] {""}
}{ $spare ->
    [0] {""}
   *[other] , not those who had a notice in the last { $spare } h
}; never those who blocked REI
audience-short-everyone = Everyone
audience-short-active = Active { $span } d
audience-short-open-payments = Open payments { $span } h
audience-short-troubled-jobs = Failed jobs { $span } h

# Buttons.
notice-text-button = Text: { $language }{ $there ->
    [yes] {" "}✓
   *[no] {""}
}
notice-other-language = Other language
notice-link = Button
notice-ready = Ready notice
notice-audience = Audience
notice-preview = Preview
notice-urgent-button = { $on ->
    [yes] Urgent ✓
   *[no] Urgent
}
notice-send = Send
notice-cancel = Cancel
notice-pause = Pause
notice-back = Back
notice-remove = Remove this text
notice-fallback = Use for all other languages
notice-no-link = No button
notice-ids = List of ids
notice-written = Other…
notice-all-languages = All languages
notice-spare = { $on ->
    [yes] Spare those noticed in { $hours } h ✓
   *[no] Spare those noticed in { $hours } h
}
notice-csv-button = CSV
notice-correct = Correct
notice-delete = Delete
notice-repeat = Send again to { $count } in doubt
notice-repeat-yes = Yes, send again
notice-mark = Tell REI: { $count } unreachable
notice-mark-yes = Yes, write it
notice-leave = No

# Questions and what comes back.
notice-ask-text = Send the text in { $language } now, as users shall see it: with bold, links, emoji. Or a picture, video or file with its caption. Without a caption it goes with the text that is there. A text that begins with “/” would be a command, and is not taken. /cancel leaves it as it is.
notice-ask-language = Which language? Send its tag as Telegram knows it: <code>de</code>, <code>uz</code>, <code>pt-br</code>.
notice-ask-button = Send the label and the link of the button, on two lines:
    <code>Read more</code>
    <code>https://example.org/news</code>
notice-ask-maintenance = Send two lines, from when and until when, as users of every language shall read it:
    <code>28.11 02:00 MSK</code>
    <code>28.11 03:30 MSK</code>
notice-ask-audience = Write for whom: <code>everyone</code>, <code>active:14d</code>, <code>open-payments:6h</code>, <code>troubled-jobs:6h</code>, <code>troubled-jobs:6h:kling</code>.
notice-ask-ids = Send a .txt or .csv file with one Telegram id a line, or the lines themselves.
notice-taken = Taken as the text in { $language }, { $units ->
    [one] { $units } character
   *[other] { $units } characters
}. The notice above shows it; Preview sends it to you as users will see it.
notice-blanks-wrong = Two lines are needed, each at most 60 characters. Send them again.
notice-audience-title = <b>For whom?</b> Now: { $rule }
notice-audience-database = Only REI's own database can tell who that is.
notice-audience-wrong = That names nobody. Write for example <code>active:14d</code> or <code>open-payments:6h</code>.
notice-strange-lines = { $count ->
    [one] { $count } line held no id and was left aside.
   *[other] { $count } lines held no id and were left aside.
}
notice-no-album = An album cannot be sent as a notice. Send one picture, video or file.
notice-no-such-kind = A notice is a text, a picture, a video or a file. Send one of these.
notice-file-unasked = If this is for a notice: /broadcast, then Text, then send it again.
notice-file-lost = Telegram did not give the file ({ $why }). Send it again.
notice-ready-title = <b>Ready notices</b>, in every language at once. They take the place of what is written.
notice-ready-line = <b>{ $name }</b>: { $text }
ready-jobs-delayed = Delays
ready-payments-delayed = Payments delayed
ready-payments-settled = Payments settled
ready-recovered = Everything works again
ready-maintenance = Maintenance window
notice-recovered = Everything works again. Thank you for waiting. If something is missing, please write to support.
notice-maintenance = We are doing maintenance from { $from } until { $until }. During that time the bot may not answer. Orders and payments that you have made are kept.
notice-preview-arrived = The preview is in your chat with REI's bot, { $count ->
    [one] { $count } message
   *[other] { $count } messages, one for each language
}. That is exactly what users will see.
notice-preview-start = REI's bot may not write to you: you have not started it, or you blocked it. Open it in Telegram, press Start, then press Preview.
notice-preview-refused = Telegram refuses this message, so users would not get it either: { $why }
notice-preview-not-now = The preview could not be sent now ({ $why }). Try again in a moment.

notice-problem-empty = { $language ->
    [none] {""}
   *[other] { $language }:{" "}
}nothing is written. Press Text and write it.
notice-problem-too-long = { $language ->
    [none] {""}
   *[other] { $language }:{" "}
}too long. It has { $units } characters and Telegram takes { $limit } here. Send it again, shorter.
notice-problem-too-many-entities = { $language ->
    [none] {""}
   *[other] { $language }:{" "}
}too much formatting. { $count } formatted pieces, and Telegram keeps { $limit }. Send it again with fewer.
notice-problem-file-too-large = { $language ->
    [none] {""}
   *[other] { $language }:{" "}
}the file is too large ({ $bytes }). At most { $limit } can be sent. Send a smaller one.
notice-problem-label = { $language ->
    [none] {""}
   *[other] { $language }:{" "}
}the button needs a label of 1 to { $limit } characters. Send label and link again.
notice-problem-link = { $language ->
    [none] {""}
   *[other] { $language }:{" "}
}the button's link must begin with https://, http:// or tg://. Send label and link again.

# The request for approval.
notice-request-title = <b>Approval needed · { $task ->
    [correct] { $notice }, correction of { $of }
    [delete] { $notice }, deletion of { $of }
   *[send] notice { $notice }
}</b>
notice-settled-title = <b>Approval · { $task ->
    [correct] { $notice }, correction of { $of }
    [delete] { $notice }, deletion of { $of }
   *[send] notice { $notice }
}</b>
notice-request-by = { $task ->
    [correct] { $by } asks to change a message of REI's users:
    [delete] { $by } asks to take a message away from REI's users:
   *[send] { $by } asks to send this to REI's users, under REI's name:
}
notice-request-replaced = This request is void: the notice was changed and asked for anew.
notice-takes = Takes about { $length } at { $rate } a second.
notice-costs = <b>Costs up to { $stars ->
    [one] { $stars } Telegram Star
   *[other] { $stars } Telegram Stars
}</b> of REI's bot.
notice-word-ask = <a href="tg://user?id={ $id }">{ $name }</a>, you asked for this notice yourself. To approve it, reply to this message with the word <b>{ $word }</b>. /cancel leaves the request open.
    .placeholder = The word
toast-denied-notice = Denied. Nothing is sent.

# While it goes out.
notice-live-title = <b>{ $task ->
    [correct] { $notice } · correction of { $of }
    [delete] { $notice } · deletion of { $of }
   *[send] Notice { $notice }
}</b>
campaign-phase-draft = draft
campaign-phase-asked = waits for approval
campaign-phase-ready = waits for its turn
campaign-phase-sending = going out
campaign-phase-paused = paused
campaign-phase-done = finished
campaign-phase-aborted = aborted
campaign-phase-dropped = not sent
notice-bar = { $bar } { $done } of { $total }
notice-pace = { $rate } a second, about { $length } left
notice-pace-expected = About { $length } left at { $rate } a second
notice-standings = { $parts }
standing-pending = { $count } to come
standing-sending = { $count } on their way
standing-sent = { $count } sent
standing-ambiguous = { $count } in doubt
standing-blocked = { $count } unreachable
standing-failed = { $count } refused
notice-not-reached = { $count } left out
notice-gist = { $media ->
    [photo] [picture]{" "}
    [video] [video]{" "}
    [document] [file]{" "}
   *[none] {""}
}{ $text }
notice-by = Asked for by { $by }

# The report.
notice-report-title = <b>Report { $task ->
    [correct] { $notice } · correction of { $of }
    [delete] { $notice } · deletion of { $of }
   *[send] { $notice }
}</b>
notice-took = From { $begun } to { $ended }: { $length }, { $rate } a second.
notice-figure = • { $said }
notice-gone = Unreachable: { $parts }
gone-blocked = { $count } blocked REI
gone-deactivated = { $count } deleted their account
gone-never-started = { $count } never started REI
notice-csv = Every person of { $notice } and what became of it.
notice-csv-failed = The file could not be sent now. Press CSV again.
notice-sure-repeat = <b>Send { $notice } again to { $count ->
    [one] { $count } person
   *[other] { $count } people
} in doubt?</b> The answer to the first sending was lost: whoever has it already gets it twice.
notice-sure-mark = <b>Write into REI's database that { $count ->
    [one] { $count } person
   *[other] { $count } people
} of { $notice } cannot be reached?</b> REI and later notices leave them out. REI itself clears the mark when somebody comes back, if it is made so.
notice-sure-abort = <b>Abort { $notice }?</b> { $count ->
    [one] { $count } person
   *[other] { $count } people
} will not get it. It cannot be taken up again.
notice-marked = Written: { $count ->
    [one] { $count } row
   *[other] { $count } rows
} of REI's users changed.
notice-toast-taken = Taken.
notice-toast-removed = Removed.
notice-toast-counting = Taken. Counting…
notice-toast-dropped = Given up. Nothing was sent.
notice-toast-preview = The preview is on its way.
notice-toast-asking = The list is being made…
notice-toast-paused = Paused. Whoever is being sent to at this moment still gets it.
notice-toast-resumed = It goes on.
notice-toast-aborted = Aborted. Nobody else gets it.
notice-toast-marking = Writing…
notice-toast-begun = Begun: see your private chat with this bot.
notice-toast-csv = The file is on its way.

# What to do about a failure that stopped it, or that it goes on against.
notice-failure-stopped = { $failure ->
    [bot-token-refused] REI cannot answer anybody with it either. Check REI_BOT_TOKEN against REI's own settings, restart this program, then press Resume.
    [bot-token-missing] Set it, restart this program, then press Resume.
   *[other] Press Resume to go on. Who surely has it does not get it again.
}
notice-failure-goes-on = It is tried again by itself, at most a minute apart; nobody is left out because of it. Pause stops the tries.
