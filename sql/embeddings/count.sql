-- How many passages a set has vectors of; many are worth an index.
SELECT count(*) AS embeddings
FROM embeddings AS e
WHERE e.set_id = %(set_id)s
