"""Tokens to mentions: concepts, claim frames, agents, spelling repair."""
