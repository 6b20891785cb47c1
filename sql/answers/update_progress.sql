-- Keeps what was written of some answers so far, and renews their leases; tells which of them are to be stopped.
-- Those are also the ones that were given up, taken up by another process, or deleted: they have no row to keep it in.
-- A conversation's version rises only at its answer's end.
WITH written AS MATERIALIZED (
    SELECT
        w.user_id,
        w.id,
        w.run_id,
        w.content,
        w.citations
    FROM jsonb_to_recordset(%(written)s::jsonb)
        AS w (user_id uuid, id uuid, run_id uuid, content text, citations jsonb)
),

kept AS (
    UPDATE messages AS m
    SET
        content = w.content,
        citations = w.citations,
        leased_until = now() + %(lease)s::interval
    FROM written AS w
    WHERE
        m.user_id = w.user_id
        AND m.id = w.id
        AND m.run_id = w.run_id
        AND m.status = 'generating'
    RETURNING m.id, m.stop_requested
)

SELECT w.id
FROM written AS w
LEFT JOIN kept AS k ON w.id = k.id
WHERE k.stop_requested IS NOT FALSE
