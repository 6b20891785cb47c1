-- The owner of a token that is still valid, by the database's clock.
SELECT
    t.id AS token_id,
    u.id,
    u.email,
    u.name,
    u.role,
    o.id AS organization_id,
    o.name AS organization_name,
    i.provider AS sso_provider,
    u.created_at,
    greatest(u.last_login, l.signed_in_at) AS last_login,
    coalesce(t.last_used_at < now() - %(touch_every)s::interval, TRUE) AS touch_due
FROM personal_tokens AS t
INNER JOIN users AS u ON t.user_id = u.id
INNER JOIN identities AS i ON u.id = i.user_id
LEFT JOIN organizations AS o ON u.organization_id = o.id
LEFT JOIN last_sign_ins AS l ON t.user_id = l.user_id
WHERE
    t.user_id = %(user_id)s
    AND t.token_hash = %(token_hash)s
    AND t.expires_at > now()
    AND u.status = 'active'
