-- One message of a user.
SELECT
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
FROM messages AS m
WHERE
    m.user_id = %(user_id)s
    AND m.id = %(id)s
