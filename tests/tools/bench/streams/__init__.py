"""`just bench-stream`: many answers read at once while they are written."""
