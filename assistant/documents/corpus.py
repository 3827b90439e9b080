"""A corpus: its files, what `documents.yaml` says of them, and the documents that come of both."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.documents.extract import Extract
from assistant.documents.files import SourceFile, documents_folder, find_files
from assistant.documents.guess import guess_date, guess_kind, guess_title
from assistant.documents.metadata import Metadata, load_metadata
from assistant.errors import CorpusError
from assistant.schema import Document, VoiceRange

__all__ = ["Metadata", "SourceFile", "documents_folder", "find_files", "load_metadata", "make_document"]


def make_document(source: SourceFile, extract: Extract, metadata: Metadata | None) -> Document:
    """Make a document of a file's text; what `documents.yaml` does not say is taken from the file.

    Raises:
        CorpusError: a voice begins with a text that is not in the document, or stands in it more than once.
    """
    said = metadata or Metadata()
    text, name = extract.text, source.name
    title = said.title or extract.title or guess_title(text, name)
    return Document(
        name=name,
        text=text,
        title=title,
        kind=said.kind or guess_kind(text, name),
        date=said.date or extract.date or guess_date(text, title, name),
        voice=said.voice,
        status=said.status,
        link=said.link,
        voices=tuple(sorted(_voice_ranges(said, text, name), key=lambda part: part.start)),
        pages=extract.pages,
    )


def _voice_ranges(metadata: Metadata, text: str, name: str) -> Iterator[VoiceRange]:
    for begin, voice in metadata.voices:
        count = text.count(begin)
        if count != 1:
            problem = "staat niet in het document" if count == 0 else f"staat {count} keer in het document"
            raise CorpusError(
                f"documents.yaml, {name}, voices: de tekst '{begin}' {problem}. "
                "Neem bij from een stukje tekst letterlijk over dat er één keer in staat."
            )
        yield VoiceRange(text.index(begin), voice)
