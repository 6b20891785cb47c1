-- The organization with an id at a provider.
SELECT
    o.id,
    o.name
FROM organizations AS o
WHERE
    o.provider = %(provider)s
    AND o.external_id = %(external_id)s
