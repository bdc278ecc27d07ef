"""Everything that can go wrong and is worth a sentence: one tree under `RagError`.

    RagError                    what a caller can catch
    ├── SettingsError           a setting has no usable value
    ├── CorpusError             the texts: missing path, nothing to read, unknown document
    │   └── LoadError           one file: empty, binary, unreadable, of an unknown type
    ├── IndexingError           the index: folder not writable, damaged, another process holds it
    │   └── UnreachableError    the Chroma server does not answer; what it holds may be sound
    ├── ModelError              weights missing, damaged or not the expected ones
    ├── CheckError              a text to check without words, or not Unicode
    ├── LanguageModelError      the language model cannot be reached, or does not answer as it should
    ├── QuestionError           an empty or over-long question
    └── ServeError              the page cannot be served: port in use, folder not writable

Each message is one line that names the thing and the remedy. "The text does not say" is an
Answer, not an error.
"""


class RagError(Exception):
    """The base of all errors that this package raises on purpose."""


class SettingsError(RagError):
    """A setting has no usable value."""


class CorpusError(RagError):
    """The corpus cannot be used as asked."""


class LoadError(CorpusError):
    """One file cannot be read as text."""


class IndexingError(RagError):
    """The index cannot be built, opened or written."""


class UnreachableError(IndexingError):
    """The Chroma server does not answer; what it holds may be sound."""


class ModelError(RagError):
    """A model's weights are missing, damaged or not the expected ones."""


class LanguageModelError(RagError):
    """The language model cannot be reached, or does not answer as it should.

    `again`: whether another try may help; `after`: seconds that the endpoint asks to wait before it.
    """

    def __init__(self, message: str, again: bool = False, after: float | None = None) -> None:
        super().__init__(message)
        self.again = again
        self.after = after


class QuestionError(RagError):
    """A question that cannot be asked."""


class CheckError(RagError):
    """A text that cannot be checked against documents."""


class ServeError(RagError):
    """The page cannot be served."""


def reason_of(error: BaseException) -> str:
    """Why, in the words of an error of another library: the first line of its message, or its kind if it says nothing.

    >>> reason_of(ValueError("no such file\\n  at line 3")), reason_of(KeyError())
    ('no such file', 'KeyError')
    """
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
