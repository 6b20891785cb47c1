"""The text that a model writes: its units, its code, and the many ways in which it refers to passages."""
