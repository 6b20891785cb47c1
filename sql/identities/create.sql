-- Stores the identity of a new user, before the user: its foreign key is checked at the commit. A known identity
-- violates a unique constraint, so two simultaneous first sign-ins of a person store one user.
INSERT INTO identities (provider, subject, user_id, last_used_at)
VALUES (%(provider)s, %(subject)s, %(user_id)s, %(now)s)
