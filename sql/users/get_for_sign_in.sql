-- The user of an identity before a sign-in, with everything that the sign-in may change.
SELECT
    u.id,
    u.organization_id,
    u.email,
    u.name,
    u.role,
    u.status,
    u.name_chosen,
    u.role_assigned,
    o.external_id AS organization_external_id,
    o.name AS organization_name
FROM identities AS i
INNER JOIN users AS u ON i.user_id = u.id
LEFT JOIN organizations AS o ON u.organization_id = o.id
WHERE
    i.provider = %(provider)s
    AND i.subject = %(subject)s
