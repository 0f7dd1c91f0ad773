history-title = Version history
history-head = | Version | Date | Changes | After |
history-initial = Initial version
history-compares = At the end the restored data is compared: balances with the ledger, payments with YooKassa, jobs with the queue
history-told-before-retry = Users are told of the delay before failed jobs go back into the queue, while it still shows whom the delay met
