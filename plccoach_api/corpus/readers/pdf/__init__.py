"""PDF files: their text, from its place on the page."""
