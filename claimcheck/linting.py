"""The whole check of a knowledge base: its records, the rules between them, and its examples run against all of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from claimcheck.checking import Checker
from claimcheck.documents import document_from_text
from claimcheck.errors import KnowledgeError, Problem
from claimcheck.kb.files import Records
from claimcheck.kb.folder import changed_weights, content_hash, knowledge_files
from claimcheck.kb.rules import checked_records
from claimcheck.matching.proposer import load_proposer
from claimcheck.model import Claim, ExampleMatch


def lint(folder: Path) -> tuple[Problem, ...]:
    """Every problem of a knowledge folder, sorted by file and line. The examples are run once the records are sound."""
    if not folder.is_dir():
        raise KnowledgeError(folder, (Problem(str(folder), 1, "there is no such folder; give a knowledge folder"),))
    records = checked_records(folder)
    problems = [*records.problems, *changed_weights(folder)]
    if not problems:
        knowledge = records.base(content_hash(folder, knowledge_files(folder)))
        problems += failing_examples(records, Checker(knowledge, proposer=load_proposer(folder, knowledge)))
    return tuple(sorted(set(problems)))


def failing_examples(records: Records, checker: Checker) -> Iterator[Problem]:
    """The examples that the whole base does not judge as their claim says."""
    for claim in records.claims.values():
        origin = records.origin(claim)
        for index, example in enumerate(claim.examples.matches):
            fault = _match_fault(claim, example, checker)
            if fault:
                yield origin.problem(f"example {example.text!r} {fault}", "examples", "matches", index)
        for index, miss in enumerate(claim.examples.near_misses):
            report = checker.check(document_from_text(miss.text, "example.txt"))
            for finding in report.findings:
                if finding.claim == claim.id:
                    words = report.text[finding.span.start : finding.span.end]
                    yield origin.problem(
                        f"near miss {miss.text!r} is found as the claim by {words!r}; add a veto or narrow the match",
                        "examples",
                        "near_misses",
                        index,
                    )


def _match_fault(claim: Claim, example: ExampleMatch, checker: Checker) -> str | None:
    report = checker.check(document_from_text(example.text, "example.txt"))
    findings = [finding for finding in report.findings if finding.claim == claim.id]
    if not findings:
        return "is not found; widen the match or the lexicon"
    if all(finding.framing is not example.framing for finding in findings):
        return f"is framed {findings[0].framing}, not {example.framing}; correct the framing or the cues"
    if example.span is not None and all(report.text[finding.span.start : finding.span.end] != example.span for finding in findings):
        marked = report.text[findings[0].span.start : findings[0].span.end]
        return f"marks {marked!r}, not {example.span!r}; correct the span or the match"
    return None
