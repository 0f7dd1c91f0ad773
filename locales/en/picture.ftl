picture-title = REI, last 24 hours
picture-period = { $from } – { $until }, { $zone }
picture-nothing-yet = Nobody looked in this time.
picture-others = { $count ->
    [one] { $count } more: up all day
   *[other] { $count } more: up all day
}
picture-available = available
picture-now = now
picture-queue = Jobs waiting
picture-success = Job success
picture-up = up
picture-degraded = degraded
picture-down = down
picture-unknown = unknown
picture-unseen = no data

picture-part-unit = Units
picture-part-bot = Bot
picture-part-database = Database
picture-part-ledger = Balances
picture-part-backups = Backups
picture-part-redis = Redis
picture-part-queue = Queue
picture-part-jobs = Jobs
picture-part-payments = Payments
picture-part-yookassa = YooKassa
picture-part-provider = AI providers
picture-part-log = Log
picture-part-disk = Disk
picture-part-certificate = Certificates
picture-part-clock = Clock
picture-part-itself = This program
