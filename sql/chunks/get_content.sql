-- The text of the passage that a citation quotes, if the passage still exists.
SELECT c.content
FROM chunks AS c
WHERE c.id = %(id)s
