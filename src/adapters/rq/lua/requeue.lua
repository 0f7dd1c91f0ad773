-- Puts failed jobs of one registry back into their queues, each exactly once.
-- KEYS: the failed registry, rq:queues
-- ARGV: the registry's queue, now, '1' where an id may stand in its queue already, then the ids
-- Returns a letter for each id: q put back, s stopped, x expired, e no longer failed, d its queue's
-- key is no list.
-- Whatever could make a command fail is looked at before the first write: a script that fails in its
-- middle stays half done.

local function kind(key)
  return redis.call('TYPE', key).ok
end

local function may_hold(key, wanted)
  local found = kind(key)
  return found == 'none' or found == wanted
end

for key, wanted in pairs({ [KEYS[1]] = 'zset', [KEYS[2]] = 'set' }) do
  if not may_hold(key, wanted) then
    return redis.error_reply('WRONGTYPE ' .. key)
  end
end

local lists = {}

local function is_list(key)
  if lists[key] == nil then
    lists[key] = may_hold(key, 'list')
  end
  return lists[key]
end

local function requeue(id)
  local job = 'rq:job:' .. id
  local found = kind(job)
  if found ~= 'hash' and found ~= 'none' then
    return 'e'
  end
  if found == 'none' or redis.call('HEXISTS', job, 'data') == 0 then
    redis.call('ZREM', KEYS[1], id)
    return 'x'
  end
  local fields = redis.call('HMGET', job, 'status', 'origin')
  if fields[1] == 'stopped' then
    return 's'
  end
  if fields[1] ~= 'failed' then
    return 'e'
  end
  local origin = fields[2]
  if not origin or origin == '' then
    origin = ARGV[1]
  end
  local queue = 'rq:queue:' .. origin
  if not is_list(queue) then
    return 'd'
  end
  if redis.call('ZREM', KEYS[1], id) == 0 then
    return 'e'
  end
  -- A failure_ttl counts on: without this the waiting job would vanish.
  redis.call('PERSIST', job)
  redis.call('PERSIST', job .. ':dependents')
  redis.call('PERSIST', 'rq:job::' .. id .. ':dependencies')
  redis.call('HSET', job, 'status', 'queued', 'origin', origin, 'enqueued_at', ARGV[2],
    'started_at', '', 'ended_at', '')
  redis.call('HDEL', job, 'exc_info')
  redis.call('SADD', KEYS[2], queue)
  if ARGV[3] == '1' then
    redis.call('LREM', queue, 0, id)
  end
  redis.call('RPUSH', queue, id)
  return 'q'
end

local told = {}
for i = 4, #ARGV do
  told[#told + 1] = requeue(ARGV[i])
end
return table.concat(told)
