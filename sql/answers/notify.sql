-- Notifies all processes that these answers have more text, or have ended.
-- PostgreSQL refuses a payload of 8,000 bytes or more: at most 216 ids fit.
SELECT FROM pg_notify('answers', array_to_string(%(ids)s::uuid[], ','))
