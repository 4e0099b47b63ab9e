"""PDF in: text rebuilt from what stands where on its pages. The files are drawn here, a piece of text at a place."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject
from reportlab.pdfgen.canvas import Canvas

from claimcheck.checking import Checker
from claimcheck.documents import document_from_bytes, pdf
from claimcheck.errors import UnreadableError
from claimcheck.model import Document

Draw = Callable[[Canvas], None]
TOP, LEADING, LEFT, RIGHT = 760, 13, 72, 320
FULL = "and it went on like this for a long while, with nothing to see but the"


def pdf_of(*pages: Draw, **options: object) -> bytes:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595, 842), **options)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def lines(*texts: str, x: float = LEFT, y: float = TOP, size: float = 11, font: str = "Times-Roman") -> Draw:
    """Lines under each other; one that starts with a blank is indented."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        for index, text in enumerate(texts):
            canvas.drawString(x + (12 if text.startswith(" ") else 0), y - index * LEADING, text.strip())

    return draw


def both(*draws: Draw) -> Draw:
    def draw(canvas: Canvas) -> None:
        for each in draws:
            each(canvas)

    return draw


def picture(canvas: Canvas) -> None:
    canvas.rect(100, 100, 200, 200, fill=1)


def nothing(canvas: Canvas) -> None:
    pass


def read(*pages: Draw) -> Document:
    return document_from_bytes(pdf_of(*pages), "paper.pdf")


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, document.masked[block.start : block.end]) for block in document.blocks]


def test_lines_become_paragraphs() -> None:
    document = read(
        both(
            lines("Small doses", y=780, size=16),
            lines(
                " They took a little of it every third day and wrote down how they had slept,",
                "what they had eaten and whom they met.",
                y=750,
            ),
            lines(" Nobody knew what was in the capsules, and nobody asked for it either, as far as", "anybody can tell."),
        )
    )
    assert blocks(document) == [
        ("heading", "Small doses"),
        ("paragraph", "They took a little of it every third day and wrote down how they had slept, what they had eaten and whom they met."),
        ("paragraph", "Nobody knew what was in the capsules, and nobody asked for it either, as far as anybody can tell."),
    ]


def test_paragraphs_are_parted_by_indents_gaps_and_short_last_lines() -> None:
    first = (f"First {FULL}", f"first {FULL}", "end.")
    by_indent = read(lines(f" {first[0]}", *first[1:], f" Second {FULL}", "end of it."))
    by_gap = read(
        both(
            lines(*first[:2], "ends here, at the end of the line, where nothing is left to say any more."),
            lines(f"Second {FULL}", "end of it.", y=700),
        )
    )
    by_length = read(lines(*first, f"Second {FULL}", "end of it."))
    for document in (by_indent, by_gap, by_length):
        assert [text.split()[0] for _, text in blocks(document)] == ["First", "Second"], document.text


@pytest.mark.parametrize(
    ("first", "second", "elsewhere", "expected"),
    [
        ("of the psilo-", "cybin group", "", "of the psilocybin group"),
        ("felt well-", "being at last", "", "felt well-being at last"),
        ("a default-", "mode network", "", "a defaultmode network"),
        ("a default-", "mode network", "The default is a mode of life.", "a default-mode network"),
        ("a default-", "mode network", "The default-mode network.", "a default-mode network"),
        ("of micro-", "dosing for all", "A micro amount is no dosing; microdosing is.", "of microdosing for all"),
        ("the Anglo-", "American way", "", "the Anglo-American way"),
        ("at the 5-", "HT2A receptor", "", "at the 5-HT2A receptor"),
        ("a state-of-the-", "art trial", "", "a state-of-the-art trial"),
        ("it fell -", "and rose again", "", "it fell - and rose again"),
        ("the neuro\xad", "science of it", "", "the neuroscience of it"),
    ],
)
def test_hyphens_at_line_ends(first: str, second: str, elsewhere: str, expected: str) -> None:
    document = read(lines(f"{FULL} {first}", f"{second} {FULL}", f"{FULL}.", f" {elsewhere}"))
    assert expected in document.text


def test_a_word_that_a_page_breaks_is_joined_and_placed() -> None:
    document = read(
        lines(*[f"{FULL} sea"] * 3, "they say that psilocybin resets the default mode net-"),
        lines("work of everybody who takes it at home or elsewhere.", f" Then {FULL} end."),
    )
    assert "resets the default mode network of everybody" in document.text
    assert [str(place) for place in document.places] == ["page 1", "page 2"]
    assert document.text[document.places[1].start :].startswith("work of everybody")


def test_running_heads_and_page_numbers_are_dropped() -> None:
    def page(number: int, *texts: str) -> Draw:
        return both(
            lines("Journal of Modest Results", x=220, y=810, size=9),
            lines(*texts),
            lines(f"Page {number} of 3", x=260 + number, y=40, size=9),
        )

    document = read(
        page(1, f"First {FULL}", f"{FULL} sea and then"),
        page(2, f"second {FULL}", f"{FULL} sea and then"),
        page(3, f"third {FULL}", "end."),
    )
    assert "Journal" not in document.text
    assert "Page" not in document.text
    assert len(document.blocks) == 1
    assert [str(place) for place in document.places] == ["page 1", "page 2", "page 3"]


def test_a_line_that_only_looks_like_a_head_stays() -> None:
    document = read(lines("Results of the first trial", *[f"{FULL} sea"] * 3), lines("Results of the second trial", *[f"{FULL} hill"] * 3))
    assert "Results of the first trial" in document.text
    assert "Results of the second trial" in document.text


LEFT_COLUMN = [f"left {word} and some more words" for word in ("one", "two", "three", "four", "five", "six")]
RIGHT_COLUMN = [f"right {word} and some more words" for word in ("one", "two", "three", "four", "five", "six")]


def by_rows(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 10)
    for index, (left, right) in enumerate(zip(LEFT_COLUMN, RIGHT_COLUMN, strict=True)):
        canvas.drawString(LEFT, 700 - index * LEADING, left)
        canvas.drawString(RIGHT, 700 - index * LEADING, right)


@pytest.mark.parametrize("drawn", [by_rows, both(lines(*LEFT_COLUMN, y=700, size=10), lines(*RIGHT_COLUMN, x=RIGHT, y=700, size=10))])
def test_two_columns_are_read_one_after_the_other(drawn: Draw) -> None:
    title = lines("A title over both of the columns, as wide as the page", size=18, y=780)
    document = read(both(title, drawn))
    assert blocks(document) == [
        ("heading", "A title over both of the columns, as wide as the page"),
        ("paragraph", " ".join(LEFT_COLUMN + RIGHT_COLUMN)),
    ]


def test_a_note_at_the_foot_of_a_page_does_not_cut_a_sentence() -> None:
    document = read(
        both(
            lines(*[f"{FULL} sea"] * 4, f"{FULL} end of"),
            lines("1 In one small study.", y=80, size=8),
        ),
        lines("the line and then there was nothing more to see."),
    )
    assert "end of the line and then" in document.text
    assert document.text.rstrip().endswith("1 In one small study.")
    assert str(document.place_of(document.text.index("In one small"))) == "page 1"


def test_raised_note_marks_do_not_end_up_in_words() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(LEFT, TOP)
        for part, size, rise in (("It eased depression", 11, 0), ("12,13", 7, 4), (" in some of them.", 11, 0)):
            text.setFont("Times-Roman", size)
            text.setRise(rise)
            text.textOut(part)
        canvas.drawText(text)

    assert read(draw).text.strip() == "It eased depression in some of them."


def test_bold_words_ligatures_and_double_print() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(LEFT, TOP, "It was ")
        canvas.setFont("Times-Bold", 11)
        canvas.drawString(LEFT + 32, TOP, "surely ")
        canvas.setFont("Times-Roman", 11)
        canvas.drawString(LEFT + 68, TOP, "so.")
        canvas.drawString(LEFT + 68.3, TOP, "so.")

    assert read(draw).text.strip() == "It was surely so."


def test_a_page_that_is_shown_turned() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        canvas.rotate(90)
        lines("Sideways on paper,", "upright on the screen.", x=100, y=-100)(canvas)

    assert read(draw).text.strip() == "Sideways on paper, upright on the screen."


def test_findings_are_placed_by_page(checker: Checker) -> None:
    document = read(lines(f"{FULL} end."), lines("Psilocybin resets the default mode net-", "work, they say."))
    [finding] = checker.check(document).findings
    assert (finding.claim, str(finding.place)) == ("dmn-reset", "page 2")
    assert document.readable(finding.span) == "resets the default mode network"


def test_reference_lists_are_known() -> None:
    document = read(
        both(
            lines(f"{FULL} end."),
            lines("References", y=700, size=14),
            lines("1. Doe J. Microdosing relieves depression. J Test. 2020;1:2.", "2. Roe R. LSD heals. 2021.", y=670),
        )
    )
    assert [kind for kind, _ in blocks(document)] == ["paragraph", "heading", "reference", "reference"]


def test_pages_without_text_are_named() -> None:
    document = read(lines("The first page."), picture, nothing, picture)
    assert document.notes == ("paper.pdf, pages 2, 4: no text that can be read (a scan?); not checked",)


def encrypted(password: str, method: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf_of(lines("Psilocybin is found in mushrooms."))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm=method)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


@pytest.mark.parametrize("method", ["RC4-128", "AES-256"])
def test_a_file_that_anyone_can_open_is_read(method: str) -> None:
    assert "mushrooms" in document_from_bytes(encrypted("", method), "x.pdf").text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "paper.pdf is empty"),
        (b"Only text, saved under a wrong name.", "paper.pdf is not a PDF file or is damaged"),
        (pdf_of(lines("text"))[:120], "paper.pdf is not a PDF file or is damaged"),
        (pdf_of(picture, picture), "paper.pdf holds no text, only pictures of it"),
        (pdf_of(nothing), "paper.pdf is empty"),
        (encrypted("secret", "AES-256"), "paper.pdf is locked with a password"),
    ],
)
def test_what_cannot_be_read_says_so(data: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableError, match=sentence) as caught:
        document_from_bytes(data, "paper.pdf")
    assert "\n" not in str(caught.value)


def test_more_pages_than_anyone_checks_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 3)
    with pytest.raises(UnreadableError, match=r"has 4 pages and claimcheck reads 3 at most; split it"):
        read(*[lines("text")] * 4)


def forms_in_forms(depth: int) -> bytes:
    """A small file whose page draws a form many times that draws another one many times, and so on."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf_of(lines("text"))))
    page = writer.pages[0]
    fonts = page["/Resources"]["/Font"]
    inner = None
    for _ in range(depth):
        form = StreamObject()
        form.set_data(b"/F Do " * 60 if inner else b"0 0 1 1 re f " * 60)
        form[NameObject("/Subtype")] = NameObject("/Form")
        form[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        if inner:
            form["/Resources"][NameObject("/XObject")] = DictionaryObject({NameObject("/F"): inner})
        inner = writer._add_object(form)
    page["/Resources"][NameObject("/XObject")] = DictionaryObject({NameObject("/F"): inner})
    contents = StreamObject()
    contents.set_data(b"/F Do " * 60)
    page[NameObject("/Contents")] = writer._add_object(contents)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def test_a_file_that_draws_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_WORK", 20_000)
    data = forms_in_forms(6)
    assert len(data) < 20_000
    with pytest.raises(UnreadableError, match="too complex to read"):
        document_from_bytes(data, "bomb.pdf")


def test_a_damaged_page_does_not_lose_the_others() -> None:
    reader = PdfReader(io.BytesIO(pdf_of(lines("The first page is whole."), lines("The second is not."))))
    writer = PdfWriter(clone_from=reader)
    writer.pages[1]["/Contents"].get_object()[NameObject("/Filter")] = NameObject("/NoSuchFilter")
    stream = io.BytesIO()
    writer.write(stream)
    document = document_from_bytes(stream.getvalue(), "paper.pdf")
    assert document.text.strip() == "The first page is whole."
    assert document.notes == ("paper.pdf, page 2: no text that can be read (a scan?); not checked",)


def test_odd_files_say_nothing_on_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    data = re.sub(rb"startxref\s+\d+", b"startxref\n99", pdf_of(lines("It is still read.")))
    assert document_from_bytes(data, "odd.pdf").text.strip() == "It is still read."
    assert capfd.readouterr() == ("", "")
