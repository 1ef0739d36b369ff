-- wrk: histories of 50 random items as POST /v1/recommend, after `--`: a file with an id per line, and requests a second.
--
-- A rate of 0 is full load: each connection sends as soon as it has its answer. Otherwise requests are due at random times of
-- that mean rate, whether or not the ones before are answered, as long as a connection is free.
local ffi = require("ffi")
ffi.cdef [[ typedef struct { long seconds, nanoseconds; } moment; int clock_gettime(int clock, moment *now); ]]
local moment = ffi.new("moment")
local function now()
  ffi.C.clock_gettime(1, moment)
  return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
function init(arguments)
  math.randomseed(1)
  local items = {}
  for id in io.lines(arguments[1]) do items[#items + 1] = '"' .. id .. '"' end
  rate = tonumber(arguments[2])
  requests, sent, due = {}, 0, 0
  for request = 1, 2000 do
    local history = {}
    for place = 1, 50 do history[place] = items[math.random(#items)] end
    requests[request] = wrk.format(nil, "/v1/recommend", nil, '{"k":10,"items":[' .. table.concat(history, ",") .. ']}')
  end
  if rate == 0 then delay = nil end
end
function request()
  sent = sent % #requests + 1
  return requests[sent]
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
