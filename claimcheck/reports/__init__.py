"""Reports: one renderer a format, from document reports to strings, written as documents finish."""
