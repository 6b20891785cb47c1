-- Of the given passages, those that an answer of any user cites.
SELECT DISTINCT c.chunk_id
FROM citations AS c
WHERE c.chunk_id = any(%(chunk_ids)s::uuid[])
