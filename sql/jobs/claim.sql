-- Says whether a job is due, and notes that it runs now; whoever asks before it is due again is told no.
INSERT INTO jobs AS j (name, ran_at, due_at)
VALUES (%(name)s, now(), now() + %(every)s)
ON CONFLICT (name) DO UPDATE
    SET
        ran_at = excluded.ran_at,
        due_at = excluded.due_at
    WHERE j.due_at <= excluded.ran_at
RETURNING name
