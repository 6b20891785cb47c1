-- Stores one message of a conversation of its owner.
INSERT INTO messages (
    user_id, id, conversation_id, role, content, status, kind, citations, domains,
    input_tokens, output_tokens, cost_usd, response_time_ms, created_at
)
VALUES (
    %(user_id)s, %(id)s, %(conversation_id)s, %(role)s, %(content)s, %(status)s, %(kind)s, %(citations)s, %(domains)s,
    %(input_tokens)s, %(output_tokens)s, %(cost_usd)s, %(response_time_ms)s, %(created_at)s
)
