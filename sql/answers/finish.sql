-- Ends an answer that a run generates: it is complete, stopped or failed. Returns no row when the run has lost the
-- answer, because it was deleted, ended as abandoned, or restarted. From now on its passages count as cited.
-- The conversation is locked first, in the order in which its deletion locks. Another order could deadlock.
WITH touched AS (
    UPDATE conversations
    SET version = version + 1
    WHERE
        user_id = %(user_id)s
        AND id = %(conversation_id)s
    RETURNING id
),

ended AS (
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
        suggestions = %(suggestions)s,
        stopped_early = %(stopped_early)s,
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
        m.suggestions,
        m.stopped_early,
        m.feedback_score,
        m.feedback_reasons,
        m.feedback_comment,
        m.feedback_at,
        m.input_tokens,
        m.output_tokens,
        m.cost_usd,
        m.response_time_ms,
        m.created_at
),

passages AS (
    SELECT (citation.value ->> 'chunk_id')::uuid AS chunk_id
    FROM ended AS e
    CROSS JOIN LATERAL jsonb_array_elements(e.citations) AS citation
),

cited AS (
    INSERT INTO citations (user_id, message_id, chunk_id)
    SELECT
        %(user_id)s,
        %(id)s,
        p.chunk_id
    FROM passages AS p
    ON CONFLICT (user_id, message_id, chunk_id) DO NOTHING
)

SELECT
    e.id,
    e.conversation_id,
    e.role,
    e.content,
    e.status,
    e.kind,
    e.citations,
    e.domains,
    e.suggestions,
    e.stopped_early,
    e.feedback_score,
    e.feedback_reasons,
    e.feedback_comment,
    e.feedback_at,
    e.input_tokens,
    e.output_tokens,
    e.cost_usd,
    e.response_time_ms,
    e.created_at,
    array(
        SELECT p.chunk_id
        FROM passages AS p
        INNER JOIN retired_passages AS r ON p.chunk_id = r.chunk_id
    ) AS superseded
FROM ended AS e
