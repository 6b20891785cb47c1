"""Selection: which sentences of the passages answer a question, and in which order they are shown."""
