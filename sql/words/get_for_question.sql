-- What the corpus knows about the words of a question: those that no passage has in any form, and the acronyms that its
-- books explain. A word without a stem is a stop word, which the index leaves out. An acronym that more than a tenth of
-- the passages have is explained only for a question that has nothing else: the others find its passages anyway. Of the
-- spellings that a word may have, those that some passage has are returned.
WITH unknown_stems AS MATERIALIZED (
    SELECT asked.word
    FROM unnest(%(words)s::text[]) AS asked (word)
    WHERE
        cardinality(ts_lexize('english_stem', asked.word)) > 0
        AND NOT EXISTS (
            SELECT
            FROM words AS w
            WHERE
                w.word = asked.word
                AND w.chunks > 0
        )
        AND NOT EXISTS (
            SELECT
            FROM stems AS s
            WHERE
                s.stem = any(ts_lexize('english_stem', asked.word))
                AND s.chunks > 0
        )
),

-- Only the few words that are left so far are looked for by `stems_of`, which takes ten times as long.
unknown_words AS (
    SELECT u.word
    FROM unknown_stems AS u
    WHERE
        NOT EXISTS (
            SELECT
            FROM stems_of(to_tsvector('english', u.word)) AS own
            INNER JOIN stems AS s ON own.stem = s.stem
            WHERE s.chunks > 0
        )
),

explained AS (
    SELECT DISTINCT
        a.acronym,
        a.expansion,
        a.stems
    FROM acronyms AS a
    WHERE
        (a.acronym = any(%(acronyms)s::text[]) OR a.stems = any(%(phrases)s::text[]))
        AND (
            %(asks_for_meaning)s
            OR NOT EXISTS (
                SELECT
                FROM words AS w
                CROSS JOIN corpora AS p
                WHERE
                    w.word = lower(a.acronym)
                    AND w.chunks * 10 > p.chunks
            )
        )
    ORDER BY a.acronym ASC, a.expansion ASC
    LIMIT 20
)

SELECT
    (SELECT coalesce(array_agg(u.word ORDER BY u.word), '{}') FROM unknown_words AS u) AS unknown_words,
    (
        SELECT coalesce(array_agg(w.word ORDER BY w.word), '{}')
        FROM words AS w
        WHERE
            w.word = any(%(spellings)s::text[])
            AND w.chunks > 0
    ) AS known_spellings,
    (
        SELECT
            coalesce(
                jsonb_agg(jsonb_build_object('acronym', e.acronym, 'expansion', e.expansion, 'stems', e.stems)),
                '[]'::jsonb
            )
        FROM explained AS e
    ) AS explained
