"""Yinju (引据): questions about a folder of Chinese articles, answered with the exact words.

This is the whole public interface; what is not listed in ``__all__`` may change.
"""

from rag.articles import read_articles, read_text
from rag.assembly import Chatbot, answer, build_index, load
from rag.citations import CitedText, cite, split_reply, verify
from rag.config import Config, write_settings
from rag.datatypes import (
    Answer,
    AnswerPart,
    Article,
    Citation,
    Claim,
    Copy,
    Evidence,
    Hit,
    Message,
    Passage,
    Searched,
    TextSpan,
)
from rag.doctor import Finding, examine
from rag.errors import RagError
from rag.read import Judged, Reading
from rag.retrieve import Filter
from rag.sampling import sample_questions
from rag.upkeep import ModelState, model_states, pull_model

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "AnswerPart",
    "Article",
    "Chatbot",
    "Citation",
    "CitedText",
    "Claim",
    "Config",
    "Copy",
    "Evidence",
    "Filter",
    "Finding",
    "Hit",
    "Judged",
    "Message",
    "ModelState",
    "Passage",
    "RagError",
    "Reading",
    "Searched",
    "TextSpan",
    "answer",
    "build_index",
    "cite",
    "examine",
    "load",
    "model_states",
    "pull_model",
    "read_articles",
    "read_text",
    "sample_questions",
    "split_reply",
    "verify",
    "write_settings",
]
