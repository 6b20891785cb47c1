-- Stores the text of several answers so far and renews their leases. Returns whether their runs have to stop, because
-- a user asked for that or the run has lost the answer (it was deleted, ended as abandoned, or restarted), and whether
-- a reader in another process follows the answer.
-- The version of a conversation does not change here, only when its answer ends.
-- `user_ids` has the users of the answers: on Citus, only their shards are asked.
WITH checkpoints AS MATERIALIZED (
    SELECT
        c.user_id,
        c.id,
        c.run_id,
        c.content,
        c.citations
    FROM jsonb_to_recordset(%(checkpoints)s::jsonb)
        AS c (user_id uuid, id uuid, run_id uuid, content text, citations jsonb)
),

stored AS (
    UPDATE messages AS m
    SET
        content = c.content,
        citations = c.citations,
        leased_until = now() + %(lease)s::interval
    FROM checkpoints AS c
    WHERE
        m.user_id = any(%(user_ids)s::uuid[])
        AND m.user_id = c.user_id
        AND m.id = c.id
        AND m.run_id = c.run_id
        AND m.status = 'generating'
    RETURNING m.id, m.stop_requested, m.followed_until
)

SELECT
    c.id,
    s.stop_requested IS NOT FALSE AS has_to_stop,
    coalesce(s.followed_until > now(), FALSE) AS is_followed
FROM checkpoints AS c
LEFT JOIN stored AS s ON c.id = s.id
