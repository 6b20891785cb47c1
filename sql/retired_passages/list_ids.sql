-- A page of the retired passages, by id. The daily job looks at all of them, page by page.
SELECT r.chunk_id
FROM retired_passages AS r
WHERE r.chunk_id > %(after_id)s
ORDER BY r.chunk_id ASC
LIMIT %(limit)s
