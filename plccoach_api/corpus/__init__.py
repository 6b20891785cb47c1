"""The books: from a file to passages that can be searched.

`ingest` takes each file through these steps. `readers` turns the file into a Book, and `chunks` cuts the
Book into chunks, both in a process of its own that `reading_process` starts. `domain_labels` says which
domains a chunk belongs to, `vectors` stores the chunks' embeddings, and `load` writes all of it to the
database.
"""
