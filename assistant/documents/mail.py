"""E-mails (.eml): who wrote to whom and when, the text, and the names of attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any, cast

from assistant.documents.dates import dutch_date
from assistant.documents.extract import Blocks, Extract, clean
from assistant.documents.plain_text import decode
from assistant.documents.webpage import read_html
from assistant.errors import DocumentError

_HEAD = (("Van", "From"), ("Aan", "To"), ("Cc", "Cc"))
_TEXT_TYPES = ("text/plain", "text/html")
# Names of character sets that can be believed; utf-8, iso-8859-1 and windows-1252 often stand for each other.
_BELIEVED = re.compile(r"iso-8859-(?!1$)\d+|windows-(?!1252$)\d+|utf-16(?:le|be)?")
_EXPECTED = ("From", "To", "Subject", "Date", "Received", "Message-ID")


def read(data: bytes, name: str, max_bytes: int) -> Extract:
    """Read an e-mail.

    Raises:
        DocumentError: it is no e-mail, or has no text.
    """
    # The old policy: the new one raises all kinds of errors on headers that are not as they should be.
    message = message_from_bytes(data)
    if not any(header in message for header in _EXPECTED):
        raise DocumentError(name, "dit is geen e-mail. Bewaar het bericht opnieuw als .eml.")
    parts = list(_parts(message))
    body = _body(parts, name)
    if not body:
        raise DocumentError(name, "in deze e-mail staat geen tekst die gelezen kan worden. Bewaar de tekst als .txt.")
    blocks = Blocks()
    sent, subject = _sent(message), _header(message["Subject"])
    head = [(label, _header(message[header])) for label, header in _HEAD]
    head += [("Datum", dutch_date(sent) if sent else ""), ("Onderwerp", subject)]
    blocks.paragraph("\n".join(f"{label}: {value}" for label, value in head if value))
    for paragraph in re.split(r"\n\s*\n", body):
        blocks.paragraph(paragraph)
    attachments = [_file_name(part) for part in parts if _is_attachment(part) and not _is_picture_in_text(part)]
    if attachments:
        blocks.paragraph(f"Bijlagen (niet gelezen): {', '.join(attachments)}")
    return Extract(blocks.text, title=subject, date=sent.isoformat() if sent else "")


def _parts(message: Message) -> Iterator[Message]:
    """The parts that are no container; an e-mail that was sent along is one part."""
    if message.get_content_maintype() != "multipart":
        yield message
    elif message.is_multipart():
        for part in cast(list[Message], message.get_payload()):
            yield from _parts(part)


def _is_attachment(part: Message) -> bool:
    return part.get_content_type() not in _TEXT_TYPES or part.get_content_disposition() == "attachment"


def _is_picture_in_text(part: Message) -> bool:
    return part.get_content_maintype() == "image" and part.get_content_disposition() == "inline"


def _file_name(part: Message) -> str:
    return _header(part.get_filename()) or part.get_content_type()


def _body(parts: list[Message], name: str) -> str:
    """The plain text, or else the text of the web page in it."""
    texts = [part for part in parts if not _is_attachment(part)]
    plain = [_decoded(part, name) for part in texts if part.get_content_subtype() == "plain"]
    if body := "\n\n".join(plain).strip():
        return body
    pages = [_decoded(part, name) for part in texts if part.get_content_subtype() == "html"]
    return "\n\n".join(read_html(page, name).text for page in pages if page.strip())


def _decoded(part: Message, name: str) -> str:
    data = cast(bytes, part.get_payload(decode=True) or b"")
    charset = part.get_content_charset("")
    if _BELIEVED.fullmatch(charset):
        with suppress(LookupError, UnicodeError):
            return data.decode(charset)
    return decode(data, name)


def _header(value: Any) -> str:
    """A header or file name, decoded ('=?utf-8?q?caf=C3=A9?=') where that can be done."""
    text = str(value or "")
    with suppress(MessageError, LookupError, ValueError):
        text = str(make_header(decode_header(text)))
    return clean(text)


def _sent(message: Message) -> date | None:
    try:
        return parsedate_to_datetime(str(message["Date"])).date()
    except (ValueError, TypeError, OverflowError):
        return None
