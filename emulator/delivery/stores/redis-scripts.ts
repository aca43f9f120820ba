import { createHash } from 'node:crypto';

/**
 * What the Redis store does, as Lua that Redis runs in one step each: so several emulators share a queue, and none hands out
 * what another has leased. Time is the server's, so that their clocks do not matter.
 *
 *   {faultline}:version          of these keys
 *   {faultline}:order            counts messages up
 *   {faultline}:queues           set: names of queues with messages
 *   {faultline}:message:M        hash: queue, payload, meta, sentAt, expiresAt, visibleAt, receives, firstReceivedAt
 *   {faultline}:ready:QUEUE      sorted sets of M:  visible, by sentAt
 *   {faultline}:delayed:QUEUE    not received yet and held back, by visibleAt
 *   {faultline}:inflight:QUEUE   received and hidden, by visibleAt
 *   {faultline}:ages:QUEUE       all, by sentAt
 *   {faultline}:expiry:QUEUE     all but what is in flight, by expiresAt
 *
 * M is the message's order in 16 digits: equal scores are sorted by it. A receipt is `M:receives`, so it is good until the
 * next receive. All keys have one hash tag: a move between queues is one step, and Redis wants its keys on one node.
 */
export const PREFIX = '{faultline}';
/** Of the keys above. */
export const VERSION = 1;
/** Where it is published that a queue has something visible, or will have: `MS QUEUE`, ms from now. */
export const CHANNEL = `${PREFIX}:visible`;

/** Hidden messages shown, or old ones dropped, in one step: Redis serves nobody else meanwhile. */
const PASS_LIMIT = 1_000;

/** KEYS[1] is the prefix; ARGV[1] the time in epoch ms, or nothing for the server's; ARGV[2] the queue. */
const COMMON = `
local P, q = KEYS[1], ARGV[2]
local now = tonumber(ARGV[1])
if not now then
  local t = redis.call('TIME')
  now = t[1] * 1000 + math.floor(t[2] / 1000)
end
local function key(kind, queue) return P .. ':' .. kind .. ':' .. queue end
local function at(m) return P .. ':message:' .. m end
local function int(n) return string.format('%.0f', n) end
local function tell(queue, visibleAt)
  redis.call('PUBLISH', P .. ':visible', int(math.max(visibleAt - now, 0)) .. ' ' .. queue)
end

-- Puts a message that is in no state into its own.
local function show(queue, m, visibleAt)
  local f = redis.call('HMGET', at(m), 'receives', 'sentAt', 'expiresAt')
  local visible = visibleAt <= now
  local held = not visible and tonumber(f[1]) > 0
  if visible then redis.call('ZADD', key('ready', queue), f[2], m)
  else redis.call('ZADD', key(held and 'inflight' or 'delayed', queue), int(visibleAt), m) end
  if held then redis.call('ZREM', key('expiry', queue), m)
  else redis.call('ZADD', key('expiry', queue), f[3], m) end
end

local function hide(queue, m, visibleAt)
  for _, kind in ipairs({ 'ready', 'delayed', 'inflight' }) do redis.call('ZREM', key(kind, queue), m) end
  redis.call('HSET', at(m), 'visibleAt', int(visibleAt))
  show(queue, m, visibleAt)
end

local function delete(queue, m)
  for _, kind in ipairs({ 'ready', 'delayed', 'inflight', 'ages', 'expiry' }) do
    redis.call('ZREM', key(kind, queue), m)
  end
  redis.call('DEL', at(m))
  if redis.call('ZCARD', key('ages', queue)) == 0 then redis.call('SREM', P .. ':queues', queue) end
end

-- Makes visible what has become so, and drops what has been kept for too long.
local function pass(queue)
  for _, kind in ipairs({ 'delayed', 'inflight' }) do
    for _, m in ipairs(redis.call('ZRANGEBYSCORE', key(kind, queue), '-inf', int(now), 'LIMIT', 0, ${String(PASS_LIMIT)})) do
      redis.call('ZREM', key(kind, queue), m)
      show(queue, m, now)
    end
  end
  for _, m in ipairs(redis.call('ZRANGEBYSCORE', key('expiry', queue), '-inf', int(now), 'LIMIT', 0, ${String(PASS_LIMIT)})) do
    delete(queue, m)
  end
end

-- The message of a receipt that is still good.
local function received(queue, receipt)
  local m, receives = receipt:match('^(%d+):(%d+)$')
  if not m then return nil end
  local f = redis.call('HMGET', at(m), 'queue', 'receives')
  if f[1] == queue and f[2] == receives then return m end
  return nil
end

-- A new message from five arguments: payload, meta, delay, retention, and when it was sent or nothing.
local function add(queue, i)
  local m = string.format('%016.0f', redis.call('INCR', P .. ':order'))
  local sentAt = tonumber(ARGV[i + 4]) or now
  local visibleAt = now + tonumber(ARGV[i + 2])
  redis.call('HSET', at(m), 'queue', queue, 'payload', ARGV[i], 'meta', ARGV[i + 1], 'sentAt', int(sentAt),
    'expiresAt', int(sentAt + tonumber(ARGV[i + 3])), 'visibleAt', int(visibleAt), 'receives', '0')
  redis.call('SADD', P .. ':queues', queue)
  redis.call('ZADD', key('ages', queue), int(sentAt), m)
  show(queue, m, visibleAt)
  return visibleAt
end

-- How long until something becomes visible by itself, ms; -1 when nothing will.
local function next_in(queue)
  local first
  for _, kind in ipairs({ 'delayed', 'inflight' }) do
    local score = redis.call('ZRANGE', key(kind, queue), 0, 0, 'WITHSCORES')[2]
    if score and (not first or tonumber(score) < first) then first = tonumber(score) end
  end
  return first and int(math.max(first - now, 0)) or '-1'
end
`;

const SCRIPTS = {
  /** queue, then five arguments for each message → nothing */
  add: `
local first
for i = 3, #ARGV, 5 do
  local visibleAt = add(q, i)
  if not first or visibleAt < first then first = visibleAt end
end
tell(q, first)
return ''`,

  /** queue, max, lease ms → next, then of each message: payload, meta, sentAt, firstReceivedAt, receives, receipt */
  receive: `
pass(q)
local reply, untilAt = {}, now + tonumber(ARGV[4])
local max = tonumber(ARGV[3])
local ready = max > 0 and redis.call('ZRANGE', key('ready', q), 0, max - 1) or {}
for _, m in ipairs(ready) do
  local receives = redis.call('HINCRBY', at(m), 'receives', 1)
  redis.call('HSETNX', at(m), 'firstReceivedAt', int(now))
  local f = redis.call('HMGET', at(m), 'payload', 'meta', 'sentAt', 'firstReceivedAt')
  reply[#reply + 1] = { f[1], f[2], f[3], f[4], int(receives), m .. ':' .. int(receives) }
end
for _, m in ipairs(ready) do hide(q, m, untilAt) end
if #ready > 0 then tell(q, untilAt) end
return { next_in(q), reply }`,

  /** queue, receipts → of each 1 when it was there, else 0 */
  remove: `
pass(q)
local reply = {}
for i = 3, #ARGV do
  local m = received(q, ARGV[i])
  if m then delete(q, m) end
  reply[#reply + 1] = m and 1 or 0
end
return reply`,

  /** queue, receipt, ms, meta or nothing → 1 or 0 */
  release: `
pass(q)
local m = received(q, ARGV[3])
if not m then return 0 end
if ARGV[5] ~= '' then redis.call('HSET', at(m), 'meta', ARGV[5]) end
hide(q, m, now + tonumber(ARGV[4]))
tell(q, now + tonumber(ARGV[4]))
return 1`,

  /** queue, receipt, other queue, five arguments for the new message → 1 or 0 */
  move: `
pass(q)
local m = received(q, ARGV[3])
if not m then return 0 end
delete(q, m)
tell(ARGV[4], add(ARGV[4], 5))
return 1`,

  /** queue → next, visible, in flight, delayed, when the oldest was sent or nothing */
  counts: `
pass(q)
local function size(kind) return redis.call('ZCARD', key(kind, q)) end
local oldest = redis.call('ZRANGE', key('ages', q), 0, 0, 'WITHSCORES')[2]
return { next_in(q), size('ready'), size('inflight'), size('delayed'), oldest or '' }`,

  /** queue → how many were there */
  purge: `
pass(q)
local all = redis.call('ZRANGE', key('ages', q), 0, -1)
for _, m in ipairs(all) do redis.call('UNLINK', at(m)) end
for _, kind in ipairs({ 'ready', 'delayed', 'inflight', 'ages', 'expiry' }) do redis.call('UNLINK', key(kind, q)) end
redis.call('SREM', P .. ':queues', q)
return #all`,

  /** → queues with messages */
  names: `
for _, name in ipairs(redis.call('SMEMBERS', P .. ':queues')) do pass(name) end
return redis.call('SMEMBERS', P .. ':queues')`,

  /** version of these keys → the one that the server has, which is this one if there was none */
  version: `
redis.call('SETNX', P .. ':version', ARGV[3])
return redis.call('GET', P .. ':version')`,
} as const satisfies Record<string, string>;

export type ScriptName = keyof typeof SCRIPTS;

export interface Script {
  readonly text: string;
  /** What Redis calls it once it knows it. */
  readonly sha: string;
}

export const scripts = Object.fromEntries(
  Object.entries(SCRIPTS).map(([name, body]) => {
    const text = COMMON + body;
    return [name, { text, sha: createHash('sha1').update(text).digest('hex') }];
  }),
) as Readonly<Record<ScriptName, Script>>;
