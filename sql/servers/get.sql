-- What `plccoach-api doctor` asks a server, also one without our schema. `lacking` is the number of tables in which our
-- role may not read or change every row.
SELECT
    e.extversion AS installed_vector,
    a.default_version AS available_vector,
    r.lacking,
    to_regtype('vector') IS NOT NULL AS vector_is_visible,
    current_setting('server_version_num')::integer AS version_number,
    current_setting('transaction_read_only')::boolean AS read_only,
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), FALSE) AS may_create,
    clock_timestamp() AS answered_at
FROM
    (
        SELECT count(*) AS lacking
        FROM pg_class AS c
        WHERE
            c.relnamespace = to_regnamespace(quote_ident(current_schema()))
            AND c.relkind IN ('r', 'p')
            AND NOT (
                has_table_privilege(c.oid, 'SELECT')
                AND has_table_privilege(c.oid, 'INSERT')
                AND has_table_privilege(c.oid, 'UPDATE')
                AND has_table_privilege(c.oid, 'DELETE')
            )
    ) AS r
LEFT JOIN pg_extension AS e ON e.extname = 'vector'
LEFT JOIN pg_available_extensions AS a ON a.name = 'vector'
