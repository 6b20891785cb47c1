-- Creates a conversation. Without a first question it has no `asked_at`, and maybe no title.
INSERT INTO conversations (user_id, id, title, status, asked_at, created_at, updated_at)
VALUES (%(user_id)s, %(id)s, %(title)s, 'active', %(asked_at)s, %(now)s, %(now)s)
