"""The readers: a module or a folder for each file format, beside what several of them use.

`read.read` chooses the reader by the ending of the file and returns a Book.
"""
