"""Other programs doing the work of the index, beside ours: the same passages, vectors, questions.

For measuring alone. Each runs in a process of its own (``python -m corpora.peers NAME FOLDER``).
"""
