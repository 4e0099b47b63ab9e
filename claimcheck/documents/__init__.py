"""Documents: one reader a format, from bytes to a Document with one absolute offset system."""

from claimcheck.documents.reading import FORMATS, document_from_bytes, document_from_text, read_document

__all__ = ["FORMATS", "document_from_bytes", "document_from_text", "read_document"]
