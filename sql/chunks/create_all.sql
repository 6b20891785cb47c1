-- Loads the passages of a book, given as columns: the array at one index of each is one passage.
INSERT INTO chunks (id, book_id, position, chapter, chapter_title, first_page, last_page, content)
SELECT
    c.id,
    %(book_id)s,
    c.position,
    c.chapter,
    c.chapter_title,
    c.first_page,
    c.last_page,
    c.content
FROM
    unnest(
        %(ids)s::uuid[],
        %(positions)s::integer[],
        %(chapters)s::integer[],
        %(chapter_titles)s::text[],
        %(first_pages)s::integer[],
        %(last_pages)s::integer[],
        %(contents)s::text[]
    ) AS c (id, position, chapter, chapter_title, first_page, last_page, content)
