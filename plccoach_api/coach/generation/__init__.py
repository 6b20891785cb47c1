"""Generation: an answer with citations, composed from passages by a language model or by our own rules."""
