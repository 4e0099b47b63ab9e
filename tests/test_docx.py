"""Word documents in: what is text, what kind of text, where it stands, and what its comments ask for."""

from __future__ import annotations

import pytest
from office_files import archive_of, deleted, field, inserted, members, note_mark, paragraph, run, table, text_box, word

from claimcheck.checking import Checker
from claimcheck.documents import document_from_bytes
from claimcheck.errors import UnreadableError
from claimcheck.model import Document

LONG = "Some people take a little of it every third day and write down how they slept."
HIDDEN = "<w:vanish/>"


def read(*body: str, **parts: object) -> Document:
    return document_from_bytes(word(*body, **parts), "draft.docx")  # type: ignore[arg-type]


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, document.masked[block.start : block.end]) for block in document.blocks]


def place(document: Document, words: str) -> str:
    return str(document.place_of(document.text.index(words)))


def test_headings_items_and_paragraphs_by_style() -> None:
    document = read(
        paragraph("Of mice and mushrooms.", style="Title"),
        paragraph("A heading that ends with a full stop.", style="Heading2"),
        paragraph(LONG),
        paragraph("Better sleep, they say", style="ListBullet"),
        paragraph("A level of its own.", properties='<w:outlineLvl w:val="2"/>'),
        paragraph("Counted by hand.", properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'),
        paragraph("Its number was taken away.", style="ListBullet", properties='<w:numPr><w:numId w:val="0"/></w:numPr>'),
    )
    assert blocks(document) == [
        ("heading", "Of mice and mushrooms."),
        ("heading", "A heading that ends with a full stop."),
        ("paragraph", LONG),
        ("item", "Better sleep, they say"),
        ("heading", "A level of its own."),
        ("item", "Counted by hand."),
        ("paragraph", "Its number was taken away."),
    ]


def test_a_heading_style_is_known_by_its_name_in_any_language() -> None:
    files = members(word(paragraph("Pilze im Kopf, ein Bericht.", style="berschrift1"), paragraph(LONG, style="Eigene")))
    styles = files["word/styles.xml"].replace(b'w:styleId="Heading1"', b'w:styleId="berschrift1"').replace(b"<w:outlineLvl", b"<w:gone")
    own = b'<w:style w:type="paragraph" w:styleId="Eigene"><w:name w:val="Eigene"/><w:basedOn w:val="berschrift1"/></w:style></w:styles>'
    files["word/styles.xml"] = styles.replace(b"</w:styles>", own)
    document = document_from_bytes(archive_of(files), "bericht.docx")
    assert [kind for kind, _ in blocks(document)] == ["heading", "heading"]


def test_paragraphs_without_style_go_by_their_shape() -> None:
    document = read(
        paragraph("What it does"), paragraph(LONG), paragraph("•  Better mood, they say"), paragraph("a", "<w:r><w:br/></w:r>", "b.")
    )
    assert blocks(document) == [
        ("heading", "What it does"),
        ("paragraph", LONG),
        ("item", "Better mood, they say"),
        ("heading", "a"),
        ("paragraph", "b."),
    ]


def test_insertions_are_read_and_deletions_are_not() -> None:
    document = read(
        paragraph("It calms ", deleted("nobody, says "), inserted(run("everybody, says ")), "the seller."),
        paragraph(f'<w:moveFrom w:id="1" w:author="A">{run("Moved away.")}</w:moveFrom>'),
        paragraph(f'<w:moveTo w:id="2" w:author="A">{run("Moved here.")}</w:moveTo>'),
        table([paragraph("dropped")], properties='<w:del w:id="5" w:author="A"/>'),
        table([paragraph("kept")]),
    )
    assert document.text.split("\n") == ["It calms everybody, says the seller.", "", "Moved here.", "", "kept", ""]
    assert place(document, "kept") == "paragraph 5"


def test_a_deleted_paragraph_end_joins_two_paragraphs() -> None:
    gone = "<w:rPr><w:del w:id='7' w:author='A'/></w:rPr>"
    document = read(paragraph("Nobody knows ", properties=gone), paragraph("why it works on anyone."), paragraph(LONG))
    assert blocks(document) == [("paragraph", "Nobody knows why it works on anyone."), ("paragraph", LONG)]
    assert place(document, "why it works") == "paragraph 2"


def test_links_fields_hidden_text_and_signs() -> None:
    document = read(
        paragraph(
            "See ", '<w:hyperlink w:anchor="x">' + run("the study") + "</w:hyperlink>", " of ", field("IF code is shown", "2019"), "."
        ),
        paragraph("It ", run("never ", HIDDEN), run("always ", '<w:vanish w:val="0"/>'), "helps."),
        paragraph("One", "<w:r><w:tab/><w:t>two</w:t><w:noBreakHyphen/><w:t>fold</w:t><w:softHyphen/></w:r>"),
    )
    assert document.text.splitlines() == ["See the study of 2019.", "It always helps.", "One\ttwo-fold"]


def test_a_field_that_is_never_closed_hides_no_other_paragraph() -> None:
    document = read(paragraph('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', "code"), paragraph("The rest is read."))
    assert document.text.split() == ["The", "rest", "is", "read."]


def test_tables_are_read_cell_by_cell_and_counted() -> None:
    inner = table([paragraph("deep")])
    document = read(
        paragraph("Before it all."),
        paragraph(),
        table(
            [paragraph("Dose"), paragraph("What they felt")],
            [paragraph("small") + inner + paragraph(), paragraph("Psilocybin resets the network.")],
        ),
        paragraph("After it all."),
    )
    assert blocks(document) == [
        ("paragraph", text)
        for text in ("Before it all.", "Dose", "What they felt", "small", "deep", "Psilocybin resets the network.", "After it all.")
    ]
    assert place(document, "Dose") == "paragraph 3"
    assert place(document, "deep") == "paragraph 6"
    assert place(document, "After") == "paragraph 9"


def test_notes_follow_the_text_in_the_order_of_their_marks() -> None:
    document = read(
        paragraph("It grew", note_mark(9), " and ended", note_mark(4, "endnote"), "."),
        paragraph("Then it shrank", note_mark(3), "."),
        footnotes={3: paragraph("Only in mice."), 9: paragraph("In one person."), 5: paragraph("Nobody refers to me.")},
        endnotes={4: paragraph("Doe J, et al. A study of it. 2020;3:1-9.")},
    )
    assert document.text.splitlines() == [
        "It grew and ended.",
        "Then it shrank.",
        "In one person.",
        "Only in mice.",
        "Doe J, et al. A study of it. 2020;3:1-9.",
    ]
    assert [kind for kind, _ in blocks(document)] == ["paragraph", "paragraph", "paragraph", "paragraph", "reference"]
    assert [place(document, words) for words in ("Then", "In one", "Only", "Doe")] == [
        "paragraph 2",
        "footnote 1",
        "footnote 2",
        "endnote 1",
    ]


def test_a_reference_list_does_not_swallow_the_footnotes() -> None:
    document = read(
        paragraph("It grew", note_mark(2), "."),
        paragraph("References", style="Heading1"),
        paragraph("Microdosing relieves depression in somebody."),
        footnotes={2: paragraph("Only in mice.")},
    )
    assert [kind for kind, _ in blocks(document)] == ["paragraph", "heading", "reference", "paragraph"]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    document = read(paragraph("Around the box.", text_box(paragraph("Inside the box."))), paragraph("Below."))
    assert document.text.splitlines() == ["Around the box.", "Inside the box.", "Below."]
    assert [place(document, words) for words in ("Inside", "Below")] == ["paragraph 1", "paragraph 2"]


def test_a_table_of_contents_is_no_text_to_check() -> None:
    document = read(paragraph("Psilocybin resets it all\t3", style="TOC1"), paragraph(LONG))
    files = members(word(paragraph("Psilocybin resets it all\t3", style="TOC1"), paragraph(LONG)))
    own = b'<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style></w:styles>'
    files["word/styles.xml"] = files["word/styles.xml"].replace(b"</w:styles>", own)
    assert len(document.blocks) == 2
    assert blocks(document_from_bytes(archive_of(files), "x.docx")) == [("paragraph", LONG)]


def wishes(document: Document) -> list[tuple[str, set[str], str]]:
    return [(document.readable(wish.span), set(wish.claims), wish.reason) for wish in document.suppressions]


def test_a_comment_asks_to_ignore_the_paragraphs_it_is_on() -> None:
    document = read(
        paragraph("First paragraph."),
        paragraph("Second", note_mark(2), " paragraph."),
        paragraph("Third paragraph."),
        footnotes={2: paragraph("Its note.")},
        comments={"claimcheck: ignore dmn-reset, creativity -- quoted": (1, 1), "A remark of a reader": (2, 2)},
    )
    assert wishes(document) == [
        ("Second paragraph.", {"dmn-reset", "creativity"}, "quoted"),
        ("Its note.", {"dmn-reset", "creativity"}, "quoted"),
    ]


def test_a_comment_over_two_paragraphs_and_one_for_the_file() -> None:
    spread = read(paragraph("First."), paragraph("Second."), paragraph("Third."), comments={"claimcheck: ignore": (1, 2)})
    assert wishes(spread) == [("Second.", set(), ""), ("Third.", set(), "")]
    whole = read(paragraph("First."), paragraph("Second."), comments={"claimcheck: ignore-file creativity": (0, 1)})
    assert wishes(whole) == [("First. Second.", {"creativity"}, "")]


def test_comments_with_the_dashes_of_a_word_processor_and_misspelt_ones() -> None:
    document = read(
        paragraph("First."),
        paragraph("Second", note_mark(2), "."),
        paragraph("Third."),
        footnotes={2: paragraph("Its note.")},
        comments={"Claimcheck: Ignore dmn-reset – quoted": (0, 0), "Claimcheck: ignre": (1, 2)},
    )
    assert wishes(document) == [("First.", {"dmn-reset"}, "quoted")]
    (note,) = document.notes
    assert note.startswith("draft.docx, paragraph 2: ")
    assert "claimcheck: ignore CLAIM-ID" in note


def test_findings_are_placed_and_suppressed_by_paragraph(checker: Checker) -> None:
    flat = "Psilocybin resets the default mode network."
    document = read(paragraph(flat), paragraph(flat), paragraph(flat), comments={"claimcheck: ignore dmn-reset -- known": (1, 1)})
    report = checker.check(document)
    assert [str(finding.place) for finding in report.findings] == ["paragraph 1", "paragraph 3"]
    assert report.suppressed == 1


def test_what_no_claim_covers_is_placed_by_paragraph(checker: Checker) -> None:
    report = checker.check(read(paragraph("The tulips are in."), paragraph("LSD sharpens night vision.")))
    assert [str(row.place) for row in report.unassessed] == ["paragraph 2"]


def bomb() -> bytes:
    files = members(word(paragraph("small")))
    files["word/document.xml"] = b"<w:document>" + b" " * 60_000_000
    return archive_of(files)


def without(name: str) -> bytes:
    return archive_of({key: value for key, value in members(word(paragraph("x"))).items() if key != name})


def with_body(markup: bytes) -> bytes:
    files = members(word(paragraph("x")))
    return archive_of({**files, "word/document.xml": markup})


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "draft.docx is empty"),
        (b"Only text, saved under a wrong name.", "draft.docx is not a Word document or is damaged"),
        (word(paragraph("x"))[:-40], "draft.docx is not a Word document or is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "locked with a password or in an old Office format"),
        (archive_of({"a.txt": "x"}), "draft.docx is not a Word document or is damaged"),
        (without("word/document.xml"), "draft.docx is not a Word document or is damaged"),
        (with_body(b"<w:document"), "draft.docx is not a Word document or is damaged"),
        (with_body(b"<a>" * 3_000 + b"</a>" * 3_000), "draft.docx is not a Word document or is damaged"),
        (with_body(b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'), "not a Word document"),
        (bomb(), "unpacks to more than claimcheck opens"),
    ],
)
def test_what_is_no_word_document_says_so(data: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableError, match=sentence) as caught:
        document_from_bytes(data, "draft.docx")
    assert "\n" not in str(caught.value)
