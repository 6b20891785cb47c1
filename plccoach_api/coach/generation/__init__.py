"""Generation: an answer with citations, composed from passages by a language model or by our own rules.

Without a model, `extractive` shows the sentences that selection/ chooses. With a model, `model_answerer` sends the
prompt, and `citation_filter` checks the text: model_text/ reads how it is written, and claims/ compares what it says
with the passages.
"""
