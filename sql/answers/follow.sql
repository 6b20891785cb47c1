-- Says for some time that a reader in another process follows an answer, so that its run notifies of more text.
UPDATE messages
SET followed_until = now() + %(lease)s::interval
WHERE
    user_id = %(user_id)s
    AND id = %(id)s
    AND status = 'generating'
