"""Files that are written whole or not at all. What a link leads to is replaced, never the link; a file keeps its rights."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

FileKey = tuple[int, int] | str


def open_beside(path: Path) -> tuple[int, Path]:
    """A new hidden file beside the one at a path, to be filled and then moved there: its handle and its own path. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=_target(path).parent, prefix=".claimcheck-")
    return handle, Path(name)


def move_into_place(temporary: Path, path: Path) -> None:
    """Let a finished file be the one at a path, with the rights of the one that was there or of any new file. Raises OSError."""
    target = _target(path)
    temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
    temporary.replace(target)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, or leave what is there as it was; a device or pipe gets its bytes at once. Raises OSError."""
    if is_special(path):
        path.write_bytes(data)
        return
    handle, temporary = open_beside(path)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        move_into_place(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def try_to_write(path: Path) -> None:
    """Find out whether a file can be written, without touching what is there. Raises OSError if not."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not is_special(path):
        handle, temporary = open_beside(path)
        os.close(handle)
        temporary.unlink()


def is_special(path: Path) -> bool:
    """Whether a device, a pipe or a folder is there, which cannot be replaced. Raises OSError where nobody may look."""
    return path.exists() and not path.is_file()


def key_of(path: Path | int) -> FileKey:
    """What a file (or an open one, by its number) is the same by, whatever its name and whether or not it is there yet.

    Raises OSError where nobody may look.
    """
    try:
        status = os.stat(path)  # noqa: PTH116 - which takes both
    except FileNotFoundError:
        return os.path.realpath(str(path))
    return status.st_dev, status.st_ino


def _target(path: Path) -> Path:
    """Where a file is in the end, behind all links. Raises OSError for links in a circle."""
    try:
        return path.resolve()
    except RuntimeError as error:  # so Python 3.12 and older say it
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP)) from error


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
