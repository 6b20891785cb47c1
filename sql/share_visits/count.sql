-- Counts a visit of a share link. The first visit of a new link begins the number again.
INSERT INTO share_visits AS v (user_id, conversation_id, token_hash, visits)
VALUES (%(user_id)s, %(conversation_id)s, %(token_hash)s, 1)
ON CONFLICT (user_id, conversation_id) DO UPDATE
    SET
        visits = CASE WHEN v.token_hash = excluded.token_hash THEN v.visits + 1 ELSE 1 END,
        token_hash = excluded.token_hash
