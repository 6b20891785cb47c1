-- Records the use of a session; of several simultaneous requests only the first one writes.
UPDATE sessions
SET last_accessed_at = now()
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
    AND last_accessed_at < now() - %(touch_every)s::interval
