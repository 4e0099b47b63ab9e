"""The rules between records: what no single file can show. Each is a generator of problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from claimcheck.errors import Problem
from claimcheck.kb.files import Records, read_records
from claimcheck.kb.labels import derive
from claimcheck.model import Claim, ConceptKind, Framing
from claimcheck.patterns.syntax import PatternError, parse, references

FEWEST_EXAMPLES = 3
_OWN_USE = (ConceptKind.AGENT, ConceptKind.OTHER_AGENT, ConceptKind.NOISE)
_CONCEPT_FIELDS = ("terms", "verbs", "intransitive", "nouns", "adjectives", "anaphora")
_MATCH_FIELDS = ("idioms", "denials", "vetoes", "sentence_vetoes")
# the matcher asks for these by name
BUILT_IN_CONCEPTS = frozenset({"anaphor", "checkworthy", "microdosing"})


def checked_records(folder: Path) -> Records:
    """All records of a folder, with every fault in them and between them in `problems`."""
    records = read_records(folder)
    records.problems += check_rules(records)
    if not records.claims and not records.problems:
        records.problems.append(Problem(str(folder), 1, "holds no claim; add a file under claims/"))
    return records


def check_rules(records: Records) -> Iterator[Problem]:
    """Every breach of a rule between records."""
    for claim in records.claims.values():
        yield from _evidence(claim, records)
        yield from _label(claim, records)
        yield from _match(claim, records)
        yield from _examples(claim, records)
    yield from _patterns(records)
    yield from _unused(records)


def _evidence(claim: Claim, records: Records) -> Iterator[Problem]:
    origin = records.origin(claim)
    for index, row in enumerate(claim.evidence):
        source = records.sources.get(row.source)
        if source is None:
            yield origin.problem(
                f"evidence names the unknown source {row.source!r}; add sources/{row.source}.yaml or correct the id",
                "evidence",
                index,
                "source",
            )
        elif source.tier is not row.tier:
            yield origin.problem(
                f"tier {row.tier} differs from {source.tier} in {records.origin(source).shown}; make them equal", "evidence", index, "tier"
            )


def _label(claim: Claim, records: Records) -> Iterator[Problem]:
    verdict = derive(claim.evidence)
    if verdict.label is not claim.label:
        yield records.origin(claim).problem(
            f"label {claim.label} is declared, but the evidence gives {verdict.label}; correct the label or the rows", "label"
        )
    if verdict.contested is not claim.contested:
        yield records.origin(claim).problem(f"contested must be {str(verdict.contested).lower()} by the evidence", "contested")
    if len(re.findall(r"[.!?](?:\s|$)", claim.explanation.replace("e.g.", ""))) != 2:
        yield records.origin(claim).problem("the explanation must be two sentences", "explanation")


def _match(claim: Claim, records: Records) -> Iterator[Problem]:
    origin = records.origin(claim)
    if not claim.match.frames and not claim.match.idioms:
        yield origin.problem("nothing matches this claim; give it frames or idioms", "match")
    for index, frame in enumerate(claim.match.frames):
        for key, wanted in (("effects", frame.effects), ("targets", frame.targets)):
            for concept in wanted:
                entry = records.concepts.get(concept)
                if entry is None:
                    yield origin.problem(
                        f"unknown concept {concept!r}; add it to the lexicon or correct the id", "match", "frames", index, key
                    )
                elif (entry.kind is ConceptKind.EFFECT) != (key == "effects"):
                    yield origin.problem(f"{concept!r} is of kind {entry.kind} and cannot stand under {key}", "match", "frames", index, key)
    for key, ids, known in (("yields_to", claim.match.yields_to, records.claims), ("own_agents", claim.match.own_agents, records.concepts)):
        for wanted_id in ids:
            if wanted_id not in known:
                yield origin.problem(f"unknown id {wanted_id!r}; correct or remove it", "match", key)


def _examples(claim: Claim, records: Records) -> Iterator[Problem]:
    origin = records.origin(claim)
    for key, count in (("matches", len(claim.examples.matches)), ("near_misses", len(claim.examples.near_misses))):
        if count < FEWEST_EXAMPLES:
            yield origin.problem(f"only {count} {key}; give at least {FEWEST_EXAMPLES}", "examples", key)
    if all(example.framing is Framing.ASSERTED for example in claim.examples.matches):
        yield origin.problem("all examples are asserted; add one that is hedged, scoped or denied", "examples", "matches")


def _all_patterns(records: Records) -> Iterator[tuple[Any, tuple[str, ...], tuple[str, ...]]]:
    """(record, place of the list, patterns) for every list of patterns in the base."""
    for claim in records.claims.values():
        for name in _MATCH_FIELDS:
            yield claim, ("match", name), getattr(claim.match, name)
    for concept in records.concepts.values():
        for name in _CONCEPT_FIELDS:
            yield concept, (name,), getattr(concept, name)
    for cue in records.cues.values():
        yield cue, ("terms",), cue.terms


def _patterns(records: Records) -> Iterator[Problem]:
    for record, place, patterns in _all_patterns(records):
        origin = records.origin(record)
        for index, pattern in enumerate(patterns):
            if pattern in patterns[:index]:
                yield origin.problem(f"{pattern!r} stands twice; remove one", *place, index)
            try:
                parse(pattern)
            except PatternError as error:
                yield origin.problem(f"pattern {pattern!r}: {error}", *place, index)
            for unknown in sorted(references(pattern) - records.concepts.keys()):
                yield origin.problem(f"pattern {pattern!r} refers to the unknown concept {unknown!r}", *place, index)
    for concept in records.concepts.values():
        for part in concept.includes:
            if part not in records.concepts:
                yield records.origin(concept).problem(f"includes the unknown concept {part!r}; correct the id", "includes")


def _unused(records: Records) -> Iterator[Problem]:
    needed = {row.source for claim in records.claims.values() for row in claim.evidence}
    for source in records.sources.values():
        if source.id not in needed and not source.cited_by:
            yield records.origin(source).problem(
                f"source {source.id!r} is used by no claim and cited by no document; use or delete it", "id"
            )
    used = set(BUILT_IN_CONCEPTS)
    used |= {name for claim in records.claims.values() for frame in claim.match.frames for name in (*frame.effects, *frame.targets)}
    used |= {name for _, _, patterns in _all_patterns(records) for pattern in patterns for name in references(pattern)}
    used |= {part for concept in records.concepts.values() for part in concept.includes}
    for concept in records.concepts.values():
        if concept.id not in used and concept.kind not in _OWN_USE and not concept.null:
            yield records.origin(concept).problem(f"concept {concept.id!r} is used by no claim; use or delete it", "id")
