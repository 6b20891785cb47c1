-- Passages without windows in a set, for example those that were loaded before there were windows. Each batch begins
-- after the last id of the batch before.
SELECT
    c.id,
    c.content
FROM chunks AS c
WHERE
    c.id > %(after)s
    AND NOT EXISTS (
        SELECT
        FROM chunk_windows AS w
        WHERE
            w.chunk_id = c.id
            AND w.set_id = %(set_id)s
    )
ORDER BY c.id ASC
LIMIT %(limit)s
