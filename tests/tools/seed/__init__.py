"""Fills a database with realistic data, for development and for the benchmark: `just seed`."""
