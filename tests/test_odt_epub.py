"""OpenDocument texts and e-books in."""

from __future__ import annotations

import pytest
from office_files import archive_of, members

from claimcheck.checking import Checker
from claimcheck.documents import document_from_bytes
from claimcheck.errors import UnreadableError
from claimcheck.model import Document

LONG = "Some people take a little of it every third day and write down how they slept."
SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "style": "style",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "svg": "svg-compatible",
    }.items()
)


def odt(body: str, styles: str = "", **others: str) -> bytes:
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return archive_of({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, **others})


def read(body: str, styles: str = "") -> Document:
    return document_from_bytes(odt(body, styles), "draft.odt")


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, document.masked[block.start : block.end]) for block in document.blocks]


def place(document: Document, words: str) -> str:
    return str(document.place_of(document.text.index(words)))


def test_headings_lists_tables_and_contents() -> None:
    document = read(
        '<text:p text:style-name="P1">Of mice and mushrooms.</text:p><text:h text:outline-level="1">Why it matters.</text:h>'
        "<text:table-of-content><text:index-body><text:p>Why it matters. 1</text:p></text:index-body></text:table-of-content>"
        f"<text:p>{LONG}</text:p><text:list><text:list-item><text:p>Better sleep</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>Dose</text:p></table:table-cell></table:table-row></table:table>"
        "<text:bibliography><text:index-body><text:p>A book about it.</text:p></text:index-body></text:bibliography>",
        '<style:style style:name="P1" style:parent-style-name="Title"/>',
    )
    assert blocks(document) == [
        ("heading", "Of mice and mushrooms."),
        ("heading", "Why it matters."),
        ("paragraph", LONG),
        ("item", "Better sleep"),
        ("paragraph", "Dose"),
        ("reference", "A book about it."),
    ]
    assert place(document, "Dose") == "paragraph 5"


def test_deleted_and_hidden_text_is_not_read_and_white_space_is_one_blank() -> None:
    document = read(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>never</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        '<text:p>It<text:change text:change-id="1"/> <text:span text:style-name="T1">not </text:span>always\n   helps<text:s text:c="2"/>a'
        "<text:tab/>lot.<draw:frame><svg:title>A picture of it</svg:title></draw:frame></text:p>",
        '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>',
    )
    assert document.text == "It always helps  a\tlot.\n"


def note(kind: str, text: str) -> str:
    body = f"<text:note-body><text:p>{text}</text:p></text:note-body>"
    return f'<text:note text:note-class="{kind}"><text:note-citation>1</text:note-citation>{body}</text:note>'


def test_notes_boxes_and_comments() -> None:
    wish = "<office:annotation><text:p>claimcheck: ignore creativity -- quoted</text:p></office:annotation>"
    box = "<draw:frame><draw:text-box><text:p>Boxed.</text:p></draw:text-box></draw:frame>"
    document = read(
        f"<text:p>First{note('endnote', 'The end.')} of all.</text:p>"
        f"<text:p>Second{note('footnote', 'At the foot.')}{wish} one.{box}</text:p>"
    )
    assert document.text.splitlines() == ["First of all.", "Second one.", "Boxed.", "At the foot.", "The end."]
    assert [place(document, words) for words in ("Boxed", "At the", "The end")] == ["paragraph 2", "footnote 1", "endnote 1"]
    assert [(document.readable(wish.span), wish.reason) for wish in document.suppressions] == [
        ("Second one.", "quoted"),
        ("Boxed.", "quoted"),
        ("At the foot.", "quoted"),
    ]


def test_a_comment_that_is_not_understood_is_told_once() -> None:
    said = "<office:annotation><text:p>Claimcheck: {}</text:p></office:annotation>"
    document = read(
        f"<text:p>First.{said.format('Ignore creativity — quoted')}</text:p>"
        f"<text:p>Second{note('footnote', 'At the foot.')}{said.format('ignore: quoted')}.</text:p>"
    )
    assert [(document.readable(wish.span), wish.claims, wish.reason) for wish in document.suppressions] == [
        ("First.", {"creativity"}, "quoted")
    ]
    (told,) = document.notes
    assert told.startswith("draft.odt, paragraph 2: ")
    assert "claimcheck: ignore CLAIM-ID" in told


ENCRYPTED = '<m xmlns="urn:x"><file-entry><encryption-data/></file-entry></m>'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "draft.odt is empty"),
        (b"Only text.", "draft.odt is not an OpenDocument text or is damaged"),
        (archive_of({"a.txt": "x"}), "draft.odt is not an OpenDocument text or is damaged"),
        (archive_of({"content.xml": "<open>"}), "draft.odt is not an OpenDocument text or is damaged"),
        (odt("<text:p>x</text:p>", **{"META-INF/manifest.xml": ENCRYPTED}), "draft.odt is locked with a password"),
        (odt("<text:section>" * 3_000 + "</text:section>" * 3_000), "draft.odt is not an OpenDocument text or is damaged"),
        (odt("<text:p>x</text:p>", **{"big.xml": " " * 60_000_000}), "draft.odt unpacks to more than claimcheck opens"),
    ],
)
def test_what_is_no_opendocument_text_says_so(data: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableError, match=sentence):
        document_from_bytes(data, "draft.odt")


def test_an_entity_bomb_stays_small() -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    files = members(odt("<text:p>One &b; two.</text:p>"))
    files["content.xml"] = entities.encode() + files["content.xml"]
    assert document_from_bytes(archive_of(files), "x.odt").text == "One  two.\n"


CONTAINER = '<container xmlns="urn:c"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'


def chapter(*paragraphs: str) -> str:
    body = "\n\n".join(f"<p>{text}</p>" for text in paragraphs)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml">\n<body>\n\n{body}\n\n</body>\n</html>\n'


def epub(*chapters: str, **others: str) -> bytes:
    """A book whose chapters stand in the file in another order than in the book, after a table of contents."""
    items = "".join(f'<item id="c{number}" href="text/part%20{number}.xhtml"/>' for number in reversed(range(len(chapters))))
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(len(chapters)))
    package = (
        f'<package xmlns="urn:p"><manifest><item id="nav" href="nav.xhtml" properties="nav"/>{items}</manifest>'
        f'<spine><itemref idref="nav"/>{spine}</spine></package>'
    )
    files = {f"OEBPS/text/part {number}.xhtml": text for number, text in enumerate(chapters)}
    return archive_of(
        {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": package, "OEBPS/nav.xhtml": chapter("Contents"), **files, **others}
    )


FIRST = "Long before anyone measured it, people told each other of the sea and of the hills behind it."
SECOND = "Psilocybin resets the default mode network, they said, and nobody asked how they knew."


def test_a_book_is_read_chapter_by_chapter(checker: Checker) -> None:
    document = document_from_bytes(epub(chapter(FIRST), chapter(SECOND)), "book.epub")
    assert "Contents" not in document.text
    assert document.text.index(FIRST) < document.text.index(SECOND)
    [finding] = checker.check(document).findings
    assert (finding.claim, str(finding.place)) == ("dmn-reset", "chapter 2")
    assert document.text[finding.span.start : finding.span.end] == "resets the default mode network"


def test_a_wish_in_a_chapter_holds_for_its_paragraph(checker: Checker) -> None:
    wish = f"{SECOND} <!-- claimcheck: ignore dmn-reset -- a quotation -->"
    report = checker.check(document_from_bytes(epub(chapter(FIRST, wish), chapter(SECOND)), "book.epub"))
    assert report.suppressed == 1
    assert [str(finding.place) for finding in report.findings] == ["chapter 2"]


def test_all_that_a_chapter_shows_is_read_and_nothing_else() -> None:
    long = "".join(f"<p>{FIRST}</p>" for _ in range(8))
    shown = (
        '<h1>The sea</h1><aside class="sidebar"><p>An aside of it.</p></aside><div class="related"><p>A box.</p></div>'
        f'{long}<section class="comments"><p>What she said.</p></section><footer><p>A note.</p></footer>'
    )
    head = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Part 9 of it</title></head>'
    picture = f'{head}<body><p><img src="a.png" alt="x"/></p></body></html>'
    wish = "<!-- claimcheck: ignre -->"
    book = document_from_bytes(epub(picture, f"{head}<body>{shown}<p hidden=''>Unseen.</p>\n{wish}</body></html>"), "book.epub")
    assert book.text.splitlines() == ["The sea", "An aside of it.", "A box.", *[FIRST] * 8, "What she said.", "A note."]
    (told,) = book.notes
    assert told.startswith("book.epub, chapter 2, line 2: ")


LOCKED = '<encryption xmlns="urn:e"><EncryptedData><CipherReference URI="OEBPS/{}"/></EncryptedData></encryption>'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK", "book.epub is not an e-book"),
        (archive_of({"META-INF/container.xml": CONTAINER}), "book.epub is not an e-book"),
        (epub(), "book.epub is not an e-book"),
        (epub("x", **{"OEBPS/book.opf": "<package>"}), "book.epub is not an e-book"),
        (
            epub(chapter(FIRST), **{"META-INF/encryption.xml": LOCKED.format("text/part%200.xhtml")}),
            "book.epub is protected against copying",
        ),
    ],
)
def test_what_is_no_book_says_so(data: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableError, match=sentence):
        document_from_bytes(data, "book.epub")


def test_locked_fonts_lock_no_book() -> None:
    data = epub(chapter(FIRST), **{"META-INF/encryption.xml": LOCKED.format("fonts/serif.otf")})
    assert FIRST in document_from_bytes(data, "book.epub").text
