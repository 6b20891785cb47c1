"""What a person writes to the coach: which kind of text it is, what it asks, and what it names."""
