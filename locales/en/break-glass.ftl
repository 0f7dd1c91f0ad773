# Break-glass: one person goes on alone where the quorum cannot be reached.
choice-break-glass = 🚨 Go on alone
glass-offered = Nobody has decided for long. An approver or admin may go on alone, with a reason; everybody will see it.
glass-ask = <a href="tg://user?id={ $id }">{ $name }</a>, why do you go on alone with “{ $gate }”? Reply to this message with the reason. The whole team sees it, and it stays in the audit trail. /cancel leaves the request open.
    .placeholder = Reason
glass-done = You went on alone. The team is told, with your name and your reason.
glass-title = <b>🚨 BREAK-GLASS · { $run } · { $title }</b>
glass-who = <b>{ $by }</b> went on alone with “{ $gate }”. Approved by { $given } of { $required } after { $waited }.
glass-reason = Reason: { $reason }
glass-all = If this is wrong: /cancel stops it at the next safe point.
glass-verdict = <b>Break-glass</b>: { $by } went on alone, { $at }.
refusal-not-due = Nobody may go on alone here yet. Your press changed nothing.
why-not-due = not due yet
audit-offer-glass = Nobody has decided on “{ $gate }” for long: one person may go on alone
audit-break-glass = { $outcome ->
    [ok] 🚨 BREAK-GLASS: { $actor } went on alone with “{ $gate }”. Reason: { $reason }
   *[other] { $actor } wanted to go on alone
}
report-approval-glass = 🚨 { $gate }: break-glass, { $by } alone after { $waited }. Reason: { $reason }
incident-wait-alone = BREAK-GLASS: { $by } alone
incident-line-went-alone = { $run }: BREAK-GLASS. { $by } went on alone with { $gate }, after { $waited }. Reason: { $reason }
