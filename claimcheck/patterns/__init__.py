"""The language that lexicon terms and idioms are written in: its words, their inflection, its syntax."""
