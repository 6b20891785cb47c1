-- Replaces the feedback on an answer. Without a score, the feedback is removed.
WITH touched AS (
    UPDATE conversations
    SET version = version + 1
    WHERE
        user_id = %(user_id)s
        AND id = %(conversation_id)s
    RETURNING id
),

updated AS (
    UPDATE messages AS m
    SET
        feedback_score = %(score)s,
        feedback_reasons = %(reasons)s,
        feedback_comment = %(comment)s,
        feedback_at = CASE WHEN %(score)s::smallint IS NOT NULL THEN %(now)s::timestamptz END
    FROM touched AS t
    WHERE
        m.user_id = %(user_id)s
        AND m.id = %(id)s
        AND m.conversation_id = t.id
        AND m.role = 'assistant'
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
)

SELECT
    u.id,
    u.conversation_id,
    u.role,
    u.content,
    u.status,
    u.kind,
    u.citations,
    u.domains,
    u.suggestions,
    u.stopped_early,
    u.feedback_score,
    u.feedback_reasons,
    u.feedback_comment,
    u.feedback_at,
    u.input_tokens,
    u.output_tokens,
    u.cost_usd,
    u.response_time_ms,
    u.created_at,
    array(
        SELECT r.chunk_id
        FROM citations AS c
        INNER JOIN retired_passages AS r ON c.chunk_id = r.chunk_id
        WHERE
            c.user_id = %(user_id)s
            AND c.message_id = u.id
    ) AS superseded
FROM updated AS u
