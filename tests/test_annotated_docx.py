"""The annotated copy of a draft: a comment where a claim stands, and nothing else changed."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path

import docx
import pypdf
import pytest
from docx.oxml.ns import qn
from office_files import deleted, inserted, members, note_mark, paragraph, run, table, text_box, word
from test_cli import one_sentence
from test_cli import run as command

from claimcheck.checking import Checker
from claimcheck.documents import document_from_bytes
from claimcheck.errors import UnreadableError
from claimcheck.model import KnowledgeBase
from claimcheck.reports.annotated_docx import annotate

BOLD = "<w:b/>"
PDF_WITH_COMMENTS = 'pdf:writer_pdf_Export:{"ExportNotes":{"type":"boolean","value":"true"}}'
DMN = "resets the default mode network"


class Annotated:
    """A draft with its annotated copy."""

    def __init__(self, draft: bytes, checker: Checker) -> None:
        self.draft = draft
        self.report = checker.check(document_from_bytes(draft, "draft.docx"))
        self.data = annotate(draft, self.report, checker.knowledge)
        self.document = docx.Document(io.BytesIO(self.data))
        self.body = self.document.element.body

    def comments(self) -> dict[str, str]:
        """The texts between the marks of our comments, by the claim that the comment names."""
        marked = {}
        for comment in self.document.comments:
            if comment.author == "claimcheck":
                [claim] = re.findall(r"\(([a-z0-9-]+), put", comment.text)
                marked[claim] = self.between(str(comment.comment_id))
        return marked

    def between(self, comment: str) -> str:
        """The letters between the marks of a comment."""
        inside, text = False, ""
        for element in self.body.iter():
            if element.tag in (qn("w:commentRangeStart"), qn("w:commentRangeEnd")) and element.get(qn("w:id")) == comment:
                inside = element.tag == qn("w:commentRangeStart")
            elif inside and element.tag == qn("w:t"):
                text += element.text
            elif inside and element.tag == qn("w:footnoteReference"):
                text += "[note]"
            elif inside and element.tag == qn("w:txbxContent"):
                text += "[box]"
        return text


@pytest.fixture
def annotated(checker: Checker):
    return lambda *body, **parts: Annotated(word(*body, **parts), checker)


def test_a_comment_says_label_why_sources_and_fair_wording(annotated, knowledge: KnowledgeBase) -> None:
    copy = annotated(paragraph(f"Psilocybin {DMN}."))
    [comment] = copy.document.comments
    claim = knowledge.claims["dmn-reset"]
    assert comment.text.startswith("! overstated: Psychedelics reset the default mode network.")
    for part in ("macrodose-only", claim.explanation, f"Fair: {claim.fair_wording}"):
        assert part in comment.text
    assert "+ supports (human, full dose" in comment.text
    for row in claim.evidence:
        source = knowledge.sources[row.source]
        assert source.citation in comment.text
        links = [link.target_ref for link in comment.part.rels.values() if link.is_external]
        assert source.doi is None or f"https://doi.org/{source.doi}" in links


def test_the_words_of_the_claim_are_marked_and_keep_their_look(annotated) -> None:
    copy = annotated(paragraph(run("They say Psilocybin resets the ", BOLD), run("default mode network, always."), style="Quote"))
    assert copy.comments() == {"dmn-reset": DMN}
    [shown] = copy.document.paragraphs
    assert [(piece.text, piece.bold) for piece in shown.runs if piece.text] == [
        ("They say Psilocybin ", True),
        ("resets the ", True),
        ("default mode network", None),
        (", always.", None),
    ]
    assert shown.style.name == "Quote"


def test_only_what_asks_for_it_gets_a_comment(annotated) -> None:
    copy = annotated(
        paragraph(f"Psilocybin {DMN}."),
        paragraph("Microdosing may boost creativity."),
        paragraph("Psilocin binds to serotonin 2A receptors."),
    )
    assert set(copy.comments()) == {"dmn-reset", "creativity"}
    starts = {comment.text.split(":")[0] for comment in copy.document.comments}
    assert starts == {"! overstated", "~ hedged, limit missing"}


def test_a_draft_without_findings_is_copied_byte_for_byte(annotated) -> None:
    copy = annotated(paragraph("The tulips are in."))
    assert copy.data == copy.draft


def strip_marks(xml: bytes) -> str:
    """The markup without comments' marks, with runs of the same look that follow each other made one."""
    text = re.sub(r"<w:r><w:commentReference [^>]*/></w:r>|<w:commentRange(?:Start|End) [^>]*/>", "", xml.decode())
    text = text.replace(' xml:space="preserve"', "")
    while True:
        joined = re.sub(r"(<w:r>(<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>|<w:rPr/>)?<w:t>)([^<]*)</w:t></w:r>\1", r"\1\3", text)
        if joined == text:
            return text
        text = joined


def test_all_but_the_marks_stays_as_it_was(annotated) -> None:
    link = '<w:hyperlink w:anchor="x">' + run("the default mode network") + "</w:hyperlink>"
    copy = annotated(
        paragraph("News", style="Heading1"),
        paragraph(
            "Psilocybin ",
            deleted("never "),
            inserted(run("resets ")),
            link,
            ", and it ",
            run("calms", BOLD),
            " the amygdala",
            note_mark(2),
            ".",
        ),
        table([paragraph("Microdosing boosts creativity."), paragraph("Two")]),
        footnotes={2: paragraph("Microdosing cures addiction.")},
        comments={"Please check.": (0, 1)},
    )
    before, after = members(copy.draft), members(copy.data)
    assert copy.data != copy.draft
    assert strip_marks(after["word/document.xml"]) == strip_marks(before["word/document.xml"])
    for name in before.keys() - {"word/document.xml", "word/comments.xml", "word/_rels/comments.xml.rels", "[Content_Types].xml"}:
        assert after[name] == before[name], name
    assert [comment.text for comment in copy.document.comments if comment.author == "Eva"] == ["Please check."]
    assert copy.between("0") == "NewsPsilocybin resets the default mode network, and it calms the amygdala[note]."
    assert document_from_bytes(copy.data, "x.docx").text == copy.report.text


def test_claims_across_links_and_tracked_changes(annotated) -> None:
    link = '<w:hyperlink w:anchor="x">' + run("default mode network in minutes") + "</w:hyperlink>"
    copy = annotated(paragraph("Psilocybin re", inserted(run("sets")), deleted("laxes"), " the ", link, "."))
    assert copy.comments() == {"dmn-reset": DMN}
    [reference] = copy.body.iter(qn("w:commentReference"))
    assert reference.getparent().getparent().tag == qn("w:p"), "the comment is no part of the link or of the insertion"


def test_headings_cells_and_several_claims_in_a_sentence(annotated) -> None:
    copy = annotated(
        paragraph("LSD grows new neurons", style="Heading1"),
        table([paragraph(f"Psilocybin {DMN}."), paragraph("What it costs")]),
        paragraph("Microdosing boosts creativity and sharpens focus."),
    )
    assert copy.comments()["dmn-reset"] == DMN
    assert copy.comments()["creativity"] == "boosts creativity"
    assert copy.comments()["focus-productivity"] == "sharpens focus"
    heading, *_ = copy.report.findings
    assert copy.comments()[heading.claim] == copy.report.readable(heading.span)
    assert len(copy.document.comments) == len(copy.report.findings)


def test_a_claim_in_a_note_or_box_is_marked_where_that_hangs(annotated) -> None:
    copy = annotated(
        paragraph("A first remark", note_mark(2), "."),
        paragraph("Beside a box.", text_box(paragraph("Microdosing boosts creativity."))),
        footnotes={2: paragraph(f"Psilocybin {DMN}.")},
    )
    assert copy.comments() == {"dmn-reset": "[note]", "creativity": "[box]Microdosing boosts creativity." * 2}
    assert members(copy.data)["word/footnotes.xml"] == members(copy.draft)["word/footnotes.xml"]


def test_a_suppressed_claim_gets_no_comment(annotated) -> None:
    copy = annotated(paragraph(f"Psilocybin {DMN}."), comments={"claimcheck: ignore dmn-reset -- a quotation": (0, 0)})
    assert copy.comments() == {}


def test_a_copy_can_be_checked_again(annotated, checker: Checker) -> None:
    copy = annotated(paragraph(f"Psilocybin {DMN}."))
    again = checker.check(document_from_bytes(copy.data, "checked.docx"))
    assert [(finding.claim, finding.span) for finding in again.findings] == [
        (finding.claim, finding.span) for finding in copy.report.findings
    ]
    assert again.suppressed == 0


def test_another_file_than_the_checked_one_is_refused(annotated, knowledge: KnowledgeBase) -> None:
    copy = annotated(paragraph(f"Psilocybin {DMN}."))
    with pytest.raises(UnreadableError, match=r"draft\.docx changed while it was checked"):
        annotate(word(paragraph("Something else.")), copy.report, knowledge)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_opens_it_with_all_its_comments(annotated, tmp_path: Path) -> None:
    copy = annotated(
        paragraph("Psilocybin re", inserted(run("sets")), deleted("laxes"), " the default mode network", note_mark(2), "."),
        table([paragraph("Microdosing boosts creativity."), paragraph("Two")]),
        footnotes={2: paragraph("Microdosing cures addiction.")},
        comments={"Please check.": (0, 0)},
    )
    (tmp_path / "checked.docx").write_bytes(copy.data)
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        PDF_WITH_COMMENTS,
        "checked.docx",
    ]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, timeout=120)
    [page] = pypdf.PdfReader(tmp_path / "checked.pdf").pages
    shown = [note.get_object()["/Contents"] for note in page["/Annots"] if note.get_object()["/Subtype"] == "/Text"]
    assert len(shown) == len(copy.document.comments) == 4
    assert any(note.startswith("! overstated: Psychedelics reset the default mode network.") for note in shown)
    assert "Please check." in shown
    assert "Microdosing boosts creativity." in page.extract_text()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_command_writes_the_copy_beside_the_report(tmp_path: Path) -> None:
    draft = word(paragraph(f"Psilocybin {DMN}."))
    (tmp_path / "draft.docx").write_bytes(draft)
    done = command("check", "draft.docx", "--annotate-to", "checked.docx", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "paragraph 1  ! overstated  dmn-reset" in done.stdout
    assert (tmp_path / "draft.docx").read_bytes() == draft
    assert len(docx.Document(tmp_path / "checked.docx").comments) == 1
    assert names(tmp_path) == {"draft.docx", "checked.docx"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["a.docx", "b.docx", "--annotate-to", "c.docx"], "--annotate-to needs exactly one .docx file to check, not a.docx b.docx"),
        (["a.txt", "--annotate-to", "c.docx"], "--annotate-to needs exactly one .docx file to check, not a.txt"),
        ([".", "--annotate-to", "c.docx"], "--annotate-to needs exactly one .docx file"),
        (["--annotate-to", "c.docx"], "--annotate-to needs exactly one .docx file"),
        (["*.docx", "--annotate-to", "c.docx"], "--annotate-to needs exactly one .docx file to check, not *.docx"),
        (["a.docx", "--clipboard", "--annotate-to", "c.docx"], "--annotate-to needs exactly one .docx file"),
        (["--clipboard", "--annotate-to", "c.docx"], "--annotate-to needs exactly one .docx file to check, not --clipboard"),
        (["a.docx", "--annotate-to", "a.docx"], "a.docx is among the texts to check and would be overwritten"),
        (["gone.docx", "--annotate-to", "c.docx"], "there is no file or folder gone.docx"),
        (["broken.docx", "--annotate-to", "c.docx"], "broken.docx is not a Word document"),
        (["a.docx", "--annotate-to", "no/such/c.docx"], "cannot write no/such/c.docx: no such file or directory"),
        (["a.docx", "--annotate-to", "folder"], "cannot write folder: is a directory"),
    ],
)
def test_what_cannot_be_annotated_says_so_and_leaves_nothing(arguments: list[str], sentence: str, tmp_path: Path) -> None:
    for name in ("a.docx", "b.docx"):
        (tmp_path / name).write_bytes(word(paragraph("Psilocybin resets the default mode network.")))
    (tmp_path / "a.txt").write_text("Psilocybin resets the default mode network.", encoding="utf-8")
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 and no more")
    (tmp_path / "folder").mkdir()
    before = names(tmp_path)
    done = command("check", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert sentence in one_sentence(done.stderr)
    assert names(tmp_path) == before
