-- The part of a conversation that a reader of its share link may see. The owner appears only by name.
SELECT
    c.title,
    u.name AS shared_by,
    c.created_at,
    c.updated_at
FROM conversations AS c
INNER JOIN users AS u ON c.user_id = u.id
WHERE
    c.user_id = %(user_id)s
    AND c.id = %(id)s
