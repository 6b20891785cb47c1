-- From here on weights are made with this average length of a passage.
UPDATE corpora
SET average_length = %(average_length)s
WHERE id = 1
