"""The coach: the path of a question to its stored answer.

The HTTP layer calls coach.py. runs/ stores the question and starts a run, which generates the answer, stores it and
serves its readers. The run calls pipeline.py: retrieval/ finds the question's domains and the passages of the books,
judgement.py judges whether they answer it, generation/ composes an answer with citations from them, and llm/ talks to
the language model, if there is one. engine.py chooses these parts by the settings, and answer.py has the types that
they share.

look_up_answer.py answers a question that names a part of a book. passage_reading.py lets a person read whole passages,
and quota.py limits what a person asks, searches and reads. model_check/ tries a configured model and a service
of vectors.
"""
