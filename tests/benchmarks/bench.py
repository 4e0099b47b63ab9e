"""What a check costs: one article from a cold start, and folders of posts. Run: python tests/benchmarks/bench.py

The posts are put together from the example texts of the knowledge base and of examples/, a third of them off topic. In "repeating" posts
sentences come again, as in the archive of one author; in "different" posts every sentence is made unlike all others.
Ratios count; machines differ.
"""

from __future__ import annotations

import gc
import itertools
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from claimcheck.batch import check_all, open_checker
from claimcheck.discovery import discover
from claimcheck.kb import load

ROOT = Path(__file__).parent.parent.parent
WORDS_A_POST = 1_500
POSTS = 300
RUNS = 5


def sentences() -> tuple[list[str], list[str]]:
    """On-topic sentences of our own, and off-topic ones."""
    on_topic = [
        text
        for claim in load().claims.values()
        for text in (
            *(example.text for example in claim.examples.matches),
            *(miss.text for miss in claim.examples.near_misses),
            claim.explanation,
        )
    ]
    garden = (ROOT / "examples/posts/07-garden-notes.md").read_text(encoding="utf-8").split("\n\n")[1]
    off_topic = [f"{part}." for part in garden.split(". ") if part] + [
        f"The {n} of us walked to the {p}." for n in range(2, 40) for p in ("mill", "pier")
    ]
    return on_topic, off_topic


def post(source: list[str], chance: random.Random, number: Iterator[int] | None) -> str:
    """A post of about WORDS_A_POST words; with `number` no sentence stands in it twice or in another."""
    lines: list[str] = []
    words = 0
    while words < WORDS_A_POST:
        sentence = chance.choice(source)
        if number is not None:
            sentence = f"Note {next(number)}: {sentence[0].lower()}{sentence[1:]}"
        lines.append(sentence)
        words += len(sentence.split())
    return "\n\n".join(" ".join(lines[at : at + 6]) for at in range(0, len(lines), 6))


def folder(where: Path, *, different: bool) -> Path:
    """A folder of POSTS posts, a third of them off topic."""
    chance = random.Random(1)
    on_topic, off_topic = sentences()
    number = itertools.count() if different else None
    where.mkdir()
    for index in range(POSTS):
        (where / f"{index:04}.txt").write_text(post(off_topic if index % 3 == 2 else on_topic, chance, number), encoding="utf-8")
    return where


def throughput(where: Path) -> float:
    """Words a second of one process over a folder, start not counted."""
    checker = open_checker(load())
    gc.freeze()  # as the command line does
    started = time.perf_counter()
    words = sum(report.words for report in check_all(discover([str(where)]), checker))
    return words / (time.perf_counter() - started)


def wall(*command: str) -> float:
    """Median wall time of a whole process, in seconds."""
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        subprocess.run(command, capture_output=True, check=False)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        repeating = folder(Path(name, "repeating"), different=False)
        different = folder(Path(name, "different"), different=True)
        article = str(repeating / "0000.txt")
        blank = wall(sys.executable, "-c", "import spacy; spacy.blank('en')")
        cold = wall(sys.executable, "-m", "claimcheck", "check", article)
        explain = wall(sys.executable, "-m", "claimcheck", "explain", "dmn-reset")
        print(f"import spacy and a blank pipeline    {blank * 1000:6.0f} ms")
        print(f"check of one {WORDS_A_POST}-word article      {cold * 1000:6.0f} ms   ratio {cold / blank:.2f}")
        print(f"explain                              {explain * 1000:6.0f} ms   ratio {explain / blank:.2f}")
        print(f"folder, repeating sentences          {throughput(repeating):9,.0f} words/s")
        print(f"folder, all sentences different      {throughput(different):9,.0f} words/s")


if __name__ == "__main__":
    main()
