"""Questions: checked, and parsed once into one value that is passed on.

In go what the user typed and the turns before, out comes a ``Question``. Knows nothing of articles,
hits or answers. Patterns read the standard form (``rag.text``); what is shown is as typed.
"""

from rag.ask.aims import Aim
from rag.ask.asking import content_of
from rag.ask.guard import check_question, is_in_english, orders_the_program
from rag.ask.part import Part, Parts
from rag.ask.parts import parts_of
from rag.ask.purpose import LibraryQuestion, Purpose, SmallTalk, SummaryRequest, purpose_of
from rag.ask.question import Question, Wording, parse
from rag.ask.roll import Roll, roll_of

__all__ = [
    "Aim",
    "LibraryQuestion",
    "Part",
    "Parts",
    "Purpose",
    "Question",
    "Roll",
    "SmallTalk",
    "SummaryRequest",
    "Wording",
    "check_question",
    "content_of",
    "is_in_english",
    "orders_the_program",
    "parse",
    "parts_of",
    "purpose_of",
    "roll_of",
]
