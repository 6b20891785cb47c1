"""Retrieval: a question's domains, and the passages that its answer can cite."""
