-- Adds the citations of recent answers that a process of an older version has stored: it writes no rows here.
-- Such a process runs beside this version while a new one is deployed.
INSERT INTO citations (user_id, message_id, chunk_id)
SELECT DISTINCT
    m.user_id,
    m.id,
    (citation.value ->> 'chunk_id')::uuid
FROM messages AS m
CROSS JOIN LATERAL jsonb_array_elements(m.citations) AS citation
WHERE
    m.created_at > now() - %(stored_for)s::interval
    AND m.citations <> '[]'
    AND m.status <> 'generating'
    AND NOT EXISTS (
        SELECT
        FROM citations AS c
        WHERE
            c.user_id = m.user_id
            AND c.message_id = m.id
    )
ON CONFLICT (user_id, message_id, chunk_id) DO NOTHING
