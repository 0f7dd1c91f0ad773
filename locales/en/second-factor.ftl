# The second factor: codes of an authenticator app.
code-toast = Type the code of your authenticator app in your private chat with me.
code-toast-start = I cannot write to you. Open a private chat with me and press Start: I will ask for your code there.
code-title = <b>Your code · { $run } · { $title }</b>
code-title-glass = <b>Your code to go on alone · { $run } · { $title }</b>
code-title-notice = <b>Your code · { $task ->
    [correct] correction { $notice } of { $of }
    [delete] removal { $notice } of { $of }
   *[send] notice { $notice }
}</b>
code-ask = To approve “{ $gate }”, type the six digits your authenticator app shows now. Valid until { $until }. Your message is deleted. /cancel leaves the request open.
    .placeholder = Six digits
code-ask-glass = To go on alone with “{ $gate }”, type the six digits your authenticator app shows now. Valid until { $until }. Your message is deleted. /cancel leaves the request open.
code-ask-notice = To approve it, type the six digits your authenticator app shows now. Valid until { $until }. Your message is deleted. /cancel leaves the request open.
code-goes-on = What you were writing before is still open: go on with it, or /cancel.
code-form = That is no code: a code has six digits. Nothing was approved; type it again.
code-done = The code is right. Approved; it is recorded with your name.
code-done-more = The code is right. Your approval is recorded. Still needed: { $missing ->
    [one] { $missing } person
   *[other] { $missing } persons
}.
refusal-code-needed = This needs the code of your authenticator app. Press the button again.
refusal-wrong-code = That code is wrong. Nothing was approved. Tries left: { $left }. Is the clock of your phone right?
refusal-used-code = That code was used already. Nothing was approved. Wait for the next one.
refusal-codes-locked = Too many wrong codes: none of yours is looked at before { $until }. Nothing was approved. Lost your phone? Whoever has the server approves at the console.
why-code-needed = no code was given
why-wrong-code = wrong code
why-used-code = a code that was used before
why-codes-locked = too many wrong codes; locked for 15 minutes
audit-give-code = { $actor } gave a code
cli-totp-new = Add to TOTP_SECRETS (several people: separated by commas):
    { $setting }

    For the authenticator app of { $user }, as a link or a QR code:
    { $uri }

    Shown once and kept nowhere. Send the link only over a channel that nobody else reads.
