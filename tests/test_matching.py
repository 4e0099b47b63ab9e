"""The matcher's rules on a small knowledge base of our own: direction, lists, agents, anaphora, spelling."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml
from conftest import CUES, LEXICON

from claimcheck.checking import Checker
from claimcheck.documents import document_from_text
from claimcheck.model import (
    AgentRule,
    Claim,
    Concept,
    ConceptKind,
    Cue,
    CueRole,
    CueScope,
    Dose,
    Evidence,
    Examples,
    Finding,
    Frame,
    Group,
    KnowledgeBase,
    Label,
    Match,
    Species,
    Stance,
    Tier,
)


def _claim(claim_id: str, **match: object) -> Claim:
    evidence = Evidence("one-2020", Stance.SUPPORTS, Species.HUMAN, Dose.MACRO, Tier.A, "finding", "limit")
    return Claim(claim_id, Group.BRAIN, "s", Label.MACRODOSE_ONLY, "e", "f", Match(**match), (evidence,), Examples((), ()))  # type: ignore[arg-type]


def _concept(entry: dict[str, object]) -> Concept:
    lists = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
    return Concept(id=str(entry["id"]), kind=ConceptKind(entry["kind"]), repair=bool(entry.get("repair")), **lists)


@pytest.fixture(scope="module")
def small() -> KnowledgeBase:
    concepts = [_concept(entry) for entry in yaml.safe_load(LEXICON)]
    cues = [Cue(row["id"], CueRole(row["role"]), CueScope(row["scope"]), tuple(row["terms"])) for row in yaml.safe_load(CUES)]
    claims = [
        _claim("amygdala-calming", frames=(Frame(("calm",), ("amygdala",)),), vetoes=("calm amygdala model",)),
        _claim("heart-calming", frames=(Frame(("calm",), ("heart",)),)),
        _claim("any-calming", idioms=("calm/v .. hearts",), yields_to=("heart-calming",)),
        _claim("a-fact", frames=(Frame(("excite",), ("heart",)),), agent=AgentRule.NONE),
    ]
    return KnowledgeBase(
        {claim.id: claim for claim in claims}, {}, {concept.id: concept for concept in concepts}, {cue.id: cue for cue in cues}, "small"
    )


@pytest.fixture(scope="module")
def found(small: KnowledgeBase) -> Callable[[str], dict[str, Finding]]:
    checker = Checker(small)

    def run(text: str) -> dict[str, Finding]:
        return {finding.claim: finding for finding in checker.check(document_from_text(text, "x.txt")).findings}

    return run


Found = Callable[[str], dict[str, Finding]]


@pytest.mark.parametrize(
    "text",
    [
        "Psilocybin calms the amygdala.",
        "With psilocybin, the amygdala was calmed.",
        "On psilocybin the fear centre settled.",
        "Psilocybin left the amygdala calm; the calming of the amygdala lasted.",
        "Psilocybin soothes the gut, the heart and the amygdala.",
    ],
)
def test_an_effect_reaches_its_target(found: Found, text: str) -> None:
    assert "amygdala-calming" in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Psilocybin excites the amygdala.",
        "Psilocybin calms the gut and excites the amygdala.",
        "Psilocybin calms the gut. The amygdala has two halves.",
        "Psilocybin calms people; the amygdala is small.",
    ],
)
def test_direction_and_walls_keep_effects_apart(found: Found, text: str) -> None:
    assert "amygdala-calming" not in found(text)


def test_a_list_carries_to_each_part(found: Found) -> None:
    assert {"amygdala-calming", "heart-calming"} <= found("Psilocybin calms the heart, the gut and the amygdala.").keys()


def test_another_agent_takes_the_claim_away(found: Found) -> None:
    assert not found("Ketamine calms the amygdala.")
    assert not found("Psilocybin is a drug. Ketamine calms the amygdala.")
    assert "amygdala-calming" in found("Unlike ketamine, psilocybin calms the amygdala.")
    assert "amygdala-calming" in found("Psilocybin and ketamine calm the amygdala.")


def test_the_agent_is_inherited_from_sentence_list_intro_and_heading(found: Found) -> None:
    assert "amygdala-calming" in found("Psilocybin is popular. It calms the amygdala.")
    assert "amygdala-calming" in found("What psilocybin does:\n\n- Calms the amygdala\n")
    assert "amygdala-calming" in found(
        "Psilocybin\n\nMany things are said of the brain these days, and some are true. Calmer amygdala? It calms the amygdala."
    )
    assert not found("It calms the amygdala.")


def test_background_claims_need_no_agent(found: Found) -> None:
    assert "a-fact" in found("Coffee excites the heart.")


def test_an_anaphor_needs_its_concept_named_before(found: Found) -> None:
    assert "amygdala-calming" in found("The amygdala sits deep in the brain. Psilocybin calms the almond.")
    assert not found("Psilocybin calms the almond.")


def test_misspelt_terms_are_read_as_meant(found: Found) -> None:
    finding = found("Psylocibin calms the amygdela.")["amygdala-calming"]
    assert (finding.span.start, finding.span.end) == (11, 29)


def test_vetoes_and_priorities(found: Found) -> None:
    assert not found("Psilocybin research has a calm amygdala model.")
    assert found("Psilocybin calms our hearts.").keys() == {"heart-calming"}


def test_the_reasons_name_the_words_with_their_offsets(found: Found) -> None:
    text = "Psilocybin may calm the amygdala."
    finding = found(text)["amygdala-calming"]
    assert {(reason.role, text[reason.start : reason.end]) for reason in finding.because} == {
        ("agent", "Psilocybin"),
        ("hedge", "may"),
        ("effect", "calm"),
        ("target", "amygdala"),
    }
