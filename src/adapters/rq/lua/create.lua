-- Makes jobs that Redis does not know. An ended leftover under the id is replaced.
-- KEYS: rq:queues
-- ARGV: now, timeout in seconds, a moment: what ended after it is no leftover, then id, queue, data
-- and description of each job
-- Returns a letter for each: a made, u there is one that has not ended (or has just now), d its
-- queue's key is no list.

local function kind(key)
  return redis.call('TYPE', key).ok
end

local function may_hold(key, wanted)
  local found = kind(key)
  return found == 'none' or found == wanted
end

if not may_hold(KEYS[1], 'set') then
  return redis.error_reply('WRONGTYPE ' .. KEYS[1])
end

local over = { finished = true, failed = true, stopped = true, canceled = true }

-- Whether a job stands here that will still run by itself, or came and went while we looked.
local function unfinished(job)
  if kind(job) ~= 'hash' or redis.call('HEXISTS', job, 'data') == 0 then
    return false
  end
  local fields = redis.call('HMGET', job, 'status', 'ended_at')
  return not over[fields[1]] or (fields[2] or '') > ARGV[3]
end

local function clear(id, job, queue)
  local origin = kind(job) == 'hash' and redis.call('HGET', job, 'origin') or queue
  for _, name in ipairs({ origin, queue }) do
    for _, registry in ipairs({ 'finished', 'failed', 'canceled' }) do
      redis.pcall('ZREM', 'rq:' .. registry .. ':' .. name, id)
    end
  end
  redis.call('DEL', job, 'rq:results:' .. id)
end

local function create(id, queue, data, description)
  local job = 'rq:job:' .. id
  local list = 'rq:queue:' .. queue
  if unfinished(job) then
    return 'u'
  end
  if not may_hold(list, 'list') then
    return 'd'
  end
  clear(id, job, queue)
  redis.call('HSET', job, 'data', data, 'origin', queue, 'status', 'queued',
    'created_at', ARGV[1], 'enqueued_at', ARGV[1], 'description', description,
    'timeout', ARGV[2])
  redis.call('SADD', KEYS[1], list)
  redis.call('RPUSH', list, id)
  return 'a'
end

local told = {}
for i = 4, #ARGV, 4 do
  told[#told + 1] = create(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
end
return table.concat(told)
