"""The rules on the text that a person writes: they tell its kind, what it asks, and what it names."""
