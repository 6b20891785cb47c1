"""Tries a configured model: `check` sends the requests, and `context` judges the one with a long prompt.

`embeddings` tries the embedding service.
"""
