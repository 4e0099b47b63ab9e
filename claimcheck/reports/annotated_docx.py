"""A copy of a Word draft with a comment on each claim that is overstated or hedged without its limit."""

from __future__ import annotations

import io
from copy import deepcopy
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

from claimcheck.documents.docx_text import Element, Letters, Story, open_package, read_story
from claimcheck.errors import ClaimcheckError, UnreadableError, reason_of
from claimcheck.files import write_whole
from claimcheck.model import DocumentReport, Finding, KnowledgeBase, Severity, Span
from claimcheck.reports.evidence import setting
from claimcheck.reports.safe import printable
from claimcheck.reports.style import FRAMING_WORDS, SEVERITY_WORDS, STANCE_SIGNS, label_words

if TYPE_CHECKING:
    from docx.comments import Comment
    from docx.text.paragraph import Paragraph

AUTHOR = "claimcheck"
INITIALS = "cc"


def annotate(data: bytes, report: DocumentReport, knowledge: KnowledgeBase) -> bytes:
    """The .docx file in `data` with a comment on each finding that asks for one; `report` is the report on that very file.

    Text, formatting, tracked changes and the comments that are there stay as they are. A claim in a footnote, endnote or text box
    gets its comment where that hangs in the body. Raises UnreadableError if the file is not the one that was checked.
    """
    package = open_package(data, report.path)
    story = read_story(package, report.path)
    if story.text != report.text:
        raise UnreadableError(f"{report.path} changed while it was checked; run claimcheck again")
    findings = [finding for finding in report.findings if finding.severity is not Severity.OK]
    if not findings:
        return data
    _cut_runs(story, {offset for finding in findings for offset in (finding.span.start, finding.span.end)})
    story = read_story(package, report.path)
    for finding in findings:
        comment = package.comments.add_comment(author=AUTHOR, initials=INITIALS)
        _write(comment, finding, knowledge)
        _mark(story, finding.span, str(comment.comment_id))
    stream = io.BytesIO()
    package.save(stream)
    return stream.getvalue()


def write_annotated(draft: Path, target: Path, report: DocumentReport, knowledge: KnowledgeBase) -> None:
    """Write the annotated copy of a draft, whole or not at all. Raises ClaimcheckError."""
    try:
        data = draft.read_bytes()
    except OSError as error:
        raise UnreadableError(f"cannot read {draft}: {reason_of(error)}") from error
    try:
        write_whole(target, annotate(data, report, knowledge))
    except OSError as error:
        raise ClaimcheckError(f"cannot write {target}: {reason_of(error)}") from error


def _cut_runs(story: Story, offsets: set[int]) -> None:
    """Split runs so that each offset lies between two of them; what they look like stays."""
    own = (letters for paragraph in story.paragraphs for letters in paragraph.letters if letters.anchor is None)
    for run, held in groupby(own, key=lambda letters: letters.element.getparent()):
        _cut_run(run, [*held], offsets)


def _cut_run(run: Element, held: list[Letters], offsets: set[int]) -> None:
    """From the last cut to the first, so that what is before a cut is still in the run itself."""
    for letters in reversed(held):
        inside = sorted((offset for offset in offsets if letters.start < offset < letters.end), reverse=True)
        for offset in inside:
            tail = deepcopy(letters.element)
            text = letters.element.text[: offset - letters.start]
            tail.text = letters.element.text[offset - letters.start :]
            letters.element.text = text
            for piece in (letters.element, tail):
                piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            letters.element.addnext(tail)
            _part(run, tail)
        if letters.start in offsets and letters is not held[0]:
            _part(run, letters.element)


def _part(run: Element, first: Element) -> None:
    """Move an element of a run, and what follows it there, to a new run of the same look."""
    rest = [first, *first.itersiblings()]
    new = run.makeelement(run.tag, dict(run.attrib), run.nsmap)
    properties = run.find(qn("w:rPr"))
    if properties is not None:
        new.append(deepcopy(properties))
    new.extend(rest)
    run.addnext(new)


def _mark(story: Story, span: Span, comment: str) -> None:
    """Put the marks of a comment around the runs that a span covers, or around the run that stands for them."""
    covered = [
        letters.element.getparent() if letters.anchor is None else letters.anchor
        for paragraph in story.paragraphs
        if paragraph.start < span.end and span.start < paragraph.end
        for letters in paragraph.letters
        if letters.start < span.end and span.start < letters.end
    ]
    covered[0].addprevious(_element("w:commentRangeStart", comment))
    end = _element("w:commentRangeEnd", comment)
    covered[-1].addnext(end)
    reference = OxmlElement("w:r")
    reference.append(_element("w:commentReference", comment))
    _outermost(end).addnext(reference)


def _element(tag: str, comment: str) -> Element:
    return OxmlElement(tag, {qn("w:id"): comment})


def _outermost(element: Element) -> Element:
    """The part of a paragraph that an element is in: inside a link or a tracked insertion the comment itself would be part of it."""
    while element.getparent().tag != qn("w:p"):
        element = element.getparent()
    return element


def _write(comment: Comment, finding: Finding, knowledge: KnowledgeBase) -> None:
    """What an editor needs: the verdict, why, the fair wording, the sources."""
    claim = knowledge.claims[finding.claim]
    comment.paragraphs[0].add_run(printable(f"{SEVERITY_WORDS[finding.severity]}: {claim.statement}")).bold = True
    comment.add_paragraph(printable(f"{label_words(claim)}: {claim.label.meaning} ({claim.id}, put {FRAMING_WORDS[finding.framing]})."))
    comment.add_paragraph(printable(claim.explanation))
    fair = comment.add_paragraph()
    fair.add_run("Fair: ").bold = True
    fair.add_run(printable(claim.fair_wording))
    for row in claim.evidence:
        source = knowledge.sources[row.source]
        head = f"{STANCE_SIGNS[row.stance]} {row.stance} ({setting(row, source)})"
        line = comment.add_paragraph(printable(f"{head}: {source.citation}") + " ")
        if source.doi:
            _link(line, f"https://doi.org/{source.doi}")


def _link(paragraph: Paragraph, address: str) -> None:
    """Add an address to a paragraph, as a link that opens it."""
    run = paragraph.add_run(printable(address))
    run.font.underline = True
    letters: Element = run.element
    relation = paragraph.part.relate_to(quote(address, safe=":/()._-"), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink", {qn("r:id"): relation})
    letters.addprevious(link)
    link.append(letters)
