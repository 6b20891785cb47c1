-- Stores a new user. The user of a sign-in has the provider's role; a role that an operator gave is assigned.
INSERT INTO users (id, organization_id, email, name, role, role_assigned, status, created_at)
VALUES (
    %(id)s, %(organization_id)s, %(email)s, %(name)s, %(role)s, %(role_assigned)s, 'active', %(now)s
)
