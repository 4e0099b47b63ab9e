"""Does an effect bear on a target? Direction and distance rules, the same for every claim.

A target belongs to the nearest effect that governs it, so "eases stress and raises anxiety" does not ease anxiety. Lists carry:
in "may ease depression, anxiety and PTSD" the effect reaches each part.
"""

from __future__ import annotations

from collections.abc import Sequence

from claimcheck.matching.lexicon import Form, Hit
from claimcheck.patterns.inflect import IRREGULAR_PARTICIPLES

BARRIERS = frozenset(
    {";", ":", ".", "?", "!", "but", "although", "though", "whereas", "while", "because", "unless", "however", "yet", "if", "—", "(", ")"}
)
RELATIVES = frozenset({"which", "that", "who", "where", "when", "since", "so", "then"})
SEPARATORS = frozenset({",", "and", "or", "&", "/", "plus", "nor", "as"})
BE_FORMS = frozenset(
    {
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "get",
        "gets",
        "got",
        "becomes",
        "becoming",
        "became",
        "become",
        "feel",
        "feels",
        "felt",
        "remained",
        "seem",
        "seems",
        "seemed",
        "'s",
        "'re",
    }
)
ADVERBS = frozenset(
    {
        "significantly",
        "greatly",
        "markedly",
        "also",
        "not",
        "n't",
        "more",
        "much",
        "less",
        "even",
        "further",
        "substantially",
        "noticeably",
        "far",
        "so",
        "all",
        "very",
    }
)
MOST_SEPARATORS = 10
BACKWARD_REACH = 5


def forward_cost(words: Sequence[str], effect: Hit, target: Hit) -> int | None:
    """The words between an effect and a target after it, list parts counted once; None where a wall stands between."""
    segment = longest = separators = 0
    for word in words[effect.end : target.first]:
        if word in BARRIERS:
            return None
        if word in RELATIVES:
            segment += 3
        if word in SEPARATORS:
            separators += 1
            longest = max(longest, segment)
            segment = 0
        else:
            segment += 1
    if separators > MOST_SEPARATORS:
        return None
    return max(longest, segment) + (separators + 1) // 2


def backward_cost(words: Sequence[str], target: Hit, effect: Hit) -> int | None:
    """The words between a target and an effect said of it ("anxiety was reduced", "mood lifted", "pain relief"); None if not."""
    between = words[target.end : effect.first]
    if len(between) > BACKWARD_REACH or any(word in BARRIERS or word == "," for word in between):
        return None
    content = [word for word in between if word not in BE_FORMS and word not in ADVERBS]
    match effect.form:
        case Form.VERB:
            passive = is_participle(words[effect.first]) and any(word in BE_FORMS for word in between[-3:])
            return len(content) if passive else None
        case Form.INTRANSITIVE:
            return len(content)
        case Form.NOUN:
            return 0 if not content and len(between) == 0 else None
        case Form.ADJECTIVE:
            return len(content) if any(word in BE_FORMS for word in between) else None
        case Form.TERM:
            return len(content)
    return None


def is_participle(word: str) -> bool:
    """Whether a word can be a past participle."""
    return word.endswith("ed") or word in IRREGULAR_PARTICIPLES


def governor(words: Sequence[str], target: Hit, effects: Sequence[Hit], wanted: frozenset[str], reach: int) -> tuple[Hit, int] | None:
    """The effect that governs a target, with its cost in words: the nearest that reaches it from either side.

    Of several at one place ("lift" raises or removes) one of the `wanted` concepts is taken.
    """
    farthest = (MOST_SEPARATORS + 1) * reach + MOST_SEPARATORS  # a full list, each part as long as may be
    ranked = []
    for effect in effects:
        forward = effect.end <= target.first
        distance = target.first - effect.end if forward else effect.first - target.end
        if 0 <= distance <= (farthest if forward else BACKWARD_REACH):
            ranked.append((distance, effect.id not in wanted, effect.first - effect.end, forward, effect))
    for _, _, _, forward, effect in sorted(ranked, key=lambda row: row[:3]):
        if forward:
            cost = None if effect.form is Form.INTRANSITIVE else forward_cost(words, effect, target)
        else:
            cost = backward_cost(words, target, effect)
        if cost is not None and cost <= (reach if forward else BACKWARD_REACH):
            return effect, cost
    return None
