"""Results of earlier checks, kept in the user's cache folder: what the same program and knowledge have checked is not checked again."""

from __future__ import annotations

import os
import pickle
import sqlite3
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from claimcheck import __version__
from claimcheck.cache import cache_folder
from claimcheck.model import DocumentReport

# an article of 1,500 words takes about 10 kB
MOST_BYTES = 512_000_000
_DAY = 86_400
# another run writes for milliseconds; whoever holds the file for longer is not waited for
_PATIENCE_SECONDS = 10
_INDEX = "CREATE INDEX IF NOT EXISTS results_by_use ON results (used, size)"
_TABLE = "CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, used INTEGER NOT NULL, size INTEGER NOT NULL, report BLOB NOT NULL)"


class Results:
    """Reports by the content that they are on. Processes may share the file; one that cannot be used only costs time.

    A report on a file holds its text, so the file of results is for its user's eyes only. Of what exceeds `most` bytes, the results that
    were used last stay.
    """

    def __init__(self, path: Path, state: str, most: int = MOST_BYTES) -> None:
        """`state` must change when the same content would give another result."""
        self._path = path
        self._state = sha256(state.encode())
        self._most = most
        self._added = 0
        self._connection = self._connect()

    @property
    def usable(self) -> bool:
        """Whether results can be kept and found again."""
        return self._connection is not None

    def key(self, data: bytes, name: str) -> bytes:
        """What the result of a file is kept under: its bytes, and the suffix, which says how they are read."""
        digest = self._state.copy()
        digest.update(Path(name).suffix.lower().encode(errors="surrogateescape") + b"\0")
        digest.update(data)
        return digest.digest()

    def find(self, key: bytes, name: str) -> DocumentReport | None:
        """The report kept under a key, as one on `name`; None if there is none."""
        rows = self._run("SELECT used, report FROM results WHERE key = ?", key)
        if not rows:
            return None
        used, packed = rows[0]
        try:
            report = pickle.loads(zlib.decompress(packed))
        except Exception:  # noqa: BLE001 - a broken pickle can raise anything
            return None
        # notes name their document: they hold for that name alone
        if not isinstance(report, DocumentReport) or report.document is None or (report.notes and report.path != name):
            return None
        now = int(time.time())
        if now - used > _DAY:
            self._run("UPDATE results SET used = ? WHERE key = ?", now, key)
        return replace(report, path=name, document=replace(report.document, path=name), seconds=0.0, recalled=True)

    def keep(self, key: bytes, report: DocumentReport) -> None:
        """Keep the report on a document that could be read; it is there for other processes when this returns."""
        packed = zlib.compress(pickle.dumps(report, pickle.HIGHEST_PROTOCOL), 1)
        if len(packed) > self._most // 8:
            return
        self._run("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)", key, int(time.time()), len(packed), packed)
        self._added += len(packed)
        if self._added > self._most // 32:
            self._trim()

    def close(self) -> None:
        """Keep the file within its bounds and let it go: after this nothing is found or kept."""
        self._trim()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _trim(self) -> None:
        """Leave out what was used longest ago, so that the next results have room."""
        self._added = 0
        rows = self._run("SELECT total(size) FROM results")
        if rows and rows[0][0] > self._most:
            ranked = "SELECT key, sum(size) OVER (ORDER BY used DESC, key) AS newer FROM results"
            self._run(f"DELETE FROM results WHERE key IN (SELECT key FROM ({ranked}) WHERE newer > ?)", self._most * 9 // 10)

    def _run(self, statement: str, *values: object) -> list[Any]:
        """The rows of a statement; none where the file fails, which is then left alone, or deleted if it is broken."""
        if self._connection is None:
            return []
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            self._connection.close()
            self._connection = None
            if _is_broken(error):
                self._delete()
            return []

    def _connect(self) -> sqlite3.Connection | None:
        for _ in range(2):
            try:
                return _opened(self._path)
            except (sqlite3.Error, OSError) as error:
                if not _is_broken(error):
                    return None
                self._delete()
        return None

    def _delete(self) -> None:
        for name in (self._path.name, f"{self._path.name}-wal", f"{self._path.name}-shm"):
            try:
                self._path.with_name(name).unlink(missing_ok=True)
            except OSError:
                return


def open_results(knowledge: str, folder: Path, *, quick: bool) -> Results:
    """The user's results for a knowledge base (its hash, and the folder with its trained weights) and the option that changes findings."""
    stamps = sha256("\n".join(_stamps(folder)).encode(errors="surrogateescape")).hexdigest()
    version = f"{__version__} {sys.version_info[:3]} {stamps}"
    return Results(cache_folder() / "results.sqlite", f"{version} {knowledge} {quick}")


def _opened(path: Path) -> sqlite3.Connection:
    """Raises sqlite3.Error or OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None)
    try:
        # readers and a writer at once; what is written outlives the process at once, and a power cut at the latest after a checkpoint
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(_TABLE)
        connection.execute(_INDEX)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _is_broken(error: Exception) -> bool:
    """Whether the file itself is at fault, and not the disk, its rights, or another process."""
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)


def _stamps(weights: Path) -> Iterator[str]:
    """Name, size and time of all that findings depend on besides the knowledge: our own modules, trained weights, installed libraries."""
    libraries = [entry for entry in sys.path if entry.endswith(("site-packages", "dist-packages")) and os.path.isdir(entry)]  # noqa: PTH112
    for path in (*sorted(Path(__file__).parent.rglob("*.py")), *sorted(weights.glob("*")), *map(Path, libraries)):
        status = path.stat()
        yield f"{path.name} {status.st_size} {status.st_mtime_ns}"
