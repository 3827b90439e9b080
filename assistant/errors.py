"""The one exception tree of the assistant.

Every message is plain Dutch, names the file or value at fault and says how to mend it, so that the command line and
the page can show it as it is.

AssistantError
├── InputError               a question, an option or a setting that cannot be used
├── BusyError                too many questions at once; the same question can be asked a little later
├── CorpusError              the corpus folder or one of its description files
│   └── DocumentError        one document that cannot be read; the rest of the corpus is still indexed
├── EncoderError             the sentence encoder cannot be had
├── LLMError                 the language model gave no usable answer; the quoted answer is given instead
├── StoreError               the index cannot be used
│   ├── IndexMissingError    there is none yet
│   ├── IndexMismatchError   it was made with other settings
│   ├── IndexDamagedError    its files are damaged
│   └── IndexBusyError       another build is running
└── EvaluationError          a question set or a baseline that cannot be used
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of all errors that a user can mend; `str(error)` is a Dutch sentence for that user."""


class InputError(AssistantError):
    """A question, option or setting that cannot be used."""


class BusyError(AssistantError):
    """Too many questions at once."""


class CorpusError(AssistantError):
    """The corpus folder, `documents.yaml` or `glossary.yaml` cannot be used."""


class DocumentError(CorpusError):
    """One document cannot be read.

    Args:
        name: the document's path relative to the documents folder.
        reason: why, and how to mend it, in Dutch; completes the sentence "`name`: …".
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class EncoderError(AssistantError):
    """The sentence encoder cannot be loaded."""


class LLMError(AssistantError):
    """The language model gave no usable answer."""


class StoreError(AssistantError):
    """The index cannot be used."""


class IndexMissingError(StoreError):
    """There is no index yet."""


class IndexMismatchError(StoreError):
    """The index was made with another encoder, chunking or analyser than the settings ask for."""


class IndexDamagedError(StoreError):
    """Files of the index are damaged or missing."""


class IndexBusyError(StoreError):
    """Another process is building this index."""


class EvaluationError(AssistantError):
    """A question set, an answers file or a baseline cannot be used."""
