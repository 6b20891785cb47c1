-- Tells the planner what the corpus holds now: plans that were made and kept for a smaller one are made anew.
ANALYZE books, chapters, chunks, chunk_weights, stems, embeddings
