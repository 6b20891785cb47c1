-- Loads the acronyms that a book explains.
COPY acronyms (book_id, acronym, expansion, stems)
FROM STDIN
