"""Retrieval: the domains of a question, and the passages that its answer can cite."""
