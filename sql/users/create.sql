-- Creates a user before the first sign-in, which will confirm the identity. Returns no row if the identity is known.
WITH identity AS (
    INSERT INTO identities (provider, subject, user_id, last_used_at)
    VALUES (%(provider)s, %(subject)s, %(new_id)s, %(now)s)
    ON CONFLICT (provider, subject) DO NOTHING
    RETURNING user_id
)

INSERT INTO users (id, email, name, role, role_assigned, status, created_at)
SELECT
    i.user_id,
    %(email)s::text,
    %(name)s::text,
    %(role)s::text,
    TRUE,
    'active',
    %(now)s::timestamptz
FROM identity AS i
RETURNING id, organization_id, role, status
