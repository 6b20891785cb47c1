-- The passage that a citation was taken from, if it is still there.
SELECT c.content
FROM chunks AS c
WHERE c.id = %(id)s
