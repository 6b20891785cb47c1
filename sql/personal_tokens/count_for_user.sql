-- The number of a user's tokens that have not expired.
SELECT count(*) AS tokens
FROM personal_tokens
WHERE
    user_id = %(user_id)s
    AND expires_at > now()
