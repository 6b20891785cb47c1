-- Begins a conversation.
INSERT INTO conversations (user_id, id, title, status, created_at, updated_at)
VALUES (%(user_id)s, %(id)s, %(title)s, 'active', %(now)s, %(now)s)
