-- Begins an attempt to sign in. The database's clock decides when it expires.
INSERT INTO sign_in_attempts (
    state_hash, browser_hash, provider, nonce, code_verifier, next_path, created_at, expires_at
)
VALUES (
    %(state_hash)s, %(browser_hash)s, %(provider)s, %(nonce)s, %(code_verifier)s, %(next_path)s,
    now(), now() + %(lifetime)s
)
