-- Records the use of a token; of several simultaneous requests only the first one writes.
UPDATE personal_tokens
SET last_used_at = now()
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
    AND (last_used_at IS NULL OR last_used_at < now() - %(touch_every)s::interval)
