-- Deletes and returns an attempt, so that it can be used once, by the same browser and provider.
DELETE FROM sign_in_attempts
WHERE
    state_hash = %(state_hash)s
    AND browser_hash = %(browser_hash)s
    AND provider = %(provider)s
RETURNING nonce, code_verifier, next_path, expires_at <= now() AS expired
