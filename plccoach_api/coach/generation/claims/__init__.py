"""Claims: whether passages support what a sentence says, by words, numbers and names, without a model."""
