-- Ends an answer that a run generates: it is complete, stopped or failed. Returns no row when the run has lost the
-- answer, because it was deleted, ended as abandoned, or restarted.
-- The conversation is locked first, in the order in which its deletion locks. Another order could deadlock.
WITH touched AS (
    UPDATE conversations
    SET version = version + 1
    WHERE
        user_id = %(user_id)s
        AND id = %(conversation_id)s
    RETURNING id
)

UPDATE messages AS m
SET
    status = %(status)s,
    run_id = NULL,
    leased_until = NULL,
    stop_requested = FALSE,
    content = %(content)s,
    kind = %(kind)s,
    citations = %(citations)s,
    domains = %(domains)s,
    input_tokens = %(input_tokens)s,
    output_tokens = %(output_tokens)s,
    cost_usd = %(cost_usd)s,
    response_time_ms = %(response_time_ms)s
FROM touched AS t
WHERE
    m.user_id = %(user_id)s
    AND m.id = %(id)s
    AND m.conversation_id = t.id
    AND m.run_id = %(run_id)s
    AND m.status = 'generating'
RETURNING
    m.id,
    m.conversation_id,
    m.role,
    m.content,
    m.status,
    m.kind,
    m.citations,
    m.domains,
    m.feedback_score,
    m.feedback_reasons,
    m.feedback_comment,
    m.feedback_at,
    m.input_tokens,
    m.output_tokens,
    m.cost_usd,
    m.response_time_ms,
    m.created_at
