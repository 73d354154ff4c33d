"""Pages and questions made for training and measuring: readers of a data folder, and page making.

Below ``training`` and ``eval``, which both take from here; imports neither.
"""
