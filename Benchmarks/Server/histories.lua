-- wrk: histories of 50 random items as POST /v1/recommend; arguments: how many items there are, and milliseconds between
-- two requests of a connection (0 for full load).
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
local threads, pause = 0, 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end
function init(arguments)
  math.randomseed(number + 1)
  local items = tonumber(arguments[1])
  pause = tonumber(arguments[2] or "0")
  requests, next_request = {}, 0
  for request = 1, 2000 do
    local history = {}
    for place = 1, 50 do history[place] = '"item' .. math.random(items) .. '"' end
    requests[request] = wrk.format(nil, "/v1/recommend", nil, '{"k":10,"items":[' .. table.concat(history, ",") .. ']}')
  end
end
function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end
function delay() return pause end
function done(summary, latency, requests)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format("%.0f answers/s, p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, %d failed of %d\n",
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3, latency:percentile(90) / 1e3,
    latency:percentile(99) / 1e3, failed, summary.requests))
end
