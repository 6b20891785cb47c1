-- Replaces the feedback on an answer. Without a score, the feedback is removed.
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
    m.feedback_score,
    m.feedback_reasons,
    m.feedback_comment,
    m.feedback_at,
    m.input_tokens,
    m.output_tokens,
    m.cost_usd,
    m.response_time_ms,
    m.created_at
