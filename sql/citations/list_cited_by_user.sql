-- Of the given passages, those that an answer of this user cites.
SELECT DISTINCT c.chunk_id
FROM citations AS c
WHERE
    c.user_id = %(user_id)s
    AND c.chunk_id = any(%(chunk_ids)s::uuid[])
