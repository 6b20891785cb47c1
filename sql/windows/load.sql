-- Loads the windows of passages that are stored already.
COPY chunk_windows (chunk_id, set_id, start_offset, end_offset, embedding)
FROM STDIN (FORMAT binary) -- noqa: PRS
