"""The installation: pinned versions, and a Makefile that refuses in plain words."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REQUIREMENTS = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
PINS = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
VERSIONS = {canonicalize_name(name): version for name, _, version in (pin.partition("==") for pin in PINS)}


def test_every_line_of_constraints_is_one_exact_version() -> None:
    assert [pin for pin in PINS if not re.fullmatch(r"[\w.-]+==[0-9][0-9a-z.]*", pin)] == []


@pytest.mark.parametrize("line", REQUIREMENTS)
def test_every_dependency_is_pinned_to_a_version_pyproject_allows(line: str) -> None:
    requirement = Requirement(line)
    assert VERSIONS[canonicalize_name(requirement.name)] in requirement.specifier


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the Makefile in `folder`, as if not from within `make test`."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with a space in its name, that holds what `make` needs and no environment."""
    folder = tmp_path / "een map"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    return folder


def fake_python(folder: Path, script: str) -> str:
    python = folder / "python-fake"
    python.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    python.chmod(0o755)
    return f"PYTHON=./{python.name}"


# `-m venv` makes an environment whose pip only says what it was asked, or fails as long as a file 'stuk' is there.
WORKING = r"""
test "$2" = venv || exit 0
mkdir -p .venv/bin && touch .venv/bin/pip && cd .venv/bin
printf '#!/bin/sh\ntest ! -e stuk || exit 1\ntest "$2" != pip || echo "$@"\n' > python && chmod +x python
"""


def test_make_alone_lists_the_commands() -> None:
    listed = make(ROOT).stdout
    assert "make run " in listed
    assert "make test " in listed


@pytest.mark.parametrize(
    ("script", "mend"),
    [
        ("exit 1", "Python 3.11 of nieuwer is nodig"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "sudo apt-get install python3-venv"),
    ],
    ids=["too old", "without venv"],
)
def test_a_python_that_cannot_do_it_is_refused_with_the_mend(checkout: Path, script: str, mend: str) -> None:
    done = make(checkout, "run", fake_python(checkout, script))
    assert done.returncode != 0
    assert mend in done.stderr
    assert not (checkout / ".venv").exists()


def test_an_installation_that_failed_is_done_again_and_one_that_worked_is_not(checkout: Path) -> None:
    python = fake_python(checkout, WORKING)
    (checkout / "stuk").touch()
    assert make(checkout, "index", python).returncode != 0
    (checkout / "stuk").unlink()
    assert "--constraint constraints.txt --editable ." in make(checkout, "index", python).stdout
    again = make(checkout, "index", python)
    assert again.returncode == 0
    assert "pip" not in again.stdout


def test_an_environment_without_pip_is_made_anew(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").touch()
    assert "--editable ." in make(checkout, "index", fake_python(checkout, WORKING)).stdout


def test_the_tools_for_tests_come_only_with_the_tests(checkout: Path) -> None:
    python = fake_python(checkout, WORKING)
    assert "--editable .\n" in make(checkout, "index", python).stdout
    assert "--editable .[dev]\n" in make(checkout, "test", python).stdout
    assert "pip" not in make(checkout, "index", python).stdout
