-- Frees one id whose job is stranded, so that it can be made anew: takes it out of every list and
-- registry that it was seen in, and its hash away. Does nothing when the job moved since it was seen.
-- KEYS: the job's hash, then every list or registry
-- ARGV: id, the status and the moment that were seen (both empty: no job to run), then the member for
-- each of the keys
-- Returns 1 where it is free now.

local function seen()
  if redis.call('TYPE', KEYS[1]).ok ~= 'hash' or redis.call('HEXISTS', KEYS[1], 'data') == 0 then
    return '', ''
  end
  local fields = redis.call('HMGET', KEYS[1], 'status', 'enqueued_at', 'started_at')
  return fields[1] or '', (fields[2] or '') .. (fields[3] or '')
end

local status, moment = seen()
if status ~= ARGV[2] or moment ~= ARGV[3] then
  return 0
end
for i = 2, #KEYS do
  if redis.call('TYPE', KEYS[i]).ok == 'list' then
    redis.call('LREM', KEYS[i], 0, ARGV[i + 2])
  else
    redis.pcall('ZREM', KEYS[i], ARGV[i + 2])
  end
end
redis.call('DEL', KEYS[1], 'rq:executions:' .. ARGV[1])
return 1
