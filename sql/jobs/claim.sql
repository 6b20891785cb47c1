-- Claims a job when it is due and sets the time when it is due again; returns no row when it is not due.
INSERT INTO jobs AS j (name, ran_at, due_at)
VALUES (%(name)s, now(), now() + %(every)s)
ON CONFLICT (name) DO UPDATE
    SET
        ran_at = excluded.ran_at,
        due_at = excluded.due_at
    WHERE j.due_at <= excluded.ran_at
RETURNING name
