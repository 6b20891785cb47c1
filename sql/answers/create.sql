-- Stores a question together with its pending answer.
-- A conversation has at most one answer with the status generating: a second one violates a unique index.
INSERT INTO messages (
    user_id, id, conversation_id, role, content, status, citations, domains, created_at, run_id, leased_until
)
VALUES
(
    %(user_id)s, %(question_id)s, %(conversation_id)s, 'user', %(question)s, 'complete', '[]', '{}',
    %(asked_at)s::timestamptz, NULL, NULL
),
(
    %(user_id)s, %(answer_id)s, %(conversation_id)s, 'assistant', '', 'generating', '[]', '{}',
    %(asked_at)s::timestamptz + interval '1 microsecond', %(run_id)s, now() + %(lease)s::interval
)
