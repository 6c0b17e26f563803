"""What a ruleset that cannot be read fails with: the place, and the word there."""

from __future__ import annotations

from awsgluedq.dqdl.tokens import Token


class InvalidRuleset(ValueError):
    """The ruleset is not DQDL, or asks for what no rule type has."""

    @classmethod
    def at(cls, token: Token, why: str) -> InvalidRuleset:
        """The failure at a token; lines count from 1 and columns from 0, as AWS's parser counts them."""
        return cls(f"line {token.line}:{token.column} {why}")
