-- wrk: histories of random items as POST /v1/recommend, after `--`: a file with an id per line, requests a second, sessions,
-- a seed, and `first`.
--
-- A rate of 0 is full load: each connection sends as soon as it has its answer. Otherwise requests are due at random times of
-- that mean rate, whether or not the ones before are answered, as long as a connection is free.
-- Without sessions (0) every history is of 50 items, and no two have the same beginning. With them as many are open at a time, in
-- turn: each has one item more than the last time, from 45 to 55, and then another session takes its place. With `first` the
-- load ends when each session had its first list; without, it begins after that, with the next item of each.
local ffi = require("ffi")
ffi.cdef [[ typedef struct { long seconds, nanoseconds; } moment; int clock_gettime(int clock, moment *now);
  int getpid(); int kill(int process, int signal); ]]
local moment = ffi.new("moment")
local function now()
  ffi.C.clock_gettime(1, moment)
  return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end
wrk.method = "POST"
local first, longest = 45, 55
local function drawn(count)
  local history = {}
  for place = 1, count do history[place] = items[math.random(#items)] end
  return table.concat(history, ",")
end
function init(arguments)
  math.randomseed(tonumber(arguments[4] or 1))
  items = {}
  for id in io.lines(arguments[1]) do items[#items + 1] = '"' .. id .. '"' end
  rate, sessions = tonumber(arguments[2]), tonumber(arguments[3] or 0)
  sent, due = 0, 0
  head = "POST /v1/recommend HTTP/1.1\r\nHost: " .. wrk.headers["Host"] .. "\r\ncontent-type: application/json\r\ncontent-length: "
  texts, lengths = {}, {}
  for number = 1, sessions == 0 and 2000 or sessions do
    lengths[number] = sessions == 0 and first or first + number % (longest - first + 1)
    texts[number] = drawn(lengths[number])
  end
  if rate == 0 then delay = nil end
  if arguments[5] == "first" then
    local received = 0
    response = function()
      received = received + 1
      if received == sessions then ffi.C.kill(ffi.C.getpid(), 2) end
    end
  elseif sessions > 0 then
    sent = sessions
  end
end
function request()
  local number = sent % #texts + 1
  sent = sent + 1
  local text = texts[number]
  if sessions == 0 then
    text = drawn(5) .. "," .. text
  else
    if lengths[number] == longest then
      text, lengths[number] = drawn(first), first
    elseif sent > sessions then
      text, lengths[number] = text .. "," .. items[math.random(#items)], lengths[number] + 1
    end
    texts[number] = text
  end
  local body = '{"k":10,"items":[' .. text .. "]}"
  return head .. #body .. "\r\n\r\n" .. body
end
function delay()
  if due == 0 then due = now() end
  due = due - math.log(1 - math.random()) / rate
  return math.max(0, (due - now()) * 1000)
end
function done(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("%.0f answers/s, p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, %d failed of %d\n",
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3, latency:percentile(90) / 1e3,
    latency:percentile(99) / 1e3, failed, summary.requests))
end
