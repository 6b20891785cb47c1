-- Finds or creates the user of an identity, in one statement that simultaneous first sign-ins cannot duplicate:
-- the second one waits for the identity's row and receives the user of the first one.
-- An organization keeps its name when the provider sends none. Until a name is known, its external id is its name.
-- A chosen name stays. An assigned role stays while the organization is the same.
WITH organization AS (
    INSERT INTO organizations AS o (id, provider, external_id, name, created_at)
    SELECT
        %(new_organization_id)s::uuid,
        %(provider)s::text,
        %(organization_external_id)s::text,
        coalesce(%(organization_name)s::text, %(organization_external_id)s::text),
        %(now)s::timestamptz
    WHERE %(organization_external_id)s::text IS NOT NULL
    ON CONFLICT (provider, external_id) DO UPDATE
        SET name = CASE WHEN %(organization_name)s::text IS NULL THEN o.name ELSE excluded.name END
    RETURNING id
),

identity AS (
    INSERT INTO identities (provider, subject, user_id, last_used_at)
    VALUES (%(provider)s, %(subject)s, %(new_id)s, %(now)s)
    ON CONFLICT (provider, subject) DO UPDATE
        SET last_used_at = excluded.last_used_at
    RETURNING user_id
)

INSERT INTO users AS u (id, organization_id, email, name, role, status, created_at, last_login)
SELECT
    i.user_id,
    o.id,
    %(email)s::text,
    %(name)s::text,
    %(role)s::text,
    'active',
    %(now)s,
    %(now)s
FROM identity AS i
LEFT JOIN organization AS o ON TRUE
ON CONFLICT (id) DO UPDATE
    SET
        organization_id = excluded.organization_id,
        email = excluded.email,
        name = CASE WHEN u.name_chosen THEN u.name ELSE excluded.name END,
        role = CASE
            WHEN u.role_assigned AND u.organization_id IS NOT DISTINCT FROM excluded.organization_id THEN u.role
            ELSE excluded.role
        END,
        role_assigned = u.role_assigned AND u.organization_id IS NOT DISTINCT FROM excluded.organization_id,
        last_login = excluded.last_login
RETURNING id, organization_id, role, status
