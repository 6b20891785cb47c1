-- The user of an identity before a sign-in, so that a changed role can be distinguished from a first sign-in.
SELECT
    u.id,
    u.organization_id,
    u.role,
    u.status
FROM identities AS i
INNER JOIN users AS u ON i.user_id = u.id
WHERE
    i.provider = %(provider)s
    AND i.subject = %(subject)s
