"""Sentences in documents that try to give a language model orders.

They are not shown to a model and support nothing that it writes; as a quotation they stay what they are. That makes
such orders useless, it does not have to find them all: what a model was talked into is still verified.
"""

from __future__ import annotations

import re

from assistant.dutch import fold

_ORDER = re.compile(
    r"\b(?:negeer|vergeet|omzeil)\b(?! .{0,30}\bniet\b).{0,40}"
    r"\b(?:instructies?|opdracht(?:en)?|aanwijzing(?:en)?|prompts?|hierboven|hiervoor|voorgaande|eerdere|vorige)\b"
    r"|\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|above|previous|prior)\b"
    r"|\b(?:taalmodel|language model|chatbot|ai-?\s?(?:assistent|assistant|model)|llm)\b.{0,60}"
    r"\b(?:antwoord(?:en)?|schrijf|zeg|answer|write|say|reply)\b"
    r"|^(?:antwoord|zeg|schrijf|answer|reply|respond|say|write)\s(?:nu |alleen |uitsluitend |altijd |only |always )*"
    r"(?:dat|met|that|with)\b.{0,8}(?:\b(?:de|het|een|the|ja|nee|yes|no)\b|:)"
    r"|^(?:je bent (?:nu|vanaf nu)|you are now)\b"
    r"|^(?:system|systeem)\s?:"
)
_TAG = re.compile(r"<[^<>]*>")


def gives_orders(sentence: str) -> bool:
    """Whether a sentence speaks to a language model rather than to a reader."""
    return bool(_ORDER.search(_TAG.sub(" ", fold(sentence)).strip(" \"'“”‘’«»*_-")))
