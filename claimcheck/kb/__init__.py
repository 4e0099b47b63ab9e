"""The knowledge base: YAML files to records, or a list of problems with file and line."""

from claimcheck.kb.labels import Verdict, derive
from claimcheck.kb.store import KnowledgeBase, built_in_folder, load

__all__ = ["KnowledgeBase", "Verdict", "built_in_folder", "derive", "load"]
