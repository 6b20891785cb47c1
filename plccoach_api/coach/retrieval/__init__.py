"""Retrieval: a question's domains, the passages that its answer can cite, and whether these answer the question."""
