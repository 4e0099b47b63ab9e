"""The HTML report without a browser: what stands in the file, and what does not."""

from __future__ import annotations

import re
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimcheck.checking import Checker
from claimcheck.documents import document_from_text
from claimcheck.model import (
    WORD_JOINER,
    Block,
    BlockKind,
    Document,
    DocumentReport,
    Finding,
    Framing,
    KnowledgeBase,
    Severity,
    Span,
    Unassessed,
)
from claimcheck.reports.formats import Format, format_of
from claimcheck.reports.html_article import article, excerpt
from claimcheck.reports.html_report import HtmlReport
from claimcheck.reports.renderer import Options, rendered
from claimcheck.reports.summary import Summary

VOID = {"meta", "input", "br", "img", "link", "hr", "base", "embed", "source", "wbr"}
TEXT = """\
# A [quiet](https://example.org/a) *title*

Psilocybin resets the [default mode network](https://example.org/dmn). It calms the amygdala.

- Microdosing boosts creativity
- Microdosing may boost focus
"""


@dataclass
class Element:
    name: str
    attributes: dict[str, str | None]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self, name: str = "", **attributes: str) -> Iterator[Element]:
        """The elements below, in order, of a name, with the attributes (a class is one of several)."""
        for child in self.children:
            if isinstance(child, Element):
                wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
                found = {key: (child.attributes.get(key) or "").split() for key in wanted}
                if name in ("", child.name) and all(value in found[key] for key, value in wanted.items()):
                    yield child
                yield from child.all(name, **attributes)

    def one(self, name: str = "", **attributes: str) -> Element:
        (found,) = self.all(name, **attributes)
        return found


class Tree(HTMLParser):
    """A strict reader of our own HTML: everything that is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        assert len(element.attributes) == len(attrs), f"an attribute twice in <{tag}>"
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def html_of(reports: list[DocumentReport], knowledge: KnowledgeBase) -> str:
    summary = Summary(knowledge)
    return "".join(str(piece) for piece in rendered(reports, HtmlReport(summary, Options()), summary))


def tree_of(html: str) -> Element:
    tree = Tree()
    tree.feed(html)
    tree.close()
    assert len(tree.open) == 1
    return tree.open[0]


def words_of(text: str) -> str:
    return " ".join(text.split())


def reading(element: Element) -> str:
    """The text without the signs that stand in it."""
    return "".join(
        child if isinstance(child, str) else "" if child.attributes.get("class") == "chip" else reading(child) for child in element.children
    )


def finding(claim: str, start: int, end: int, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(claim, Framing.ASSERTED, severity, Span(start, end), Span(start, end), 1, start + 1, 0.5)


@pytest.fixture(scope="module")
def report(checker: Checker) -> DocumentReport:
    return checker.check(document_from_text(TEXT, "posts/a.md"))


@pytest.fixture(scope="module")
def page(report: DocumentReport, knowledge: KnowledgeBase) -> Element:
    return tree_of(html_of([report], knowledge))


def test_the_policy_allows_our_style_and_script_and_nothing_else(page: Element) -> None:
    policy = page.one("meta", http_equiv="Content-Security-Policy").attributes["content"] or ""
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules.pop("default-src") == rules.pop("base-uri") == rules.pop("form-action") == "'none'"
    assert rules.keys() == {"style-src", "script-src"}
    for kind in ("style", "script"):
        digest = b64encode(sha256(page.one(kind).text.encode()).digest()).decode()
        assert rules[f"{kind}-src"] == f"'sha256-{digest}'"


def test_nothing_is_loaded_and_every_link_leads_somewhere(page: Element) -> None:
    ids = [element.attributes["id"] for element in page.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    for element in page.all():
        assert not element.attributes.keys() & {"src", "srcset", "style", "background", "action"}
        assert not any(name.startswith("on") for name in element.attributes)
        assert element.name not in {"link", "img", "iframe", "object", "base"}
        address = element.attributes.get("href")
        if address is not None:
            assert address.startswith("https://doi.org/") or address.removeprefix("#") in ids, address
    assert "url(" not in page.one("style").text
    assert "@import" not in page.one("style").text


def test_the_article_is_readable_text(page: Element) -> None:
    text = page.one("article", class_="text")
    assert text.one("h3").text == "A quiet title"
    assert reading(text.one("p")) == "Psilocybin resets the default mode network. It calms the amygdala."
    assert [reading(item) for item in text.all("li")] == ["Microdosing boosts creativity", "Microdosing may boost focus"]


def test_markup_inside_a_word_or_before_a_comma_leaves_no_gap() -> None:
    text = "A <b>micro</b>dose, (<i>small</i>) <a>indeed</a>, they<br>say <i> twice </i> ."
    masked = f"A    micro{WORD_JOINER * 4}dose, (   small    )    indeed    , they    say     twice      ."
    document = Document("a.html", text, masked, (Block(BlockKind.PARAGRAPH, 0, len(text)),))
    assert excerpt(document, Span(0, len(text))) == "A microdose, (small) indeed, they say twice ."


def test_a_finding_is_marked_and_explained(page: Element, report: DocumentReport, knowledge: KnowledgeBase) -> None:
    assert {found.claim for found in report.findings} >= {"dmn-reset", "amygdala-calming", "creativity", "focus-productivity"}
    for number, found in enumerate(report.findings, 1):
        claim = knowledge.claims[found.claim]
        marked = "".join(mark.text for mark in page.all("mark", data_findings=f"f1-{number}"))
        assert marked == report.readable(found.span)
        chip = page.one("a", href=f"#f1-{number}", class_="chip")
        sign, word = {"warning": ("!", "overstated"), "note": ("~", "hedged, limit missing"), "ok": ("=", "fine")}[found.severity]
        assert words_of(chip.text).startswith(f"{sign}{word}, ")
        assert chip.one(class_="word").text == claim.label
        assert chip.one("use").attributes["href"] == f"#sign-{claim.label}"
        note = page.one("li", id=f"f1-{number}")
        assert note.one("h4").text == claim.statement
        assert word in note.text
        for reason in found.because:
            assert reason.cue in note.text
        known = page.one("article", id=f"claim-{claim.id}")
        assert known.one(class_="wording").text == words_of(claim.fair_wording)
        assert words_of(claim.explanation) in words_of(known.text)
        assert len(list(known.one(class_="evidence").all("li"))) == len(claim.evidence)
        dois = {knowledge.sources[row.source].doi for row in claim.evidence} - {None}
        assert {link.text for link in known.all("a")} == {f"https://doi.org/{doi}" for doi in dois}


def test_a_claim_is_explained_once_however_often_it_is_found(report: DocumentReport, knowledge: KnowledgeBase) -> None:
    page = tree_of(html_of([report, replace(report, path="b.md")], knowledge))
    assert len(list(page.all("li", data_claim="dmn-reset"))) == 2
    assert len(list(page.all("article", id="claim-dmn-reset"))) == 1


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda pair: Span(pair[0], pair[0] + pair[1])), max_size=8)


@given(SPANS, SPANS)
def test_overlaps_lose_no_word_and_mark_each_span(spans: list[Span], unsure: list[Span]) -> None:
    document = document_from_text(
        "One two three four five six.\n\n- seven eight nine\n- ten eleven\n\nTwelve thirteen at the end of it.\n", "a.txt"
    )
    report = DocumentReport(
        "a.txt",
        document,
        findings=tuple(finding("creativity", span.start, span.end) for span in spans),
        unassessed=tuple(Unassessed(span, 1, 1, "") for span in unsure),
    )
    pieces = [piece for passage in article(report) for block in passage.blocks for piece in block]
    assert "".join(piece.text for piece in pieces) == "".join(document.masked[block.start : block.end] for block in document.blocks)
    for index, span in enumerate(spans):
        inside = "".join(document.masked[max(block.start, span.start) : min(block.end, span.end)] for block in document.blocks)
        assert "".join(piece.text for piece in pieces if index in piece.findings) == inside
        assert sum(index in piece.ends for piece in pieces) == bool(inside)
    for index in range(len(unsure)):
        assert sum(index in piece.unassessed_ends for piece in pieces) <= 1


def test_the_shortest_finding_is_on_top(knowledge: KnowledgeBase) -> None:
    document = document_from_text("Microdosing lifts mood and creativity in the long run, they say.", "a.txt")
    outer, inner = finding("mood-improvement", 12, 53, Severity.OK), finding("creativity", 27, 37)
    page = tree_of(html_of([DocumentReport("a.txt", document, findings=(outer, inner))], knowledge))
    first, both, last = page.one("article", class_="text").all("mark")
    assert (first.attributes["data-severity"], both.attributes["data-severity"], last.attributes["data-severity"]) == (
        "ok",
        "warning",
        "ok",
    )
    assert both.attributes["data-findings"] == "f1-2 f1-1"
    assert "data-many" in both.attributes


HOSTILE = (
    "Psilocybin </p></section><script>window.hacked=1</script> resets the default mode network <img src=x onerror=alert(1)>.\n\n"
    "Microdosing boosts creativity\x00. \u202eytivitaerc stsoob\u202c \x1b[31m "
    "{{ 7 * 7 }} {% raw %} <!-- & &amp; ]]> \ud800 \u2067\u2069 \u2028.\n"
)


def test_text_and_name_of_a_document_are_inert(checker: Checker, knowledge: KnowledgeBase) -> None:
    name = '"><script>window.hacked=1</script>\u202e\x1b\ud800.txt'
    report = checker.check(document_from_text(HOSTILE, name))
    assert {found.claim for found in report.findings} == {"dmn-reset", "creativity"}
    noted = replace(report, notes=("<b onclick=alert(1)>note",))
    failed = DocumentReport(path=name, error="cannot read <i>it</i> \x1b[0m")
    html = html_of([noted, failed], knowledge)
    assert html.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", html)
    page = tree_of(html)
    assert len(list(page.all("script"))) == 1
    assert not list(page.all("img")) + list(page.all("b")) + list(page.all("i"))
    shown = page.one("article", class_="text").text
    assert "</p></section><script>window.hacked=1</script>" in shown
    assert "{{ 7 * 7 }} {% raw %}" in shown
    assert "&amp;" in shown
    assert page.one("h2", id="t1").text == '"><script>window.hacked=1</script>\ufffd\ufffd\ufffd.txt'


def test_right_to_left_text_keeps_its_own_direction(knowledge: KnowledgeBase) -> None:
    text = "מיקרודוזינג משפר את מצב הרוח, אומרים.\n"
    page = tree_of(html_of([DocumentReport("א.txt", document_from_text(text, "א.txt"))], knowledge))
    assert page.one("article", class_="text").one("p").attributes["dir"] == "auto"
    assert page.one("h2", id="t1").one("bdi").text == "א.txt"


def test_what_was_not_found_is_said(checker: Checker, knowledge: KnowledgeBase) -> None:
    nothing = checker.check(document_from_text("The tulips are in.", "tulips.txt"))
    unsure = DocumentReport(
        "b.txt",
        document_from_text("Psilocybin mends socks.", "b.txt"),
        words=3,
        unassessed=(Unassessed(Span(0, 23), 1, 1, "effect that no claim covers"),),
        suppressed=2,
        known=3,
        notes=("page 2 holds no text",),
    )
    failed = DocumentReport(path="gone.md", error="cannot read gone.md: no such file")
    page = tree_of(html_of([nothing, unsure, failed], knowledge))
    assert "That is no approval" in page.one("section", id="p1").text
    second = page.one("section", id="p2")
    assert second.one(class_="unassessed").text == "Psilocybin mends socks.?not assessed"
    assert second.one("a", class_="unsure").attributes["href"] == "#u2-1"
    assert "effect that no claim covers" in second.one("li", id="u2-1").text
    assert "2 claims left out, as the document asks." in second.text
    assert "3 claims left out, known from the baseline." in second.text
    assert "page 2 holds no text" in second.text
    assert "cannot read gone.md: no such file" in page.one("section", id="p3").text
    totals = {row.one("dt").text: row.one("dd").text for row in page.one("dl", class_="totals").all("div")}
    assert totals["documents"] == "3"
    assert (totals["not assessed"], totals["left out on request"], totals["not readable"]) == ("1", "2", "1")
    assert totals["known from the baseline"] == "3"


def test_the_index_counts_each_document(report: DocumentReport, knowledge: KnowledgeBase) -> None:
    page = tree_of(html_of([report, DocumentReport("none.md", words=1200)], knowledge))
    first, second = page.one("table", class_="posts").one("tbody").all("tr")
    overstated = sum(found.severity is Severity.WARNING for found in report.findings)
    assert [words_of(cell.text) for cell in first.all("td")][1:3] == [str(len(report.findings)), str(overstated)]
    assert [cell.text for cell in second.all("td")] == ["1,200", "0", "0", "0", ""]
    chart = first.one("svg")
    widths = [float(bar.attributes["width"] or 0) for bar in chart.all("rect") if "data-label" in bar.attributes]
    assert sum(widths) == pytest.approx(100, abs=0.1)
    assert (chart.attributes["aria-label"] or "").startswith(f"{len(report.findings)} claims: ")
    assert not list(tree_of(html_of([report], knowledge)).all("table", class_="posts"))


def test_a_document_is_written_as_soon_as_it_is_checked(report: DocumentReport, knowledge: KnowledgeBase) -> None:
    pulled = 0

    def reports() -> Iterator[DocumentReport]:
        nonlocal pulled
        for number in range(3):
            pulled += 1
            yield replace(report, path=f"{number}.md")

    summary = Summary(knowledge)
    written = ""
    for piece in rendered(reports(), HtmlReport(summary, Options()), summary):
        written += str(piece)
        assert written.count('<section class="post"') == pulled


def test_long_sentences_are_quoted_in_part(knowledge: KnowledgeBase) -> None:
    text = "They say " + "and so on " * 5000 + "it boosts creativity " + "and so on " * 5000
    document = document_from_text(text, "a.txt")
    start = text.index("boosts")
    found = replace(finding("creativity", start, start + 17), sentence=Span(0, len(text) - 1))
    page = tree_of(html_of([DocumentReport("a.txt", document, findings=(found,) * 50)], knowledge))
    quotes = [quote.text for quote in page.all("blockquote")]
    assert len(quotes) == 50
    assert all("boosts creativity" in quote and len(quote) < 800 for quote in quotes)


@pytest.mark.parametrize("name", ["a.html", "b.HTM"])
def test_the_suffix_asks_for_html(name: str) -> None:
    assert format_of(Path(name)) is Format.HTML


def test_the_command_writes_the_report(tmp_path: Path, find: Callable[[str], dict[str, Finding]]) -> None:
    text = "Psilocybin resets the default mode network."
    out = tmp_path / "report.html"
    command = [sys.executable, "-m", "claimcheck", "check", "--stdin-name", "draft.txt", "--fail-on", "never", "-o", str(out)]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    assert done.stdout == b""
    page = tree_of(out.read_text(encoding="utf-8"))
    assert {note.attributes["data-claim"] for note in page.all("li", class_="note")} == find(text).keys()
