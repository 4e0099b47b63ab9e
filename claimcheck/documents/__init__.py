"""Documents: one reader a format, from bytes to a Document with one absolute offset system."""

from claimcheck.documents.reading import SUFFIXES, decode, document_from_text, read_document

__all__ = ["SUFFIXES", "decode", "document_from_text", "read_document"]
