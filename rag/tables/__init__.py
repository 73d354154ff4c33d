"""Tables: which cells are heads of which, in what unit, and what a cell says as a sentence.

In go a text and the tables printed in it, out come grids and sayings. Knows nothing of files,
passages or questions.
"""

from rag.tables.grid import Grid, grid_of, is_figure, name_without_unit
from rag.tables.sayings import Told, told_rows

__all__ = ["Grid", "Told", "grid_of", "is_figure", "name_without_unit", "told_rows"]
