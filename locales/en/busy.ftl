# Somebody wants to start a run while another one holds REI.
busy-title = <b>{ $run } · { $title }</b> holds REI
busy-rule = Only one run at a time may touch REI. { $wanted } was not started.
busy-step = It is at “{ $step }” (step { $number } of { $all }) since { $since }.
busy-until = It goes on by itself as soon as the service answers, and asks a person after { $until }.
busy-approval = It waits for an approval: the request is in the team's group.
busy-hold = It waits for a person: its question is in the team's group.
busy-next = Let it go on, or press Abort: it stops at its next safe point, ends there and leaves REI as it is then. After that press Start of { $wanted } again.
busy-instead = To take back what it did, send /cancel { $run } and choose Roll back.
busy-abort = Abort { $run }
busy-stopping = { $run } is being stopped …
busy-ended = <b>{ $run }</b> has ended. Press Start of the other run now.
busy-not-yet = <b>{ $run }</b> is in a step that must not be broken off. It stops after it, and asks in the team's group what becomes of it.
