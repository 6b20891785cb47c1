-- Stores an organization at the first sign-in of one of its people. A known organization violates a unique constraint.
INSERT INTO organizations (id, provider, external_id, name, created_at)
VALUES (%(id)s, %(provider)s, %(external_id)s, %(name)s, %(now)s)
