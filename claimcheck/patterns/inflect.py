"""English inflection for lexicon terms: every form of a word from its dictionary form.

Regular rules after Quirk et al., A Comprehensive Grammar of the English Language (1985), sections 3.5-3.10 (verbs), 5.79-5.81
(nouns) and 7.79 (adjectives); irregular verbs that the lexicon uses are listed.
"""

from __future__ import annotations

import re

_VOWELS = "aeiou"

# "dictionary form, past, past participle"; several forms separated by a slash
_IRREGULAR_VERB_ROWS = """
be was/were been; beat beat beaten; become became become; begin began begun; bind bound bound; break broke broken;
bring brought brought; build built built; burn burned/burnt burned/burnt; buy bought bought; catch caught caught;
choose chose chosen; come came come; cost cost cost; cut cut cut; deal dealt dealt; do did done; draw drew drawn;
drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen; feed fed fed; feel felt felt; fight fought fought;
find found found; fly flew flown; forget forgot forgotten; freeze froze frozen; get got got/gotten; give gave given; go went gone;
grow grew grown; have had had; hear heard heard; hit hit hit; hold held held; hurt hurt hurt; keep kept kept; know knew known;
lay laid laid; lead led led; learn learned/learnt learned/learnt; leave left left; let let let; lie lay lain;
light lit/lighted lit/lighted; lose lost lost; make made made; mean meant meant; meet met met; outgrow outgrew outgrown;
overcome overcame overcome; pay paid paid; put put put; quit quit quit; read read read; rebuild rebuilt rebuilt;
regrow regrew regrown; relearn relearned/relearnt relearned/relearnt; reset reset reset; rewrite rewrote rewritten;
ride rode ridden; rise rose risen; run ran run; say said said; see saw seen; sell sold sold; send sent sent; set set set;
shake shook shaken; shed shed shed; shine shone shone; show showed shown/showed; shrink shrank shrunk; shut shut shut;
sing sang sung; sink sank sunk; sit sat sat; sleep slept slept; speak spoke spoken; speed sped/speeded sped/speeded;
spend spent spent; spread spread spread; spring sprang sprung; stand stood stood; stick stuck stuck; swear swore sworn;
swing swung swung; take took taken; teach taught taught; tell told told; think thought thought; throw threw thrown;
understand understood understood; undo undid undone; upset upset upset; wake woke woken; wear wore worn; weave wove woven;
win won won; wind wound wound; withstand withstood withstood; write wrote written
"""
_IRREGULAR_VERBS = {verb: (past, perfect) for verb, past, perfect in (row.split() for row in _IRREGULAR_VERB_ROWS.split(";"))}
_THIRD_PERSON = {"be": "is", "have": "has", "do": "does", "go": "goes", "quiz": "quizzes"}
_PRESENT_EXTRA = {"be": ("are", "am")}
IRREGULAR_PARTICIPLES = frozenset(form for _, perfect in _IRREGULAR_VERBS.values() for form in perfect.split("/"))
# two-syllable verbs stressed on the last syllable double their consonant
_DOUBLING = frozenset(
    [
        "occur",
        "permit",
        "prefer",
        "regret",
        "admit",
        "commit",
        "submit",
        "control",
        "rebut",
        "repel",
        "compel",
        "refer",
        "defer",
        "unplug",
        "kidnap",
    ]
)
_IRREGULAR_NOUNS = {"man": "men", "woman": "women", "child": "children", "mouse": "mice", "person": "people", "life": "lives",
                    "half": "halves", "crisis": "crises", "hypothesis": "hypotheses", "psychosis": "psychoses", "cortex": "cortices",
                    "hippocampus": "hippocampi", "synapsis": "synapses", "foot": "feet", "tooth": "teeth"}  # fmt: skip
_IRREGULAR_ADJECTIVES = {"good": ("better", "best"), "bad": ("worse", "worst"), "little": ("less", "least"), "far": ("further", "furthest"),
                         "well": ("better", "best")}  # fmt: skip


def _ends_in_single_consonant(word: str) -> bool:
    return len(word) > 2 and word[-1] not in _VOWELS + "wxy" and word[-2] in _VOWELS and word[-3] not in _VOWELS


def _doubles(verb: str) -> bool:
    if verb in _DOUBLING:
        return True
    syllables = len(re.findall(r"[aeiouy]+", verb))
    return _ends_in_single_consonant(verb) and (syllables == 1 or (verb[-1] == "l" and not verb.endswith(("eel", "ail"))))


def _with_s(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")) or (word.endswith("o") and len(word) > 3 and word[-2] not in _VOWELS):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + "s"


def _with_suffix(verb: str, suffix: str) -> str:
    if suffix == "ing" and verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not (suffix == "ing" and verb.endswith(("ee", "oe", "ye"))):
        return verb[:-1] + suffix
    if suffix == "ed" and verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ied"
    return verb + (verb[-1] if _doubles(verb) else "") + suffix


def verb_forms(verb: str) -> tuple[str, ...]:
    """All forms of a verb: reduce -> reduce, reduces, reducing, reduced."""
    past, perfect = _IRREGULAR_VERBS.get(verb, (_with_suffix(verb, "ed"),) * 2)
    forms = [verb, _THIRD_PERSON.get(verb, _with_s(verb)), _with_suffix(verb, "ing"), *past.split("/"), *perfect.split("/")]
    if verb.endswith("l") and _doubles(verb) and verb not in _DOUBLING:  # American spelling keeps the single l
        forms += [verb + "ed", verb + "ing"]
    return tuple(dict.fromkeys(forms + list(_PRESENT_EXTRA.get(verb, ()))))


def noun_forms(noun: str) -> tuple[str, ...]:
    """Singular and plural: neuron -> neuron, neurons."""
    return (noun, _IRREGULAR_NOUNS.get(noun, _with_s(noun)))


def adjective_forms(adjective: str) -> tuple[str, ...]:
    """Positive, comparative, superlative: calm -> calm, calmer, calmest."""
    if adjective in _IRREGULAR_ADJECTIVES:
        return (adjective, *_IRREGULAR_ADJECTIVES[adjective])
    if adjective.endswith("e"):
        stem = adjective[:-1]
    elif adjective.endswith("y") and adjective[-2] not in _VOWELS:
        stem = adjective[:-1] + "i"
    else:
        stem = adjective + (adjective[-1] if _ends_in_single_consonant(adjective) and len(adjective) < 6 else "")
    return (adjective, stem + "er", stem + "est")


INFLECTIONS = {"v": verb_forms, "n": noun_forms, "a": adjective_forms}
