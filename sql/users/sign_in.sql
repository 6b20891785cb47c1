-- Finds or makes the user of an identity, in one statement that simultaneous first sign-ins cannot duplicate.
-- The identity's row decides: whoever comes second waits for it and receives the first one's user.
WITH identity AS (
    INSERT INTO identities (provider, subject, user_id, last_used_at)
    VALUES (%(provider)s, %(subject)s, %(new_id)s, %(now)s)
    ON CONFLICT (provider, subject) DO UPDATE
        SET last_used_at = excluded.last_used_at
    RETURNING user_id
)

INSERT INTO users (id, email, name, role, status, created_at, last_login)
SELECT
    user_id,
    %(email)s::text,
    %(name)s::text,
    %(role)s::text,
    'active',
    %(now)s,
    %(now)s
FROM identity
ON CONFLICT (id) DO UPDATE
    SET
        email = excluded.email,
        name = excluded.name,
        role = excluded.role,
        last_login = excluded.last_login
RETURNING id, status
