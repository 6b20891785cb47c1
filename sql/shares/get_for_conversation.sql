-- The hash of a conversation's share link, expired or not. Who deletes a link asks this first: on Citus, a DELETE locks
-- `shares` on every node, also when there is no row to delete.
SELECT s.token_hash
FROM shares AS s
WHERE
    s.user_id = %(user_id)s
    AND s.conversation_id = %(conversation_id)s
