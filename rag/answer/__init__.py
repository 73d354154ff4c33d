"""A judged reading to a reply: quoted, written by a chat model, compared, declined.

Knows nothing of retrieval or of how a reading was judged.
"""
