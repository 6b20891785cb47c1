"""The books: from a file to passages that can be searched.

`ingest` takes each file through these steps. `readers` turns the file into a Book, `chunks` cuts the
Book into chunks, `domain_labels` assigns domains to each chunk, `vectors` stores the chunks'
embeddings, and `load` writes all of it to the database.
"""
