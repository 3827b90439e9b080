"""The zip container and the XML of .docx and .odt, opened with care: no zip bombs, no XML entities."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib

from lxml import etree

from assistant.documents.trees import Element
from assistant.errors import DocumentError

TITLE = "{http://purl.org/dc/elements/1.1/}title"
"""The element with a document's title, in either format."""

_MAX_EXPANSION = 20  # times the largest file: what all parts together may be when unpacked
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, NotImplementedError)


class Package:
    """The parts of a .docx or .odt file.

    Args:
        data: the file.
        name: what to call it in messages.
        max_bytes: the largest size of a file; all parts together may be 20 times as large.

    Raises:
        DocumentError: the file is damaged, locked with a password, or far too large when unpacked.
    """

    def __init__(self, data: bytes, name: str, max_bytes: int) -> None:
        self._name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._check_sizes(_MAX_EXPANSION * max_bytes)
        except RuntimeError as error:  # zipfile's word for a part with a password
            raise self.locked() from error
        except _ZIP_ERRORS as error:
            raise self.damaged() from error

    def _check_sizes(self, limit: int) -> None:
        if sum(part.file_size for part in self._zip.infolist()) > limit:
            raise DocumentError(
                self._name,
                "dit bestand wordt bij het uitpakken veel te groot. Bewaar het opnieuw, zonder afbeeldingen.",
            )
        # Reads every part in small pieces and no further than the size it declares, so that a part that lies about
        # its size is found without being unpacked.
        if self._zip.testzip() is not None:
            raise self.damaged()

    def __contains__(self, part: str) -> bool:
        return part in self._zip.namelist()

    def parse(self, part: str) -> Element:
        """The root element of a part; an element without children if the file has no such part.

        Raises:
            DocumentError: the part is not well-formed XML, or declares a document type (and with it entities).
        """
        if part not in self:
            return etree.Element("none")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring(self._zip.read(part), parser)
        except (etree.XMLSyntaxError, *_ZIP_ERRORS) as error:
            raise self.damaged() from error
        if root.getroottree().docinfo.doctype:
            raise self.damaged()
        return root

    def damaged(self) -> DocumentError:
        """The error for a file that is damaged."""
        return DocumentError(
            self._name,
            "dit bestand is beschadigd of niet compleet. Open het in Word of LibreOffice en bewaar het opnieuw.",
        )

    def other(self, kind: str) -> DocumentError:
        """The error for a file that is packed in the same way but is no such document."""
        return DocumentError(
            self._name, f"dit is geen {kind}, ook al eindigt de naam zo. Bewaar het opnieuw als {kind}."
        )

    def locked(self) -> DocumentError:
        """The error for a file with a password."""
        return DocumentError(
            self._name, "dit bestand is met een wachtwoord beveiligd. Haal het wachtwoord eraf en bewaar het opnieuw."
        )
