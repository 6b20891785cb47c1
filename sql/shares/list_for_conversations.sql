-- The hashes of the share links of some conversations, expired or not. Who deletes the links asks this first, as in
-- get_for_conversation.sql.
SELECT s.token_hash
FROM shares AS s
INNER JOIN
    unnest(%(user_ids)s::uuid[], %(conversation_ids)s::uuid[]) AS c (user_id, conversation_id)
    ON s.user_id = c.user_id AND s.conversation_id = c.conversation_id
