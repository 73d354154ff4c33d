"""Every error a user can meet, each with one Chinese line: what, which value, what to do.

::

    RagError
    ├── ConfigError          a setting that is unknown or has no sense
    ├── QuestionError        a question that cannot be searched
    ├── ArticleError         a file that gives no article
    ├── CorpusError          a folder that gives no article at all
    ├── PromptError          a prompt file that is missing or wrong
    ├── ModelError           a model that is not there or does not load
    └── RagIndexError        an index that cannot be used
        ├── IndexMissingError    none was built
        ├── IndexStaleError      corpus, settings, embedder or program have changed since
        ├── IndexDamagedError    its files do not match its manifest
        ├── IndexForeignError    not an index of this program, or of a newer one
        └── IndexServerError     the server that it stands on is down, slow, too old or refuses

``app.py`` and ``cli`` catch ``RagError`` and nothing wider.
"""

from __future__ import annotations


class RagError(Exception):
    """Base of all errors that are told to the user rather than debugged."""


class ConfigError(RagError):
    """A setting is unknown or has a value that makes no sense."""


class QuestionError(RagError):
    """The question is empty, too short, too long or holds no word to search."""


class ArticleError(RagError):
    """A file cannot be read as articles."""


class CorpusError(RagError):
    """A corpus folder is missing or gives no article."""


class PromptError(RagError):
    """A prompt file is missing, or its variables are not the expected ones."""


class ModelError(RagError):
    """A model folder or name gives no usable model."""


class RagIndexError(RagError):
    """An index cannot be used; the message says how to mend it."""


class IndexMissingError(RagIndexError):
    """No index has been built for this corpus."""


class IndexStaleError(RagIndexError):
    """The index was built from another corpus, with other settings or by an older program."""


class IndexDamagedError(RagIndexError):
    """Files of the index are missing or differ from their checksums."""


class IndexForeignError(RagIndexError):
    """The folder holds no index of this program, or one in an unknown format."""


class IndexServerError(RagIndexError):
    """The server that the index stands on cannot be used; no other index is taken instead."""
