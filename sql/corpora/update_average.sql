-- Sets the average length of a passage that weights are computed with.
UPDATE corpora
SET average_length = %(average_length)s
WHERE id = 1
