-- Counts one more request of a key. A window begins with its first request and ends after a fixed time.
INSERT INTO rate_limits AS r (name, key, requests, begun_at, ends_at)
VALUES (%(name)s, %(key)s, 1, now(), now() + %(duration)s)
ON CONFLICT (name, key) DO UPDATE
    SET
        requests = CASE WHEN r.ends_at <= excluded.begun_at THEN 1 ELSE r.requests + 1 END,
        begun_at = CASE WHEN r.ends_at <= excluded.begun_at THEN excluded.begun_at ELSE r.begun_at END,
        ends_at = CASE WHEN r.ends_at <= excluded.begun_at THEN excluded.ends_at ELSE r.ends_at END
RETURNING requests, ends_at - now() AS remaining
