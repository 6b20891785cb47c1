"""`just bench-stream`: many answers that are read while they are generated."""
