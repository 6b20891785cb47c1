-- Says that some answers have ended.
DELETE FROM unfinished_answers
WHERE id = any(%(ids)s::uuid[])
