"""Markdown, in the dialects that books are written in."""
