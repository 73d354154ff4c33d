"""Public question sets: read from a folder that the user has, and measured as they define it.

Nothing of a set is kept here, and nothing is chosen on one: the figures are for reporting.
"""
