-- Ends all tokens of a user. Expired ones have ended already, and are left to the daily job.
DELETE FROM personal_tokens
WHERE
    user_id = %(user_id)s
    AND expires_at > now()
RETURNING id, hint
