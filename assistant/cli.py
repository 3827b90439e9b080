"""The command line: `python -m assistant …`. Reads arguments, calls the pipeline, prints Dutch.

Exit codes: 0 all went well; 1 it was done, but with faults that are named (a document that could not be read, a
measurable regression); 2 it could not be done.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from assistant.errors import AssistantError, InputError
from assistant.positions import STANCES
from assistant.schema import Answer, BuildReport, Filters
from assistant.settings import Settings, load_settings

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

OK, FAULTS, ERROR = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    names = Settings.model_fields.keys() & vars(options).keys()
    try:
        settings = load_settings(**{name: getattr(options, name) for name in names})
        code: int = options.run(options, settings)
    except AssistantError as error:
        print(f"Fout: {error}", file=sys.stderr)
        return ERROR
    except KeyboardInterrupt:
        print("\nAfgebroken.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    return code


class _DutchParser(argparse.ArgumentParser):
    """An argument parser whose help and errors are Dutch."""

    def format_help(self) -> str:
        return _translated(super().format_help())

    def error(self, message: str) -> None:  # type: ignore[override]
        self.exit(ERROR, f"Fout: {_translated(message)}\nHulp: {self.prog} --help\n")


def _translated(message: str) -> str:
    for english, dutch in (
        ("the following arguments are required:", "dit ontbreekt:"),
        ("unrecognized arguments:", "dit is onbekend:"),
        ("invalid choice:", "dit kan niet:"),
        ("choose from", "kies uit"),
        ("invalid int value:", "dit is geen heel getal:"),
        ("expected one argument", "hier hoort iets achter"),
        ("not allowed with argument", "gaat niet samen met"),
        ("argument ", "optie "),
        ("usage: ", "gebruik: "),
        ("positional arguments:", "in te vullen:"),
        ("options:", "opties:"),
        ("show this help message and exit", "deze hulp tonen"),
    ):
        message = message.replace(english, dutch)
    return message


def _parser() -> argparse.ArgumentParser:
    parser = _DutchParser(prog="python -m assistant", description="Vragen stellen aan de documenten van NOV.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="opdracht", parser_class=_DutchParser)

    def command(name: str, run: Callable[..., int], explanation: str, index: bool = True) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=explanation, description=explanation)
        sub.set_defaults(run=run)
        if index:
            sub.add_argument("--index", type=Path, metavar="MAP", help="map van de index (standaard: index)")
        return sub

    def corpus(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--corpus", type=Path, metavar="MAP", help="map met documenten (standaard: corpus)")

    index = command("index", _index, "De index maken of bijwerken.")
    corpus(index)

    ask = command("ask", _ask, "Een vraag beantwoorden, met bronnen.")
    ask.add_argument("question", nargs="?", metavar="vraag")
    ask.add_argument("--json", action="store_true", help="het antwoord als JSON")
    ask.add_argument("--history", action="append", default=[], metavar="VRAAG", help="een eerdere vraag (mag vaker)")
    ask.add_argument("--batch", type=Path, metavar="BESTAND", help="vragen uit een bestand, een JSON-object per regel")
    ask.add_argument("--out", type=Path, metavar="BESTAND", help="waar de antwoorden van --batch komen")
    corpus(ask)

    search = command("search", _search, "Passages zoeken.")
    search.add_argument("query", metavar="zoekwoorden")
    search.add_argument("--json", action="store_true", help="de passages als JSON")
    search.add_argument("--top-k", type=int, default=10, metavar="AANTAL", help="hoeveel passages (standaard: 10)")

    positions = command("positions", _positions, "Standpunten over een onderwerp, of voor en tegen een stelling.")
    positions.add_argument("subject", metavar="onderwerp")
    positions.add_argument("--voice", action="append", default=[], metavar="WIE", help="alleen van wie (mag vaker)")
    positions.add_argument("--stance", choices=list(STANCES), help="alleen deze soort uitspraak")
    positions.add_argument("--since", default="", metavar="DATUM", help="vanaf deze dag (JJJJ-MM-DD)")
    positions.add_argument("--until", default="", metavar="DATUM", help="tot en met deze dag (JJJJ-MM-DD)")
    positions.add_argument("--json", action="store_true", help="de standpunten als JSON")

    evaluate = command("evaluate", _evaluate, "De kwaliteit meten met de vaste vragen.")
    evaluate.add_argument("--questions", type=Path, metavar="BESTAND", help="de vragen (standaard: die van het corpus)")
    evaluate.add_argument(
        "--out", type=Path, default=Path("build/evaluation"), metavar="MAP", help="map van het rapport"
    )
    evaluate.add_argument(
        "--baseline", type=Path, metavar="BESTAND", help="een eerder report.json om mee te vergelijken"
    )
    corpus(evaluate)

    serve = command("serve", _serve, "De webpagina starten.")
    serve.add_argument("--host", metavar="ADRES", help="adres waarop de pagina luistert (standaard: 127.0.0.1)")
    serve.add_argument("--port", type=int, metavar="POORT", help="poort van de pagina (standaard: 7860)")
    serve.add_argument("--root-path", metavar="PAD", help="pad achter een reverse proxy, bijvoorbeeld /assistent")

    feedback = command("feedback", _feedback, "Tonen en meenemen wat bezoekers van de antwoorden vonden.", index=False)
    feedback.add_argument("--feedback", metavar="BESTAND", help="het bestand met feedback (zie ASSISTANT_FEEDBACK)")
    feedback.add_argument("--csv", type=Path, metavar="BESTAND", help="alle oordelen als tabel voor een rekenblad")
    feedback.add_argument("--drafts", type=Path, metavar="BESTAND", help="vragen om aan de vaste vragen toe te voegen")

    command("mcp", _mcp, "Vragen van andere programma's beantwoorden, over MCP (standaardinvoer en -uitvoer).")
    return parser


# --- the commands


def _index(options: argparse.Namespace, settings: Settings) -> int:
    report = _build(settings)
    changes = (("nieuw", report.added), ("gewijzigd", report.changed), ("verwijderd", report.removed))
    told = ", ".join(f"{len(names)} {what}" for what, names in changes if names) or "niets veranderd"
    print(
        f"De index in {settings.index} heeft {report.documents} documenten en {report.passages} passages ({told}; "
        f"{report.encoded} teksten gecodeerd) in {_decimal(report.seconds)} seconden."
    )
    if report.failures:
        print(f"\n{len(report.failures)} bestand(en) konden niet worden gelezen:", file=sys.stderr)
        for failure in report.failures:
            print(f"- {failure}", file=sys.stderr)
    return FAULTS if report.failures else OK


def _build(settings: Settings) -> BuildReport:
    from assistant.pipeline import build_index

    with _progress() as progress:
        return build_index(settings, progress)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Shows what a long task is doing on standard error: a bar with counts for each kind of work."""
    from tqdm import tqdm

    with ExitStack() as stack:
        bars: dict[str, tqdm[NoReturn]] = {}

        def tell(what: str, done: int, total: int) -> None:
            if not total:
                print(what, file=sys.stderr)
                return
            if what not in bars:
                bars[what] = stack.enter_context(tqdm(total=total, desc=what, file=sys.stderr, unit=""))
            bars[what].update(done - bars[what].n)

        yield tell


def _open(options: argparse.Namespace, settings: Settings) -> Assistant:
    """Open the index; with --corpus it is first made or brought up to date."""
    from assistant.pipeline import Assistant

    if getattr(options, "corpus", None):
        for failure in _build(settings).failures:
            print(f"Niet gelezen: {failure}", file=sys.stderr)
    return Assistant.open(settings)


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    if options.batch:
        return _ask_batch(options, settings)
    if options.question is None:
        raise InputError('Geef een vraag, bijvoorbeeld: python -m assistant ask "Wat is de sociale basis?"')
    answer = _open(options, settings).ask(options.question, history=options.history)
    if options.json:
        from assistant.contract import answer_json

        _print_json(answer_json(answer))
    else:
        _print_answer(answer)
    return OK


def _ask_batch(options: argparse.Namespace, settings: Settings) -> int:
    from tqdm import tqdm

    from assistant.contract import answer_json, read_batch, refusal_json

    if options.out is None:
        raise InputError("Geef met --out op waar de antwoorden moeten komen.")
    questions = list(read_batch(options.batch))
    assistant = _open(options, settings)
    temporary = options.out.with_name(options.out.name + ".new")
    refused: list[str] = []
    try:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as file:
            for question in tqdm(questions, desc="Vragen", file=sys.stderr, unit=""):
                try:
                    row = answer_json(assistant.ask(question.question, history=question.history), question.id)
                except InputError as error:
                    refused.append(f"{question.id}: {error}")
                    row = refusal_json(question, str(error))
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        temporary.replace(options.out)
    except OSError as error:
        raise InputError(f"Het bestand {options.out} kan niet worden geschreven: {error.strerror}.") from error
    finally:
        temporary.unlink(missing_ok=True)
    print(f"{len(questions) - len(refused)} vragen beantwoord in {options.out}.")
    for line in refused:
        print(f"Niet beantwoord: {line}", file=sys.stderr)
    return FAULTS if refused else OK


def _print_answer(answer: Answer) -> None:
    from assistant.citations import display, source_line

    for line in answer.understood:
        print(f"({line})")
    print(answer.text)
    for statement in answer.statements:
        if statement.kind == "struck":
            print(f"(doorgestreept: {statement.text} {statement.reason})")
    if answer.citations:
        print("\nBronnen")
        for citation in answer.citations:
            place = f"{citation.document}, tekens {citation.start}-{citation.end}"
            print(f"[{citation.number}] {source_line(citation)} ({place})")
    if answer.status != "answered" and answer.hits:
        print("\nDe passages die er het dichtst bij komen")
        for hit in answer.hits[:3]:
            text = display(hit.passage.text)
            print(f"- {text[:200]}{'…' if len(text) > 200 else ''} ({hit.passage.document})")


def _search(options: argparse.Namespace, settings: Settings) -> int:
    hits = _open(options, settings).search(options.query, top_k=options.top_k)
    if options.json:
        from assistant.contract import hit_json

        _print_json([hit_json(hit) for hit in hits])
        return OK
    from assistant.citations import display, dutch_date

    if not hits:
        print("Niets gevonden.")
    for number, hit in enumerate(hits, start=1):
        passage = hit.passage
        about = ", ".join(part for part in (passage.document, passage.heading, dutch_date(passage.date)) if part)
        print(f"{number}. {about} (score {_decimal(hit.score, 3)})\n   {display(passage.text)}\n")
    return OK


def _positions(options: argparse.Namespace, settings: Settings) -> int:
    for name in ("since", "until"):
        _check_date(name, getattr(options, name))
    filters = Filters(voices=frozenset(options.voice), since=options.since, until=options.until)
    found = _open(options, settings).positions(options.subject, filters, stance=options.stance or "")
    if options.json:
        from assistant.contract import position_json

        _print_json([position_json(position) for position in found])
        return OK
    from assistant.citations import display, source_line

    if not found:
        print(f"Over '{options.subject}' is in de documenten geen standpunt gevonden.")
    headings = {"": "", "voor": "VOOR", "tegen": "TEGEN", "onduidelijk": "NIET DUIDELIJK VOOR OF TEGEN"}
    for side, heading in headings.items():
        group = [position for position in found if position.side == side]
        if group and heading:
            print(f"{heading}\n")
        for voice in dict.fromkeys(position.citation.voice for position in group):
            print(f"{voice or 'Onbekend wie'}")
            for position in group:
                if position.citation.voice == voice:
                    print(f"- {position.stance}: “{display(position.citation.quote)}”")
                    print(f"  {source_line(position.citation)}")
            print()
    if any(position.side for position in found):
        print("De indeling in voor en tegen is automatisch. Lees de uitspraken na.")
    return OK


def _check_date(name: str, value: str) -> None:
    try:
        if value and date.fromisoformat(value).isoformat() != value:
            raise ValueError(value)
    except ValueError as error:
        raise InputError(f"Optie --{name}: '{value}' is geen datum. Schrijf die als 2023-09-05.") from error


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.evaluation.evaluate import run
    from assistant.evaluation.formatting import headline
    from assistant.evaluation.results import HEADLINES

    questions = options.questions or settings.corpus / "questions.jsonl"
    assistant = _open(options, settings)
    manifest = assistant.manifest
    versions = {"index": manifest.fingerprint, "encoder": manifest.encoder_fingerprint, "chunking": manifest.chunking}
    with _progress() as progress:
        report, comparison = run(
            assistant, questions, options.out, options.baseline, versions=versions, progress=progress
        )
    differences = comparison.differences if comparison else {}
    for name in HEADLINES:
        if name in report.total.metrics:
            print(f"- {headline(name, report.total.metrics[name], differences.get(name))}")
    print(f"Het rapport staat in {options.out / 'report.html'} en {options.out / 'report.md'}.")
    return FAULTS if comparison is not None and comparison.regressed else OK


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.web.serve import serve

    serve(settings)
    return OK


def _feedback(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.feedback import Feedback, as_csv, as_drafts

    path = Path(settings.feedback)
    if not settings.feedback or not path.is_file():
        raise InputError(
            "Er is geen feedback. Wilt u die bewaren, zet dan ASSISTANT_FEEDBACK op een bestand, bijvoorbeeld "
            "feedback.sqlite, en start de pagina opnieuw."
        )
    feedback = Feedback(path)
    judgements, gaps = feedback.judgements(), feedback.gaps()
    helpful = sum(judgement.helpful for judgement in judgements)
    counted = "1 oordeel" if len(judgements) == 1 else f"{len(judgements)} oordelen"
    print(f"{counted}: {helpful} nuttig, {len(judgements) - helpful} niet nuttig.")
    if options.csv:
        # The mark at the beginning tells a spreadsheet that this is UTF-8.
        _write(options.csv, "\ufeff" + as_csv(judgements))
    if options.drafts:
        _write(options.drafts, as_drafts(judgements))
    if gaps:
        print("\nKennishiaten: vragen waarop niets werd gevonden")
    for gap in gaps:
        print(f"- {gap.times}x {gap.question}")
    return OK


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise InputError(f"Het bestand {path} kan niet worden geschreven: {error.strerror}.") from error
    print(f"Geschreven: {path}")


def _mcp(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.mcp_server import build_server

    build_server(_open(options, settings)).run("stdio")
    return OK


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _decimal(value: float, places: int = 1) -> str:
    return f"{value:.{places}f}".replace(".", ",")


if __name__ == "__main__":
    sys.exit(main())
