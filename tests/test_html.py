"""HTML: what of a page is read, as which blocks, and where it stands in the source."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from html import unescape
from pathlib import Path

import pytest
import trafilatura
from hypothesis import given, settings
from hypothesis import strategies as st

from claimcheck.checking import Checker
from claimcheck.documents import document_from_bytes, document_from_text, read_document
from claimcheck.errors import UnreadableError
from claimcheck.language import Language
from claimcheck.model import WORD_JOINER, Document, Span
from claimcheck.patterns.words import normalise

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
# what stands in the pages and is no main text, though trafilatura takes some of it
UNWANTED = re.compile(r"\b(?:meta|script|style|alt|hidden|cookie|sidebar|related|comment|newsletter|footer) words", re.IGNORECASE)
FILLER = "<p>The weather in the valley was fine that day, and all of us went down to the river with our baskets.</p>" * 4


def page(body: str) -> str:
    """A whole page around some markup, long enough to be taken for an article."""
    head = "<!DOCTYPE html><html><head><title>A day at the river</title></head>"
    return f"{head}<body><article><h1>The day</h1>{FILLER}{body}{FILLER}</article></body></html>"


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, document.readable(Span(block.start, block.end))) for block in document.blocks]


def inner(markup: str) -> list[tuple[str, str]]:
    """The blocks that some markup makes inside a page."""
    return blocks(document_from_text(page(markup), "x.html"))[5:-4]


def squeezed(text: str) -> str:
    return re.sub(r"\W+", " ", text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_is_read_like_trafilatura_reads_it(path: Path) -> None:
    document = read_document(path)
    theirs = trafilatura.extract(path.read_text(encoding="utf-8"), include_comments=False) or ""
    ours = " ".join(text for _, text in blocks(document))
    missing = [
        line
        for line in theirs.splitlines()
        if not UNWANTED.search(line) and line[:1] != "|" and squeezed(line).strip("1 ") not in squeezed(ours)
    ]
    # a footnote mark is a word to trafilatura
    assert [line for line in missing if "amygdala1" not in line] == []
    surplus = [text for kind, text in blocks(document)[1:] if squeezed(text) not in squeezed(theirs)]
    assert [text for text in surplus if "amygdala" not in text and "The jar in which" not in text] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_only_the_main_text_of_a_page_is_read(path: Path) -> None:
    document = read_document(path)
    heading = re.search("<h1[^>]*>(.*?)</h1>", document.text)
    assert heading
    assert blocks(document)[0] == ("heading", heading[1].replace("&nbsp;", " "))
    assert not UNWANTED.search(document.masked)
    assert "partners" not in document.masked
    assert "Basket" not in document.masked


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_words_stand_in_the_source_where_their_offsets_say(path: Path) -> None:
    document = read_document(path)
    assert len(document.masked) == len(document.text)
    for sentence in Language().sentences(document):
        for word, start, end in zip(sentence.words, sentence.starts, sentence.ends, strict=True):
            source = re.sub(r"<[^>]*>", "", document.text[start:end])
            assert normalise(unescape(source)) == word


def test_blocks_come_from_elements_not_from_lines() -> None:
    markup = (
        "<h2>What\nit is</h2><p>One line\nand another.</p><ul><li>First<li><p>Second</p><ul><li>Inner</li></ul></ul>"
        "<blockquote>Said somebody we know.</blockquote><p><b>Bold title</b></p>"
        "<table><tr><th>Drug</th><td>Effect</td></tr></table><dl><dt>Term</dt><dd>Meaning</dd></dl>"
    )
    assert inner(markup) == [
        ("heading", "What it is"),
        ("paragraph", "One line and another."),
        ("item", "First"),
        ("item", "Second"),
        ("item", "Inner"),
        ("paragraph", "Said somebody we know."),
        ("heading", "Bold title"),
        ("item", "Drug"),
        ("item", "Effect"),
        ("item", "Term"),
        ("item", "Meaning"),
    ]


def test_line_breaks_end_a_block_unless_they_wrap_it() -> None:
    wrapped = "This line was wrapped by a mail program long ago, and so it<br>goes on here."
    assert inner(f"<p>{wrapped}</p><p>Better mood<br>More focus</p>") == [
        ("paragraph", wrapped.replace("<br>", " ")),
        ("paragraph", "Better mood"),
        ("paragraph", "More focus"),
    ]


def test_a_long_cell_is_a_paragraph_of_a_page_laid_out_in_a_table() -> None:
    text = "The old pages were laid out in tables, and their writers put whole chapters into one cell. " * 4
    assert inner(f"<table><tr><td>{text}</td></tr></table>") == [("paragraph", text.strip())]


def test_paragraphs_of_word_processors_that_are_items() -> None:
    markup = "<p class=MsoListParagraph><![if !supportLists]><span>&#183;<span>&nbsp; </span></span><![endif]>Better mood<o:p></o:p></p>"
    assert inner(markup) == [("item", "· Better mood")]


def test_sentences_in_cells_are_paragraphs_words_are_items() -> None:
    markup = "<table><tr><td><p>We went to the river.</p></td><td><p>Better mood</p></td><td>It rained.</td></tr></table>"
    assert [kind for kind, _ in inner(markup)] == ["paragraph", "item", "item"]


def test_self_closed_tags_close_in_xhtml() -> None:
    head = "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title>T</title><script src='x.js'/></head>"
    document = document_from_text(f"{head}<body><div hidden='hidden'/>{FILLER}</body></html>", "x.xhtml")
    assert len(document.blocks) == 5


def test_reference_lists_are_references() -> None:
    entry = "Doe J. On the river and the people who swim in it. 2020."
    by_heading = f"<h2>References</h2><ol><li>{entry}</li></ol><h2>Afterwards</h2><p>It rained.</p>"
    assert [kind for kind, _ in inner(by_heading)] == ["heading", "reference", "heading", "paragraph"]
    by_name = f'<div class="reflist"><ol><li>{entry}</li></ol></div><section role="doc-endnotes"><p>{entry}</p></section>'
    assert [kind for kind, _ in inner(by_name)] == ["reference", "reference"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Psilo<b>cy</b>bin", "Psilocybin"),
        ("the <a href='x' title='a>b'>amygdala</a>.", "the amygdala."),
        ("5-HT<sub>2A</sub> receptor", "5-HT2A receptor"),
        ("calm.<sup><a href='#1'>[1]</a></sup> And", "calm. And"),
        ("calm<sup>12</sup>Next", "calm Next"),
        ("caf&eacute;&nbsp;bar &amp; inn", "café bar & inn"),
        ("psilo&shy;cybin, psilo<wbr>cybin, psilo&#8203;cybin", "psilocybin, psilocybin, psilocybin"),
        ("R&D & co, a &lt;tag&gt;, 5 < 6", "R&D & co, a <tag>, 5 < 6"),
        ("one<!-- two -->three", "onethree"),
        ("left<img src=x>right", "left right"),
        ("the <my-term>amygdala</my-term><o:p></o:p>.", "the amygdala."),
        ("calms <svg><g><text>unseen</text></g></svg>it", "calms it"),
        ("run <code>unseen()</code> now", "run now"),
        ("old <del>struck</del> new", "old new"),
        ("shown <span style='display:none'>unseen</span>words", "shown words"),
    ],
)
def test_a_reader_sees_the_words(markup: str, text: str) -> None:
    assert blocks(document_from_text(f"<p>{markup}</p>", "x.html")) == [("paragraph", text)]


def test_contractions_and_links_read_as_in_plain_text() -> None:
    document = document_from_text(
        "<p>It doesn&rsquo;t calm the <a href='/dmn'>network</a> (DMN) &ndash; not&nbsp;at&nbsp;all.</p>", "x.html"
    )
    plain = document_from_text("It doesn’t calm the network (DMN) – not at all.", "x.txt")
    (ours,), (theirs,) = Language().sentences(document), Language().sentences(plain)
    assert ours.words == theirs.words
    assert document.text[ours.starts[2] : ours.ends[2]] == "n&rsquo;t"


def test_findings_point_into_the_file(checker: Checker) -> None:
    text = page("<p>It is said that\n  psilo<b>cybin</b> resets the <a href='x'>default mode network</a>.</p>")
    finding = next(finding for finding in checker.check(document_from_text(text, "x.html")).findings if finding.claim == "dmn-reset")
    assert text[finding.span.start : finding.span.end] == "resets the <a href='x'>default mode network"
    assert finding.line == 2
    assert text.splitlines()[1][finding.column - 1 :].startswith("resets the")


def test_what_trafilatura_drops_amid_the_text_is_read() -> None:
    middle = "<h2>What it does</h2><ul><li>Better mood</li></ul><figure><img src=x><figcaption>A mushroom</figcaption></figure>"
    boxes = "<p><a href='/x'>Read this too</a></p><div><span>Our app is new</span></div><div class='related'><h4>More</h4></div>"
    text = f"<html><body>{FILLER}{middle}{boxes}{FILLER}</body></html>"
    assert "Better mood" not in (trafilatura.extract(text) or "")
    assert blocks(document_from_text(text, "x.html"))[4:-4] == [
        ("heading", "What it does"),
        ("item", "Better mood"),
        ("paragraph", "A mushroom"),
    ]


def test_a_page_without_h1_has_its_title() -> None:
    text = page("").replace("<h1>The day</h1>", "")
    assert blocks(document_from_text(text, "x.html"))[0] == ("heading", "A day at the river")


def test_fragments_are_read_whole_but_for_boilerplate() -> None:
    text = "<nav>Home</nav><h3>Q?</h3><p>LSD lifts the mood.</p><div class='share-bar'>Share</div><footer>Imprint</footer>"
    assert blocks(document_from_text(text, "x.html")) == [("heading", "Q?"), ("paragraph", "LSD lifts the mood.")]


def test_a_suspicious_name_around_the_whole_text_means_nothing() -> None:
    text = f"<html><body><div class='layout with-sidebar'>{FILLER}</div></body></html>"
    assert len(blocks(document_from_text(text, "x.html"))) == 4


def test_comments_to_claimcheck_hold_for_the_block_they_stand_in_or_before() -> None:
    text = (
        "<p>First thing said.<!-- claimcheck: ignore dmn-reset -- quoted --></p><!-- claimcheck: ignore --><p>Second thing said.</p>"
        "<div>One line.<br>Two lines.<!-- claimcheck: ignore focus --><br><br>Other lines.</div>"
        "<ul><li><!-- claimcheck: ignore creativity -->Third thing</li></ul><p>Last of all.</p><!-- claimcheck: ignore-file addiction -->"
    )
    document = document_from_text(page(text).replace("\n", ""), "x.html")
    everything = Span(0, len(document.text))
    wishes = [
        ("everything" if wish.span == everything else document.readable(wish.span), set(wish.claims), wish.reason)
        for wish in document.suppressions
    ]
    assert wishes == [
        ("First thing said.", {"dmn-reset"}, "quoted"),
        ("Second thing said.", set(), ""),
        ("One line. Two lines.", {"focus"}, ""),
        ("Third thing", {"creativity"}, ""),
        ("everything", {"addiction"}, ""),
    ]


def test_a_page_without_text_says_so() -> None:
    with pytest.raises(UnreadableError, match=r"x\.html holds no text that a reader would see"):
        document_from_bytes(b"<html><body><div id=app></div><script>render('LSD')</script></body></html>", "x.html")


TAGS = "<p> </p> <p <div> </div> <li> <td> <br> <b> </b> <h1> <title> <script> </script> <nav> </nav> <sup> <a </ /> <![CDATA[ <!-- -->"
SIGNS = "\" ' > < = &amp; & ; &#x1F; &nbsp; &shy; psilocybin mood 😀 \u2060 \u2803 \ud800 \0"
PIECES = st.sampled_from([*TAGS.split(), *SIGNS.split(), " ", "\n", "\r\n", "<p hidden>", "<a href='"])


@settings(deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_whatever_the_markup_offsets_hold(text: str) -> None:
    document = document_from_text(text, "x.html")
    assert len(document.masked) == len(text)
    at = 0
    for block in document.blocks:
        assert at <= block.start < block.end <= len(text)
        assert not document.masked[block.start].isspace()
        assert not document.masked[block.end - 1].isspace()
        at = block.end
    for sign, shown in zip(text, document.masked, strict=True):
        # an entity's character stands in the place of its ampersand
        assert shown in (sign, WORD_JOINER) or shown.isspace() or sign == "&"


HOSTILE = {
    "nested": "<html><body>" + "<div>" * 50_000 + "<p>Psilocybin lifts the mood.</p>",
    "one line": "<html><body><p>" + "Psilocybin lifts the mood. " * 40_000,
    "unclosed attributes": "<p>Psilocybin lifts the mood.</p>" + "<a b='" * 50_000,
    "unclosed comments": "<p>Psilocybin lifts the mood.</p>" + "<!-- " * 50_000,
    "unclosed elements": "<p>Psilocybin lifts the mood.</p>" + "<b><i>" * 25_000 + "</b>" * 25_000,
    "null bytes": "<p>Psilocybin lifts the mood.</p>\0" * 1_000,
    "unended list": "<p>Psilocybin lifts the mood.</p><ul>" + "<div>" * 5_000 + "<li></li>" * 5_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_pages_are_read_in_no_time(text: str) -> None:
    start = time.process_time()
    document = document_from_text(text, "x.html")
    assert time.process_time() - start < 5
    assert "Psilocybin lifts the mood." in document.masked


def test_what_breaks_the_library_does_not_break_us(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("claimcheck.documents.main_text.bare_extraction", fail)
    document = document_from_text(page("<nav><p>Home</p></nav>"), "x.html")
    assert "Home" not in document.masked
    assert len(document.blocks) == 9
    assert document.notes == ("x.html: the main text could not be told from the rest; everything but navigation and the like is checked",)


def test_no_other_format_imports_the_library() -> None:
    code = (
        "import sys; from claimcheck.documents import document_from_text as read; read('a', 'x.txt'); read('<b>a</b>', 'x.md');"
        "assert 'trafilatura' not in sys.modules; read('a', 'x.html'); assert 'trafilatura' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
