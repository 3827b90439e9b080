"""README.md is held to the code: its commands parse, its settings are those that exist, its files are there."""

import re
import shlex

import pytest

from assistant.cli import _parser
from assistant.settings import ROOT, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"`python -m assistant ([^`]+)`", README)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_readme_exists(command):
    _parser().parse_args(shlex.split(command))


def test_every_command_is_shown_and_its_help_says_what_it_does(capsys):
    with pytest.raises(SystemExit):
        _parser().parse_args(["--help"])
    names = re.findall(r"^ {4}(\w+)", capsys.readouterr().out, re.MULTILINE)
    assert {command.split()[0] for command in COMMANDS} == set(names)
    for name in names:
        with pytest.raises(SystemExit) as stopped:
            _parser().parse_args([name, "--help"])
        assert stopped.value.code == 0
        shown = capsys.readouterr().out
        assert re.match(rf"gebruik: python -m assistant {name} .*\n\n[A-Z].*\.\n", shown, re.DOTALL)
        assert not re.search(r"usage|options|arguments|show", shown)


def test_the_table_of_settings_is_complete_and_right():
    named = set(re.findall(r"`ASSISTANT_([A-Z_]+)`", README))
    assert named == {name.upper() for name in Settings.model_fields}
    for name in ("max_file_mb", "max_question"):
        default = Settings.model_fields[name].default
        assert re.search(rf"`ASSISTANT_{name.upper()}` \| `{default}`", README)


def test_every_file_of_the_map_exists():
    table = README.split("| where | what |")[1].split("\n\n")[0]
    for cell in re.findall(r"^\| (.*?) \|", table, re.MULTILINE)[1:]:
        folder = ""
        for name in re.findall(r"`([^`]+)`", cell):
            folder = name.rpartition("/")[0] if "/" in name else folder
            path = ROOT / (name if "/" in name else f"{folder}/{name}")
            assert path.exists() or name == "index/", name


def test_links_and_pictures_exist():
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
