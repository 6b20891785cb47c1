-- Says that an answer begins now, for the first time or again.
INSERT INTO unfinished_answers (id, user_id, begun_at)
VALUES (%(id)s, %(user_id)s, now())
ON CONFLICT (id) DO UPDATE
    SET begun_at = excluded.begun_at
