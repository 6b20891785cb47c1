-- How many vectors the index holds in mind while it searches; the search asks for as many.
SET LOCAL "hnsw.ef_search" = 200
