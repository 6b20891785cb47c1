"""Exports: a conversation as text, Markdown, PDF or JSON, and all data of a user."""
