-- Makes a conversation that nothing was asked in yet; without a title the first question gives it one.
INSERT INTO conversations (user_id, id, title, status, created_at, updated_at)
VALUES (%(user_id)s, %(id)s, %(title)s, 'active', %(now)s, %(now)s)
