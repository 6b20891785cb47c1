-- What a person was before this sign-in, so that a change of role can be told from a first time.
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
