"""What a file really is, by its first bytes; a file that is not what its name says is refused."""

from __future__ import annotations

from assistant.errors import DocumentError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNATURES = (
    (b"%PDF-", "pdf-bestand"),
    (b"PK\x03\x04", "zip-bestand (of docx of odt)"),
    (_OLE, "oud Word-bestand (doc)"),
    (b"{\\rtf", "rtf-bestand"),
    (b"\x89PNG\r\n\x1a\n", "afbeelding (png)"),
    (b"\xff\xd8\xff", "afbeelding (jpg)"),
    (b"GIF8", "afbeelding (gif)"),
    (b"II*\x00", "afbeelding (tiff)"),
    (b"MM\x00*", "afbeelding (tiff)"),
    (b"\x1f\x8b", "ingepakt bestand (gz)"),
)
_EXPECTED = {".pdf": b"%PDF-", ".docx": b"PK\x03\x04", ".odt": b"PK\x03\x04"}
_PDF_HEAD = 1024  # bytes; readers of PDF allow rubbish before the signature


def check_content(data: bytes, suffix: str, name: str) -> None:
    """Check that a file's first bytes fit its suffix.

    Raises:
        DocumentError: they do not; says what it is instead.
    """
    expected = _EXPECTED.get(suffix)
    if expected and expected in data[: _PDF_HEAD if suffix == ".pdf" else len(expected)]:
        return
    if suffix == ".docx" and data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise DocumentError(
            name, "dit bestand is met een wachtwoord beveiligd. Haal het wachtwoord eraf en bewaar het opnieuw."
        )
    found = next((label for signature, label in _SIGNATURES if data.startswith(signature)), "")
    if found:
        raise DocumentError(
            name, f"dit is geen {suffix}, maar een {found}. Geef het de juiste naam of bewaar het als {suffix}."
        )
    if expected:
        raise DocumentError(
            name, f"dit is geen {suffix}-bestand, of het is beschadigd. Bewaar het opnieuw als {suffix}."
        )
