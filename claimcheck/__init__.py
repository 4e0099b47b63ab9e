"""claimcheck: popular claims about psychedelics and microdosing in a text, labelled by the strength of their evidence."""

__version__ = "0.1.0"
