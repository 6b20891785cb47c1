-- Deletes retired passages that are back in their book.
DELETE FROM retired_passages
WHERE chunk_id = any(%(chunk_ids)s::uuid[])
