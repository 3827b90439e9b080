"""Misspelled words of a question, put right where only one word of the documents can be meant.

A word is left alone if it is known: to the documents, to the encoder's vocabulary, as an inflection of such a word, or
as a compound of them. Otherwise it is read as the one word of the documents that is a single edit away (a letter too
many, too few, wrong, or two that changed places; Damerau 1964). In a short word that is not enough, since another word
is soon a single edit away: there the two must also sound alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import ascii_lowercase

from assistant.dutch import compound_parts, fold, known_words, stem, words

_SHORTEST = 5
_LONG = 9
_ENDINGS = ("e", "s", "en", "t", "te", "de", "ten", "den", "je", "jes", "er", "ers", "st", "ste")
_SOUNDS = tuple(pair.split("=") for pair in "ij=ei au=ou ie=i ck=k c=k q=k x=ks z=s v=f th=t y=i".split())
_WORD = re.compile(r"[^\W\d_]+")


class Speller:
    """Puts words of questions right.

    Args:
        texts: the documents.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._said = frozenset(word for text in texts for word in words(text) if word.isalpha())
        self._known = self._said | known_words()
        self._stems = frozenset(map(stem, self._known))

    def corrected(self, question: str) -> tuple[str, dict[str, str]]:
        """The question with misspelled words put right, and these words as they were typed and as they are read.

        Words with a capital that do not open the question may be names and are left alone.
        """
        found: dict[str, str] = {}

        def read(match: re.Match[str]) -> str:
            typed = match.group()
            named = typed[0].isupper() and match.start() > 0
            meant = "" if named or typed.isupper() else self._meant(fold(typed))
            if meant:
                found[typed] = meant
            return meant or typed

        return _WORD.sub(read, question), found

    def _meant(self, word: str) -> str:
        """The one word that can be meant; empty if the word is known, or none or several can."""
        if len(word) < _SHORTEST or not word.isascii() or self._is_known(word):
            return ""
        near = _one_edit(word) & self._said
        if len(word) < _LONG:
            near = {other for other in near if _sound(other) == _sound(word)}
        return near.pop() if len(near) == 1 else ""

    def _is_known(self, word: str) -> bool:
        roots = {word, *(word.removesuffix(ending) for ending in _ENDINGS if len(word) - len(ending) >= _SHORTEST - 1)}
        return not roots.isdisjoint(self._known) or stem(word) in self._stems or bool(compound_parts(word))


def _one_edit(word: str) -> set[str]:
    """All strings that are one edit away, as in Norvig, "How to Write a Spelling Corrector" (2007)."""
    halves = [(word[:cut], word[cut:]) for cut in range(len(word) + 1)]
    return {
        *(a + b[1:] for a, b in halves if b),
        *(a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1),
        *(a + letter + b[1:] for a, b in halves if b for letter in ascii_lowercase),
        *(a + letter + b for a, b in halves for letter in ascii_lowercase),
    }


def _sound(word: str) -> str:
    """A spelling by sound, the same for 'beleidt' and 'beleid' and for 'direkt' and 'direct'."""
    for written, said in _SOUNDS:
        word = word.replace(written, said)
    return re.sub(r"dt?$", "t", re.sub(r"(.)\1", r"\1", word))
