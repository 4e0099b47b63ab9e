"""A word trie that finds many patterns in one pass: its cost grows with the text, hardly with the patterns.

A node is a plain dict from word to node, because that is the quickest thing to walk and to load from a cache. What is
not a plain word hangs under the key END: the owners whose pattern ends here, and the steps by concept, gap or number.
After a choice the pattern goes on in a node of its own, joined to the end of each option: so a pattern costs as many nodes
as it has words, however many texts it stands for.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any, NamedTuple

from claimcheck.patterns.syntax import Choice, Element, Gap, Number, Ref, Row

# a gap never crosses these
WALLS = frozenset({";", ":", ".", "!", "?", "(", ")", "—", "[", "]"})
# no word is empty
END = ""

Node = dict[str, Any]
# first word -> concept id -> the ends (excluded) of its hits that start there
ConceptHits = Mapping[int, Mapping[str, Iterable[int]]]
# the concept a pattern needs, if any, and the node after its first element
Entry = tuple[str | None, Node]
NONE: list[Entry] = []


class Steps(NamedTuple):
    """What a node holds besides words."""

    owners: list[int]
    joins: list[Node]
    refs: dict[str, Node]
    gaps: dict[int, Node]
    numbers: list[Node]


class Trie:
    """Patterns by their owners (small integers), ready to be looked for in rows of words.

    A pattern that cannot do without a concept is looked for only where that concept was found.
    """

    def __init__(self, patterns: Iterable[tuple[Row, int]]) -> None:
        roots: dict[str | None, Node] = {}
        for row, owner in patterns:
            need = next((element.concept for element in row if isinstance(element, Ref)), None)
            for end in _insert([roots.setdefault(need, {})], row):
                owners = _steps(end).owners
                if owner not in owners:
                    owners.append(owner)
        self._by_word: dict[str, list[Entry]] = {}
        self._by_concept: dict[str, list[Entry]] = {}
        self._by_number: list[Entry] = []
        for need, root in roots.items():
            self._open(root, need)

    def _open(self, node: Node, need: str | None) -> None:
        """Enter the nodes in which a pattern goes on after its first word, concept or number."""
        for word, after in node.items():
            if word != END:
                self._by_word.setdefault(word, []).append((need, after))
        steps: Steps | None = node.get(END)
        if steps is not None:
            for concept, after in steps.refs.items():
                self._by_concept.setdefault(concept, []).append((need, after))
            self._by_number += [(need, after) for after in steps.numbers]
            for join in steps.joins:
                self._open(join, need)

    def scan(self, words: tuple[str, ...], hits: ConceptHits, present: Container[str]) -> list[tuple[int, int, int]]:
        """Every (owner, first, end) whose pattern matches words[first:end]; `present` are the concepts with hits."""
        matches: list[tuple[int, int, int]] = []
        found: list[tuple[int, int]] = []
        by_word, by_concept, by_number = self._by_word, self._by_concept, self._by_number
        for first, word in enumerate(words):
            openings = by_word.get(word, NONE)
            if by_number and word[0].isdigit():
                openings = [*openings, *by_number]
            following = words[first + 1] if first + 1 < len(words) else END
            for need, node in openings:
                if (END in node or following in node) and (need is None or need in present):
                    _walk(node, words, first + 1, hits, found)
            if by_concept and first in hits:
                for concept, ends in hits[first].items():
                    for need, node in by_concept.get(concept, NONE):
                        if need is None or need in present:
                            for end in ends:
                                _walk(node, words, end, hits, found)
            if found:
                matches += [(owner, first, end) for owner, end in found]
                found.clear()
        return matches


def _insert(nodes: list[Node], row: Row) -> list[Node]:
    """The nodes after a row that starts at any of `nodes`, made if they are not there yet."""
    for element in row:
        if len(nodes) > 1:  # what follows a choice is written once, and joined to the end of each option
            joined: Node = {}
            for node in nodes:
                _steps(node).joins.append(joined)
            nodes = [joined]
        nodes = _after(nodes[0], element)
    return nodes


def _after(node: Node, element: Element) -> list[Node]:
    match element:
        case Choice(rows):
            ends = [end for option in rows for end in _insert([node], option)]
            return list({id(end): end for end in ends}.values())
        case Gap(most):
            return [_steps(node).gaps.setdefault(most, {})]
        case Ref(concept):
            return [_steps(node).refs.setdefault(concept, {})]
        case Number():
            numbers = _steps(node).numbers
            if not numbers:
                numbers.append({})
            return numbers
        case word:
            return [node.setdefault(word, {})]


def _steps(node: Node) -> Steps:
    if END not in node:
        node[END] = Steps([], [], {}, {}, [])
    steps: Steps = node[END]
    return steps


def _walk(node: Node, words: tuple[str, ...], at: int, hits: ConceptHits, found: list[tuple[int, int]]) -> None:
    """Add every (owner, end) that can be reached from a node by words[at:]."""
    word = words[at] if at < len(words) else END
    if END in node:
        # unpacked once: this is the innermost loop of a check
        owners, joins, refs, gaps, numbers = node[END]
        for owner in owners:
            found.append((owner, at))
        if word == END:
            return
        for join in joins:
            # most joins hold words alone: a look into the dict saves the call
            if word in join or END in join:
                _walk(join, words, at, hits, found)
        if refs and at in hits:
            for concept, ends in hits[at].items():
                if concept in refs:
                    for end in ends:
                        _walk(refs[concept], words, end, hits, found)
        for most in gaps:
            _walk_gap(gaps[most], words, at, most, hits, found)
        if numbers and word[0].isdigit():
            _walk(numbers[0], words, at + 1, hits, found)
    elif word == END:
        return
    if word in node:
        _walk(node[word], words, at + 1, hits, found)


def _walk_gap(node: Node, words: tuple[str, ...], at: int, most: int, hits: ConceptHits, found: list[tuple[int, int]]) -> None:
    """Go on behind a gap of up to `most` words."""
    plain = END not in node
    for place, word in enumerate(words[at : at + most + 1], at):
        if word in node or not plain:
            _walk(node, words, place, hits, found)
        if word in WALLS:
            break
