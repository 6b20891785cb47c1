"""The readers: one module for each file format. `read.read` chooses the reader and returns a Book."""
