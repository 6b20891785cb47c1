-- One message of a user. `superseded` has those of its cited passages that have left their books.
SELECT
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
    m.created_at,
    array(
        SELECT r.chunk_id
        FROM citations AS c
        INNER JOIN retired_passages AS r ON c.chunk_id = r.chunk_id
        WHERE
            c.user_id = %(user_id)s
            AND c.message_id = m.id
    ) AS superseded
FROM messages AS m
WHERE
    m.user_id = %(user_id)s
    AND m.id = %(id)s
