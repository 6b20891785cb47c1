-- Begins a conversation with a question.
INSERT INTO conversations (user_id, id, title, status, asked_at, created_at, updated_at)
VALUES (%(user_id)s, %(id)s, %(title)s, 'active', %(now)s, %(now)s, %(now)s)
