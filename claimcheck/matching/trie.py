"""A word trie that finds many patterns in one pass: its cost grows with the text, hardly with the patterns.

A node is a plain dict from word to node, because that is the quickest thing to walk and to load from a cache. What is
not a plain word hangs under the key END: the owners whose pattern ends here, and the steps by concept, gap or number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from claimcheck.patterns.syntax import Element, Gap, Number, Ref, Sequence

# a gap never crosses these
WALLS = frozenset({";", ":", ".", "!", "?", "(", ")", "—", "[", "]"})
# no word is empty
END = ""

Node = dict[str, Any]
# concept id -> first word -> the ends (excluded) of its hits that start there
ConceptHits = Mapping[str, Mapping[int, Iterable[int]]]


class Steps(NamedTuple):
    """What a node holds besides words."""

    owners: list[int]
    refs: dict[str, Node]
    gaps: dict[int, Node]
    numbers: list[Node]


class Trie:
    """Patterns by their owners (small integers), ready to be looked for in rows of words."""

    def __init__(self, patterns: Iterable[tuple[Sequence, int]]) -> None:
        self._root: Node = {}
        for sequence, owner in patterns:
            node = self._root
            for element in sequence:
                node = _child(node, element)
            owners = _steps(node).owners
            if owner not in owners:
                owners.append(owner)

    def words(self) -> Iterator[str]:
        """Every word that a pattern names (with repetitions)."""
        nodes = [self._root]
        while nodes:
            for word, after in nodes.pop().items():
                if word == END:
                    nodes += [*after.refs.values(), *after.gaps.values(), *after.numbers]
                else:
                    yield word
                    nodes.append(after)

    def scan(self, words: tuple[str, ...], hits: ConceptHits) -> Iterator[tuple[int, int, int]]:
        """Every (owner, first, end) whose pattern matches words[first:end]. Offsets are word indexes."""
        root = self._root
        steps: Steps | None = root.get(END)
        starts = {first for concept in steps.refs for first in hits.get(concept, ())} if steps else frozenset()
        for first, word in enumerate(words):
            if word in root or first in starts or (steps is not None and steps.numbers and word[0].isdigit()):
                for owner, end in _walk(root, words, first, hits):
                    yield owner, first, end


def _steps(node: Node) -> Steps:
    if END not in node:
        node[END] = Steps([], {}, {}, [])
    steps: Steps = node[END]
    return steps


def _child(node: Node, element: Element) -> Node:
    """The node after an element, made if it is not there yet."""
    match element:
        case Gap(most):
            return _steps(node).gaps.setdefault(most, {})
        case Ref(concept):
            return _steps(node).refs.setdefault(concept, {})
        case Number():
            numbers = _steps(node).numbers
            if not numbers:
                numbers.append({})
            return numbers[0]
        case word:
            after: Node = node.setdefault(word, {})
            return after


def _walk(node: Node, words: tuple[str, ...], at: int, hits: ConceptHits) -> Iterator[tuple[int, int]]:
    steps: Steps | None = node.get(END)
    word = words[at] if at < len(words) else None
    if steps is not None:
        for owner in steps.owners:
            yield owner, at
        if word is None:
            return
        if steps.numbers and word[0].isdigit():
            yield from _walk(steps.numbers[0], words, at + 1, hits)
        for concept, after in steps.refs.items():
            for end in hits.get(concept, {}).get(at, ()):
                yield from _walk(after, words, end, hits)
        for most, after in steps.gaps.items():
            for skipped in range(most + 1):
                yield from _walk(after, words, at + skipped, hits)
                if at + skipped >= len(words) or words[at + skipped] in WALLS:
                    break
    if word is not None:
        following = node.get(word)
        if following is not None:
            yield from _walk(following, words, at + 1, hits)


def group_hits(found: Iterable[tuple[str, int, int]]) -> dict[str, dict[int, list[int]]]:
    """(concept, first, end) triples as ConceptHits."""
    grouped: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for concept, first, end in found:
        if end not in grouped[concept][first]:
            grouped[concept][first].append(end)
    return grouped
