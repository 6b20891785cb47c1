-- True if every passage with weights has its stems beside them. An older version of the service stored only weights.
SELECT NOT EXISTS (
    SELECT
    FROM chunk_weights AS w
    WHERE w.lexical IS NULL
) AS is_complete
