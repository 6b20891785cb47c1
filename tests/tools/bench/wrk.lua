-- Sends what the environment says; prints what was measured as one JSON object, times in microseconds.
-- BENCH_PATHS, BENCH_BODIES and BENCH_COOKIES are files with a path, a body or a cookie in each line. They are sent in turn.
math.randomseed(os.time())

local function turns(file)
  local lines = {}
  for line in io.lines(file) do
    lines[#lines + 1] = line
  end
  -- From somewhere in the middle: the first ones may still be busy with what the last run left.
  local at = math.random(#lines)
  return function()
    at = at % #lines + 1
    return lines[at]
  end
end

local paths, bodies, cookies = os.getenv("BENCH_PATHS"), os.getenv("BENCH_BODIES"), os.getenv("BENCH_COOKIES")
if bodies then
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
end
if paths or bodies or cookies then
  local next_path = paths and turns(paths) or function() end
  local next_body = bodies and turns(bodies) or function() end
  local next_cookie = cookies and turns(cookies)
  function request()
    if next_cookie then
      wrk.headers["Cookie"] = next_cookie()
    end
    return wrk.format(nil, next_path(), nil, next_body())
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
