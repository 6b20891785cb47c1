-- Tells whoever listens that there is more of these answers, or that they have come to their end.
-- One notice carries 8 kB: 200 ids.
SELECT FROM pg_notify('answers', %(ids)s::text)
