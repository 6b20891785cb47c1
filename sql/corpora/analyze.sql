-- Updates the planner's statistics, after which PostgreSQL replaces the plans that it has cached.
ANALYZE books, chapters, chunks, chunk_weights, stems, embeddings, chunk_windows, words, acronyms
