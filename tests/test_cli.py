"""The command line: its contracts, its Dutch, its exit codes."""

import json
import resource
import subprocess
import sys

import pytest

from assistant.cli import main
from assistant.settings import ROOT


@pytest.fixture(scope="session")
def index(tmp_path_factory):
    """An index of the documents that come along, made by the command line."""
    folder = tmp_path_factory.mktemp("cli") / "index"
    assert main(["index", "--index", str(folder)]) == 0
    return folder


@pytest.fixture
def run(index, capsys):
    def run(*arguments):
        code = main([*arguments, "--index", str(index)])
        output = capsys.readouterr()
        return code, output.out, output.err

    return run


def test_index_tells_what_it_did_and_is_quick_the_second_time(run):
    code, out, _ = run("index")
    assert code == 0
    assert "2 documenten" in out
    assert "niets veranderd; 0 teksten gecodeerd" in out


def test_index_names_files_that_cannot_be_read_and_says_so_in_its_exit_code(tmp_path, capsys, corpus):
    (corpus / "documents" / "leeg.txt").write_bytes(b"")
    assert main(["index", "--corpus", str(corpus), "--index", str(tmp_path / "index")]) == 1
    output = capsys.readouterr()
    assert "2 nieuw" in output.out
    assert "leeg.txt" in output.err
    assert "Passages coderen" in output.err


def test_ask_shows_answer_and_sources(run):
    code, out, _ = run("ask", "Met wie kan ik contact opnemen bij vragen over de brief?")
    assert code == 0
    assert "Edith Starrevelt" in out
    assert "[1] Plan van aanpak Brede SPUK-regeling" in out
    assert "5 september 2023, NOV" in out


def test_ask_shows_the_nearest_passages_when_nothing_answers(run):
    code, out, _ = run("ask", "Hoe bak ik een appeltaart?")
    assert code == 0
    assert out.startswith("Dat staat niet in de documenten.")
    assert "De passages die er het dichtst bij komen" in out


def test_ask_json_is_the_contract(run, assistant):
    code, out, _ = run("ask", "Welke uitdagingen noemen gemeenten zelf?", "--json", "--history", "Wat is NOV?")
    assert code == 0
    answer = json.loads(out)
    assert {"id", "question", "status", "answer", "citations", "passages", "seconds"} <= answer.keys()
    assert answer["status"] == "answered"
    assert len(answer["passages"]) == 10
    for part in answer["citations"]:
        assert {"number", "document", "title", "date", "voice", "start", "end", "quote"} <= part.keys()
        assert assistant.documents[part["document"]].text[part["start"] : part["end"]] == part["quote"]
        assert f"[{part['number']}]" in answer["answer"]
    for passage in answer["passages"]:
        assert {"document", "start", "end", "heading", "text", "score"} <= passage.keys()
        text = assistant.documents[passage["document"]].text
        assert text[passage["start"] : passage["end"]] == passage["text"]


def test_batch(run, tmp_path):
    questions = tmp_path / "vragen.jsonl"
    rows = [
        {"id": "a", "question": "Wat is de sociale basis?", "gold": "wordt niet gelezen"},
        {"id": 2, "question": "En wie werkten daaraan mee?", "history": ["Wat is de sociale basis?"]},
    ]
    questions.write_text("\n\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    out = tmp_path / "nieuw" / "antwoorden.jsonl"
    code, told, _ = run("ask", "--batch", str(questions), "--out", str(out))
    assert code == 0
    assert "2 vragen beantwoord" in told
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [answer["id"] for answer in answers] == ["a", 2]
    assert answers[1]["understood"][0].startswith("Vervolg op")
    assert list(out.parent.iterdir()) == [out]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "regel 1: dit is geen JSON"),
        ('{"id": 1}', "een 'question' nodig"),
        ('{"id": 1, "question": "a", "history": "b"}', "'history' moet een lijst"),
    ],
)
def test_a_bad_batch_leaves_nothing_behind(run, tmp_path, content, message):
    questions, out = tmp_path / "vragen.jsonl", tmp_path / "antwoorden.jsonl"
    questions.write_text(content, encoding="utf-8")
    out.write_text("eerdere antwoorden", encoding="utf-8")
    code, _, err = run("ask", "--batch", str(questions), "--out", str(out))
    assert code == 2
    assert message in err
    assert out.read_text(encoding="utf-8") == "eerdere antwoorden"
    assert sorted(tmp_path.iterdir()) == [out, questions]


def test_a_question_that_cannot_be_asked_does_not_stop_a_batch(run, tmp_path):
    questions, out = tmp_path / "vragen.jsonl", tmp_path / "antwoorden.jsonl"
    rows = [{"id": 1, "question": "?"}, {"id": 2, "question": "Wat is de sociale basis?"}]
    questions.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    code, told, err = run("ask", "--batch", str(questions), "--out", str(out))
    assert (code, "1 vragen beantwoord" in told, "1: Typ een vraag" in err) == (1, True, True)
    answers = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(answer["id"], answer["status"], answer["citations"] == []) for answer in answers] == [
        (1, "not_found", True),
        (2, "answered", False),
    ]


def test_batch_needs_a_readable_file_and_a_place_for_the_answers(run, tmp_path):
    assert "niet te lezen" in run("ask", "--batch", str(tmp_path / "weg"), "--out", str(tmp_path / "uit"))[2]
    (tmp_path / "vragen").write_text('{"id": 1, "question": "Wat is NOV?"}', encoding="utf-8")
    assert "--out" in run("ask", "--batch", str(tmp_path / "vragen"))[2]
    code, _, err = run("ask", "--batch", str(tmp_path / "vragen"), "--out", "/proc/uit.jsonl")
    assert (code, "kan niet worden geschreven" in err) == (2, True)


def test_search(run):
    code, out, _ = run("search", "mantelzorg", "--top-k", "2")
    assert code == 0
    assert out.startswith("1. ")
    assert "3. " not in out
    hits = json.loads(run("search", "mantelzorg", "--json")[1])
    assert len(hits) == 10
    assert "antelzorg" in hits[0]["text"]


def test_positions(run):
    code, out, _ = run("positions", "ondersteuning van vrijwilligers")
    assert code == 0
    assert "pleidooi: “Wij pleiten ervoor" in out
    found = json.loads(run("positions", "ondersteuning van vrijwilligers", "--json")[1])
    assert {"stance", "quote", "voice", "date", "document", "start", "end"} <= found[0].keys()


def test_an_unindexed_folder_can_be_asked_at_once(tmp_path, capsys):
    folder = tmp_path / "map"
    folder.mkdir()
    (folder / "notitie.txt").write_text("De lift is kapot sinds dinsdag.\n\nBel de monteur.\n", encoding="utf-8")
    (folder / "plaatje.xyz").write_bytes(b"?")
    arguments = ["ask", "Sinds wanneer is de lift kapot?", "--corpus", str(folder), "--index", str(tmp_path / "i")]
    assert main(arguments) == 0
    output = capsys.readouterr()
    assert "De lift is kapot sinds dinsdag." in output.out
    assert "Niet gelezen: plaatje.xyz" in output.err


def test_evaluate_writes_a_report_and_compares(run, tmp_path):
    questions = tmp_path / "vragen.jsonl"
    lines = (ROOT / "corpus" / "questions.jsonl").read_text(encoding="utf-8").splitlines()[:4]
    questions.write_text("\n".join(lines), encoding="utf-8")
    first = run("evaluate", "--questions", str(questions), "--out", str(tmp_path / "een"))
    assert first[0] == 0
    figures = [line for line in first[1].splitlines() if line.startswith("- ")]
    assert len(figures) == 4  # none of these questions is unanswerable
    assert not any("vorige meting" in line for line in figures)
    assert (tmp_path / "een" / "report.html").exists()
    assert (tmp_path / "een" / "report.md").exists()
    baseline = tmp_path / "een" / "report.json"
    again = run("evaluate", "--questions", str(questions), "--out", str(tmp_path / "twee"), "--baseline", str(baseline))
    assert again[0] == 0
    assert again[1].count("+0 procentpunt tegenover de vorige meting (kan toeval zijn)") == 4
    assert "Vragen stellen: 100%" in again[2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask"], "Geef een vraag"),
        (["ask", " "], "Typ een vraag"),
        (["ask", "x" * 20_000], "20000 tekens lang"),
        (["search", "zaal", "--top-k", "0"], "1 of meer"),
        (["evaluate", "--questions", "/weg.jsonl"], "/weg.jsonl"),
    ],
)
def test_bad_input_is_an_error_in_dutch(run, arguments, message):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("Fout: ")
    assert message in err


def test_no_index_yet(tmp_path, capsys):
    assert main(["ask", "Wat is NOV?", "--index", str(tmp_path / "leeg")]) == 2
    assert "python -m assistant index" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "dit ontbreekt: opdracht"),
        (["vraag"], "dit kan niet"),
        (["search", "a", "--top-k", "veel"], "dit is geen heel getal"),
        (["ask", "a", "--onbekend"], "dit is onbekend: --onbekend"),
    ],
)
def test_wrong_arguments_are_said_in_dutch(capsys, arguments, message):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


def test_a_setting_that_cannot_be_used_is_named(monkeypatch, capsys):
    monkeypatch.setenv("ASSISTANT_PORT", "veel")
    assert main(["search", "zaal"]) == 2
    assert "ASSISTANT_PORT" in capsys.readouterr().err


def test_a_cold_question_takes_little_processor_time(index):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "assistant",
            "ask",
            "Wat is het grondmotief van vrijwilligerswerk?",
            "--index",
            str(index),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "liefde" in done.stdout
    assert done.stderr == ""
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    # Measured against what importing the libraries for building takes, in the same run: machines differ.
    assert used < 0.6 * _processor_time("import torch, sentence_transformers, chromadb")


def _processor_time(code):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_a_closed_pipe_is_no_error(index):
    process = subprocess.run(
        f"{sys.executable} -m assistant search vrijwilligers --index {index} | head -c 1",
        cwd=ROOT,
        shell=True,
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stderr == ""
