-- Marks an answer as followed by a reader in another process until its lease expires, so that its run notifies of more
-- text.
UPDATE messages
SET followed_until = now() + %(lease)s::interval
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
    AND status = 'generating'
