"""The JSON contract, the text report's parts, and text made harmless."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimcheck.checking import Checker, severity
from claimcheck.documents import document_from_text
from claimcheck.model import DocumentReport, Framing, KnowledgeBase, Label, Severity
from claimcheck.reports.json_report import JsonReport
from claimcheck.reports.renderer import Options, rendered
from claimcheck.reports.safe import printable
from claimcheck.reports.summary import Summary
from claimcheck.reports.text_report import TextReport
from claimcheck.reports.writing import console_for

TEXT = "# A title\n\nPsilocybin resets the default mode network.\r\n\nSome people say 😀 microdosing boosts creativity.\n"


def json_of(reports: list[DocumentReport], knowledge: KnowledgeBase, *, with_text: bool = False) -> str:
    summary = Summary(knowledge)
    return "".join(rendered(reports, JsonReport(summary, Options(with_text=with_text)), summary))


@pytest.fixture(scope="module")
def report(checker: Checker) -> DocumentReport:
    return checker.check(document_from_text(TEXT, "posts/reset.md"))


@pytest.fixture(scope="module")
def value(report: DocumentReport, knowledge: KnowledgeBase) -> dict:
    failed = DocumentReport(path="gone.md", error="cannot read gone.md: no such file")
    return json.loads(json_of([report, failed], knowledge))


def test_the_contract_of_the_json_report(value: dict, knowledge: KnowledgeBase) -> None:
    assert value["schema"] == "claimcheck.report/1"
    assert value["tool"]["name"] == "claimcheck"
    assert value["knowledge"] == {"claims": 77, "sources": len(knowledge.sources), "sha256": knowledge.sha256}
    assert value["summary"] == {
        "documents": 2,
        "failed": 1,
        "findings": 2,
        "by_label": {"macrodose-only": 1, "anecdotal": 1},
        "by_severity": {"warning": 1, "ok": 1},
        "suppressed": 0,
        "known": 0,
        "skipped": {},
    }
    empty = {"words": 0, "sentences": 0, "findings": [], "unassessed": [], "citations": [], "suppressed": 0, "known": 0, "notes": []}
    assert value["documents"][1] == {"path": "gone.md", "error": "cannot read gone.md: no such file", **empty}


def test_a_finding_in_the_json_report(value: dict) -> None:
    first, second = value["documents"][0]["findings"]
    assert {key: first[key] for key in ("claim", "label", "contested", "framing", "severity", "line", "column", "text")} == {
        "claim": "dmn-reset",
        "label": "macrodose-only",
        "contested": False,
        "framing": "asserted",
        "severity": "warning",
        "line": 3,
        "column": 12,
        "text": "resets the default mode network",
    }
    assert first["sentence"]["text"] == "Psilocybin resets the default mode network."
    assert {reason["cue"] for reason in first["because"] if reason["role"] == "agent"} == {"Psilocybin"}
    assert {reason["role"] for reason in first["because"]} & {"idiom", "effect"}
    assert {"source", "stance", "species", "dose"} == set(first["evidence"][0])
    assert (second["claim"], second["framing"], second["line"]) == ("creativity", "scoped", 5)


def test_offsets_are_code_points_of_the_file(value: dict) -> None:
    for finding in value["documents"][0]["findings"]:
        assert TEXT[finding["start"] : finding["end"]] == finding["text"]
        for reason in finding["because"]:
            assert 0 <= reason["start"] < reason["end"] <= len(TEXT)


def test_the_json_report_is_valid_for_any_text(checker: Checker, knowledge: KnowledgeBase) -> None:
    text = 'Psilocybin "resets" the default mode network \ud800 \u2028 </script>.'
    raw = json_of([checker.check(document_from_text(text, "a.txt"))], knowledge, with_text=True)
    assert raw.encode("utf-8")
    assert json.loads(raw)["documents"][0]["text"] == text


def render(reports: list[DocumentReport], knowledge: KnowledgeBase, *, verbose: bool = False) -> str:
    stream = io.StringIO()
    console = console_for(stream, 80)
    summary = Summary(knowledge)
    for part in rendered(reports, TextReport(summary, Options(verbose=verbose)), summary):
        console.print(part)
    return stream.getvalue()


def test_a_claim_is_explained_once(report: DocumentReport, knowledge: KnowledgeBase) -> None:
    fair = " ".join(knowledge.claims["dmn-reset"].fair_wording.split()[:4])
    assert render([report, report], knowledge).count(fair) == 1


def test_fair_findings_are_counted_and_shown_on_request(report: DocumentReport, knowledge: KnowledgeBase) -> None:
    assert "creativity" not in render([report], knowledge)
    assert "1 more claim is put fairly" in render([report], knowledge)
    verbose = render([report], knowledge, verbose=True)
    assert "creativity  [anecdotal" in verbose
    assert "carhart-harris-2017-reset" in verbose
    assert "Because of: " in verbose


def test_no_finding_is_no_approval(checker: Checker, knowledge: KnowledgeBase) -> None:
    assert "That is no approval" in render([checker.check(document_from_text("The tulips are in.", "a.txt"))], knowledge)


@given(st.text())
def test_printable_text_has_no_control_characters(text: str) -> None:
    shown = printable(text)
    assert all(char == " " or char.isprintable() or char not in "\x1b\x9b\x00\x07\x08\r\n\u202e\u2066" for char in shown)


@pytest.mark.parametrize(
    ("label", "framing", "expected"),
    [
        (Label.SUPPORTED, Framing.ASSERTED, Severity.OK),
        (Label.SUPPORTED, Framing.HEDGED, Severity.OK),
        (Label.ANECDOTAL, Framing.ASSERTED, Severity.WARNING),
        (Label.ANIMAL_ONLY, Framing.HEDGED, Severity.NOTE),
        (Label.MACRODOSE_ONLY, Framing.SCOPED, Severity.OK),
        (Label.MACRODOSE_ONLY, Framing.DENIED, Severity.OK),
        (Label.ANECDOTAL, Framing.QUESTIONED, Severity.OK),
    ],
)
def test_severity_is_the_combination(label: Label, framing: Framing, expected: Severity) -> None:
    assert severity(label, framing) is expected
