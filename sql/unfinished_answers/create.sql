-- Adds an answer that begins, or sets its time when it begins again.
INSERT INTO unfinished_answers (id, user_id, begun_at)
VALUES (%(id)s, %(user_id)s, now())
ON CONFLICT (id) DO UPDATE
    SET begun_at = excluded.begun_at
