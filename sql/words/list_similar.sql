-- Words of the corpus that may be meant by a misspelt word, most frequent first. One typing error leaves the beginning
-- or the end of a word as it was, so the words with the same beginning or the same end are compared, each through an
-- index. A word with the same end also has the same first letter, unless only the first two letters differ.
WITH bounds AS (
    SELECT
        %(word)s::text AS word,
        left(%(word)s::text, (char_length(%(word)s::text) - 1) / 2) AS beginning,
        left(reverse(%(word)s::text), (char_length(%(word)s::text) - 1) / 2) AS ending,
        left(reverse(%(word)s::text), char_length(%(word)s::text) - 2) AS long_ending
),

similar_words AS (
    SELECT
        w.word,
        w.chunks
    FROM bounds
    INNER JOIN words AS w
        ON
            bounds.beginning <= w.word
            AND bounds.beginning || chr(1114111) > w.word
    UNION
    SELECT
        w.word,
        w.chunks
    FROM bounds
    INNER JOIN words AS w
        ON
            bounds.ending <= reverse(w.word) COLLATE "C"
            AND bounds.ending || chr(1114111) > reverse(w.word) COLLATE "C"
            AND left(bounds.word, 1) = left(w.word, 1)
    UNION
    SELECT
        w.word,
        w.chunks
    FROM bounds
    INNER JOIN words AS w
        ON
            bounds.long_ending <= reverse(w.word) COLLATE "C"
            AND bounds.long_ending || chr(1114111) > reverse(w.word) COLLATE "C"
)

SELECT
    s.word,
    s.chunks
FROM similar_words AS s
WHERE
    s.chunks > 0
    AND abs(char_length(s.word) - char_length(%(word)s::text)) <= 2
ORDER BY s.chunks DESC, s.word ASC
LIMIT 1000
