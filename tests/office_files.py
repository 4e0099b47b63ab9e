"""Word and OpenDocument files built for tests, small enough to read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

import docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml

_SPACES = nsdecls("w", "r", "wp", "a") + (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"'
)


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*content: str, style: str = "", properties: str = "") -> str:
    """A paragraph; what is no markup becomes a run."""
    look = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{look}{properties}</w:pPr>{''.join(part if part.startswith('<') else run(part) for part in content)}</w:p>"


def inserted(*content: str) -> str:
    return f'<w:ins w:id="900" w:author="A" w:date="2024-01-01T00:00:00Z">{"".join(content)}</w:ins>'


def deleted(text: str) -> str:
    return f'<w:del w:id="901" w:author="A"><w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'


def table(*rows: Sequence[str], properties: str = "") -> str:
    """A table; each cell is the markup of its paragraphs, `properties` are those of each row."""
    lines = "".join(f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{lines}</w:tbl>"


def note_mark(note: int, kind: str = "footnote") -> str:
    return f'<w:r><w:{kind}Reference w:id="{note}"/></w:r>'


def field(code: str, result: str) -> str:
    """A field whose code stands in text, as in a nested one."""
    kinds = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return kinds[0] + run(code) + kinds[1] + run(result) + kinds[2]


def text_box(content: str) -> str:
    """A text box as Word writes it: twice, the second time for old programs."""
    box = f"<w:txbxContent>{content}</w:txbxContent>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def word(
    *body: str,
    footnotes: Mapping[int, str] | None = None,
    endnotes: Mapping[int, str] | None = None,
    comments: Mapping[str, tuple[int, int]] | None = None,
) -> bytes:
    """A .docx file with this markup in its body; `comments` are texts with the first and last paragraph (from 0) that each is on."""
    document = docx.Document()
    for element in list(document.element.body)[:-1]:
        document.element.body.remove(element)
    for markup in body:
        document.element.body.insert(len(document.element.body) - 1, parse_xml(f"<w:wrap {_SPACES}>{markup}</w:wrap>")[0])
    for text, (first, last) in (comments or {}).items():
        document.add_comment([document.paragraphs[first].runs[0], document.paragraphs[last].runs[-1]], text, author="Eva", initials="E")
    _add_notes(document, "footnote", footnotes or {})
    _add_notes(document, "endnote", endnotes or {})
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _add_notes(document: docx.document.Document, kind: str, notes: Mapping[int, str]) -> None:
    if not notes:
        return
    separator = f'<w:{kind} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{kind}>'
    content = separator + "".join(f'<w:{kind} w:id="{note}">{markup}</w:{kind}>' for note, markup in notes.items())
    blob = f'<?xml version="1.0" encoding="UTF-8"?><w:{kind}s {_SPACES}>{content}</w:{kind}s>'.encode()
    content_type = CONTENT_TYPE.WML_FOOTNOTES if kind == "footnote" else CONTENT_TYPE.WML_ENDNOTES
    relation = RELATIONSHIP_TYPE.FOOTNOTES if kind == "footnote" else RELATIONSHIP_TYPE.ENDNOTES
    document.part.relate_to(Part(PackURI(f"/word/{kind}s.xml"), content_type, blob, document.part.package), relation)


def members(data: bytes) -> dict[str, bytes]:
    """The files in an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def archive_of(files: Mapping[str, bytes | str]) -> bytes:
    """An archive of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()
