-- The settings that a session has from its role, its database and its server.
SELECT
    name,
    setting
FROM pg_settings
WHERE name = ANY(%(names)s::text[])
