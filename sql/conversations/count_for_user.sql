-- The number of conversations and messages of a user, for an administrator, who sees none of their text.
WITH counted AS (
    SELECT count(*) AS messages
    FROM messages
    WHERE user_id = %(user_id)s
)

SELECT
    count(c.id) AS conversations,
    counted.messages
FROM counted
LEFT JOIN conversations AS c ON c.user_id = %(user_id)s
GROUP BY counted.messages
