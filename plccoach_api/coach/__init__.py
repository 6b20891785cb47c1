"""The coach: the way of a question to its stored answer.

coach.py is the entrance for the HTTP layer. It has runs/ store the question, and start a run that generates the
answer, stores it and serves its readers. The run calls pipeline.py: retrieval/ finds the question's domains and the
passages of the books, generation/ composes an answer with citations from them, and llm/ talks to the language model,
if there is one. engine.py chooses these parts by the settings, and answer.py has the types that they share.
"""
