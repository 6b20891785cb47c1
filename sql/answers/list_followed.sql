-- Of the given answers, the ids of those that a reader in another process follows. On Citus, only the shards of their
-- users are asked.
SELECT m.id
FROM messages AS m
INNER JOIN unnest(%(user_ids)s::uuid[], %(ids)s::uuid[]) AS a (user_id, id) ON m.user_id = a.user_id AND m.id = a.id
WHERE
    m.user_id = any(%(user_ids)s::uuid[])
    AND m.followed_until > now()
