-- Says that an answer has ended.
DELETE FROM unfinished_answers
WHERE id = %(id)s
