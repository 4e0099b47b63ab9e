"""SARIF 2.1.0, for code scanning and editors: the claims of the knowledge base are the rules, overstated and hedged claims the results.

What is put fairly is a result (kind `pass`, level `none`) only with --verbose, because viewers show every result as a complaint. Columns
and offsets count code points. A document that could not be read is a notification of the run.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from claimcheck import __version__
from claimcheck.fingerprint import fingerprint
from claimcheck.kb.labels import derive
from claimcheck.model import Claim, DocumentReport, Finding, KnowledgeBase, Label, Severity
from claimcheck.reports.citing import link, short
from claimcheck.reports.evidence import setting
from claimcheck.reports.markup import inert
from claimcheck.reports.places import is_url, region_of, uri
from claimcheck.reports.renderer import Options
from claimcheck.reports.safe import printable, without_surrogates
from claimcheck.reports.style import label_words, verdict
from claimcheck.reports.summary import Summary

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FOLDER = "%SRCROOT%"
_LEVELS = {Severity.WARNING: "warning", Severity.NOTE: "note", Severity.OK: "none"}
# in a message `[a](b)` is a link and `{0}` a placeholder
_MESSAGE_MARKUP = re.compile(r"(?<=\])(?=\()|(?<=\{)(?=\d)")


class SarifReport:
    """One run. Results are written as documents finish; artifacts and notifications at the end."""

    def __init__(self, summary: Summary, options: Options) -> None:
        self._summary = summary
        self._options = options
        self._rules = {claim: index for index, claim in enumerate(summary.knowledge.claims)}
        self._artifacts: dict[str, dict[str, Any]] = {}
        self._notifications: dict[tuple[str, str], dict[str, Any]] = {}
        self._separator = "\n"

    def begin(self) -> Iterator[str]:
        """The tool with its rules."""
        knowledge = self._summary.knowledge
        driver = {
            "name": "claimcheck",
            "version": __version__,
            "rules": [_rule(claim, knowledge) for claim in knowledge.claims.values()],
            "properties": {"claims": len(knowledge.claims), "sources": len(knowledge.sources), "sha256": knowledge.sha256},
        }
        folder = {FOLDER: {"description": {"text": "The folder in which claimcheck was run."}}}
        yield f'{{"$schema": {json.dumps(SCHEMA)}, "version": "2.1.0", "runs": [{{\n'
        yield f'"tool": {json.dumps({"driver": driver})},\n"columnKind": "unicodeCodePoints",\n'
        yield f'"originalUriBaseIds": {json.dumps(folder)},\n"results": ['

    def document(self, report: DocumentReport) -> Iterator[str]:
        """The results of a document."""
        location = self._location(report.path)
        counts = {"suppressed": report.suppressed, "known": report.known, "unassessed": len(report.unassessed)}
        # two documents may go by one name, but artifacts and notifications must be unique
        self._artifacts[location["uri"]] = {"location": location, "roles": ["analysisTarget"], "properties": counts}
        self._notify("error", filter(None, (report.error,)), location)
        self._notify("note", report.notes, location)
        seen: Counter[str] = Counter()
        for finding in report.findings:
            key = fingerprint(finding.claim, report.readable(finding.sentence))
            seen[key] += 1
            if finding.severity is not Severity.OK or self._options.verbose:
                yield self._separator + json.dumps(self._result(finding, report, location, f"{key}:{seen[key]}"))
                self._separator = ",\n"

    def end(self) -> Iterator[str]:
        """What is known only now."""
        summary = self._summary
        invocation = {"executionSuccessful": not summary.failed, "toolExecutionNotifications": [*self._notifications.values()]}
        counts = {name: getattr(summary, name) for name in ("documents", "failed", "findings", "suppressed", "known")}
        yield f'\n],\n"artifacts": {json.dumps([*self._artifacts.values()])},\n"invocations": {json.dumps([invocation])},\n'
        yield f'"properties": {json.dumps(counts)}\n}}]}}\n'

    def _notify(self, level: str, sentences: Iterable[str], location: dict[str, Any]) -> None:
        place = {"physicalLocation": {"artifactLocation": location}}
        for sentence in sentences:
            row = {"level": level, "message": {"text": _message(sentence)}, "locations": [place]}
            self._notifications[location["uri"], sentence] = row

    def _location(self, path: str) -> dict[str, Any]:
        base = {} if is_url(path) else {"uriBaseId": FOLDER}
        return {"uri": uri(path, self._options.root), **base}

    def _result(self, finding: Finding, report: DocumentReport, location: dict[str, Any], key: str) -> dict[str, Any]:
        claim = self._summary.knowledge.claims[finding.claim]
        words = report.readable(finding.span)
        physical = {"artifactLocation": location, "region": _region(finding, report)}
        return {
            "ruleId": claim.id,
            "ruleIndex": self._rules[claim.id],
            "kind": "pass" if finding.severity is Severity.OK else "fail",
            "level": _LEVELS[finding.severity],
            "message": {"text": _message(f"{verdict(finding).capitalize()}: “{words}”. {claim.explanation} Fair: {claim.fair_wording}")},
            "locations": [{"physicalLocation": physical, **_logical(finding)}],
            # the second is the one by which GitHub knows an alert again
            "partialFingerprints": {"claimSentence/v1": key.partition(":")[0], "primaryLocationLineHash": key},
            "properties": {
                "label": claim.label,
                "contested": claim.contested,
                "framing": finding.framing,
                "severity": finding.severity,
                "confidence": finding.confidence,
            },
        }


def _region(finding: Finding, report: DocumentReport) -> dict[str, Any]:
    """The words in a text file. A file without lines of its own has no region that would be true, and viewers insist on a line."""
    if finding.place:
        return {"startLine": 1}
    region = region_of(finding, report)
    return {
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
        "charOffset": finding.span.start,
        "charLength": finding.span.end - finding.span.start,
        "snippet": {"text": without_surrogates(report.text[finding.span.start : finding.span.end])},
    }


def _logical(finding: Finding) -> dict[str, Any]:
    """The page or paragraph, where the format counts in these."""
    return {"logicalLocations": [{"name": str(finding.place), "kind": str(finding.place.kind)}]} if finding.place else {}


def _rule(claim: Claim, knowledge: KnowledgeBase) -> dict[str, Any]:
    address = _address(claim, knowledge)
    return {
        "id": claim.id,
        "name": "".join(part.capitalize() for part in claim.id.split("-")),
        "shortDescription": {"text": _message(claim.statement)},
        "fullDescription": {"text": _message(claim.explanation)},
        "help": {"text": _help(claim, knowledge), "markdown": _help_markdown(claim, knowledge)},
        **({"helpUri": address} if address else {}),
        "defaultConfiguration": {"level": "none" if claim.label is Label.SUPPORTED else "warning"},
        "properties": {"tags": [claim.label, claim.group, *(["contested"] if claim.contested else [])]},
    }


def _address(claim: Claim, knowledge: KnowledgeBase) -> str | None:
    """The first source with a DOI among those that decided the label, else among all."""
    rows = (*derive(claim.evidence).deciding, *claim.evidence)
    return next(filter(None, (link(knowledge.sources[row.source]) for row in rows)), None)


def _help(claim: Claim, knowledge: KnowledgeBase) -> str:
    lines = [f"Label: {label_words(claim)} ({claim.label.meaning}). {claim.explanation} Fair: {claim.fair_wording}", "Evidence:"]
    for row in claim.evidence:
        source = knowledge.sources[row.source]
        lines.append(f"- {row.stance} ({setting(row, source)}): {row.finding} {source.citation} {link(source) or ''}".rstrip())
    return "\n".join(map(_message, lines))


def _help_markdown(claim: Claim, knowledge: KnowledgeBase) -> str:
    """The same with a table; the words of the knowledge base are shown, never read as Markdown."""
    rows = []
    for row in claim.evidence:
        source = knowledge.sources[row.source]
        address = link(source)
        name = f"[{inert(short(source))}]({address})" if address else inert(short(source))
        rows.append(f"| {row.stance} | {name} | {inert(setting(row, source))} | {inert(row.finding)} | {inert(row.limit)} |")
    return "\n".join(
        (
            f"**{inert(claim.statement)}** is {inert(label_words(claim))}: {claim.label.meaning}.",
            "",
            inert(claim.explanation),
            "",
            f"**Fair:** {inert(claim.fair_wording)}",
            "",
            "| stance | source | in | finding | limit |",
            "| --- | --- | --- | --- | --- |",
            *rows,
        )
    )


def _message(text: str) -> str:
    """One line that a viewer shows as it is."""
    return _MESSAGE_MARKUP.sub(" ", printable(text))
