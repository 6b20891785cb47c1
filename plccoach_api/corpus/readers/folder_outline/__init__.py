"""The outline of a folder that is one book: a file for each program that publishes such folders."""
