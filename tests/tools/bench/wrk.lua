-- Sends what the environment says; prints what was measured as one JSON object, times in microseconds.
local body = os.getenv("BENCH_BODY")
if body then
  wrk.method = "POST"
  wrk.body = body
  wrk.headers["Content-Type"] = "application/json"
end

local list = os.getenv("BENCH_PATHS")
if list then
  local paths = {}
  for path in io.lines(list) do
    paths[#paths + 1] = path
  end
  -- From somewhere in the middle: the first ones may still be busy with what the last run left.
  math.randomseed(os.time())
  local at = math.random(#paths)
  function request()
    at = at % #paths + 1
    return wrk.format(nil, paths[at])
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "duration": %d, "p50": %d, "p99": %d, "refused": %d, "failed": %d, "timed_out": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write, errors.timeout
  ))
end
