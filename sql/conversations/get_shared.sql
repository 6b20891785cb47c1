-- The part of a conversation that the reader of its share link may see; of the owner only the name.
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
