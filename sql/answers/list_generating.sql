-- Of the given answers, the ids of those whose status is generating. Their process may have died.
SELECT m.id
FROM messages AS m
INNER JOIN unnest(%(user_ids)s::uuid[], %(ids)s::uuid[]) AS a (user_id, id) ON m.user_id = a.user_id AND m.id = a.id
WHERE
    m.user_id = any(%(user_ids)s::uuid[])
    AND m.status = 'generating'
