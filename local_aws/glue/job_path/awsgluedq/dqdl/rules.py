"""Reads rules: a type, its parameters, a condition, a filter, tags and labels; alone or joined by and, or."""

from __future__ import annotations

from collections.abc import Callable

from awsgluedq.dqdl.conditions import Constants, condition, constant, starts_condition
from awsgluedq.dqdl.cursor import Cursor
from awsgluedq.dqdl.errors import InvalidRuleset
from awsgluedq.dqdl.model import Analyzer, Composite, Condition, Kind, Labels, Parameter, Rule, Tag
from awsgluedq.dqdl.operands import Text
from awsgluedq.dqdl.rule_types import RULE_TYPES, RuleType
from awsgluedq.dqdl.tokens import Kind as TokenKind
from awsgluedq.dqdl.tokens import Token

MOST_LABELS = 10
LONGEST_KEY, LONGEST_VALUE = 128, 256
AND, OR, OF = ("and", "AND"), ("or", "OR"), ("of", "OF")


class Rules:
    """Reads the rules of a ruleset that has these constants and default labels."""

    def __init__(self, cursor: Cursor, constants: Constants, defaults: Labels) -> None:
        self._cursor = cursor
        self._constants = constants
        self._defaults = defaults

    def top_level(self) -> Rule | Composite:
        """Read a rule or rules joined by `or`, within which those joined by `and` belong together."""
        return self._joined(OR, lambda: self._joined(AND, self._alone))

    def _joined(self, words: tuple[str, ...], part: Callable[[], Rule | Composite]) -> Rule | Composite:
        parts = [part()]
        while self._cursor.skip(*words):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Composite(words[0], tuple(parts))

    def _alone(self) -> Rule | Composite:
        if self._cursor.is_at("("):
            with self._cursor.deeper():
                self._cursor.expect("(")
                inner = self.top_level()
                self._cursor.expect(")")
                return inner
        return self._rule()

    def _rule(self) -> Rule:
        cursor = self._cursor
        name = cursor.expect_kind(TokenKind.WORD)
        rule_type = RULE_TYPES.get(name.text)
        if rule_type is None:
            raise InvalidRuleset.at(name, f"Rule Type: {name.text} is not valid")
        parameters = _parameters(cursor, self._constants)
        found = condition(cursor, self._constants) if starts_condition(cursor) else None
        where = cursor.expect_kind(TokenKind.TEXT).text if cursor.skip("where") else None
        tags = []
        while cursor.skip("with"):
            tags.append(self._tag(rule_type))
        own: Labels = ()
        if cursor.is_at("labels"):
            cursor.take()
            cursor.expect("=")
            own = labels(cursor)
        merged = tuple((dict(self._defaults) | dict(own)).items())
        rule = Rule(name.text, parameters, found, where, tuple(tags), own, merged)
        _check(rule, rule_type, name)
        return rule

    def _tag(self, rule_type: RuleType) -> Tag:
        name = self._cursor.expect_kind(TokenKind.WORD)
        tag = Tag(name.text, condition(self._cursor, self._constants))
        if name.text == "threshold":
            if Kind.NUMBER not in tag.condition.kinds():
                raise InvalidRuleset.at(name, "Unable to parse threshold condition: it is not of numbers")
        elif not rule_type.tags & {name.text, "*"}:
            raise InvalidRuleset.at(name, f"unexpected {name}, which is no tag of this rule type")
        return tag


def _parameters(cursor: Cursor, constants: Constants) -> tuple[Parameter, ...]:
    found = []
    while parameter := _parameter(cursor, constants):
        found.append(parameter)
    return tuple(found)


def _parameter(cursor: Cursor, constants: Constants) -> Parameter | None:
    joins = cursor.is_at(*OF, *AND)
    # `and` joins parameters, as in `ColumnCorrelation of a and b`, unless a rule follows.
    first = cursor.ahead() if joins else cursor.token
    if first.kind is TokenKind.TEXT or (first.kind is TokenKind.WORD and _is_name(first, cursor.is_at(*AND))):
        connector = cursor.take().text.lower() if joins else ""
        token = cursor.take()
        return Parameter(token.text, token.kind is TokenKind.TEXT, connector)
    if cursor.is_at("$"):
        place = cursor.token
        values = constant(cursor, constants)
        if len(values) != 1 or not isinstance(values[0], Text):
            raise InvalidRuleset.at(place, "a constant that is not a single text")
        return Parameter(values[0].value)
    return None


_RESERVED = frozenset({*AND, *OR, *OF, "where", "with", "labels", "between", "in", "matches", "not", "now"})


def _is_name(token: Token, joined: bool) -> bool:
    """Whether a word is a parameter: after `and`, the name of a rule type begins a rule."""
    return token.text not in _RESERVED and not (joined and token.text in RULE_TYPES)


def analyzer(cursor: Cursor) -> Analyzer:
    """Read an analyzer."""
    name = cursor.expect_kind(TokenKind.WORD)
    rule_type = RULE_TYPES.get(name.text)
    if name.text != "AllStatistics" and (rule_type is None or not rule_type.analyzer):
        raise InvalidRuleset.at(name, f"Analyzer Type: {name.text} is not valid")
    parameters = _parameters(cursor, {})
    _check_count(name, len(parameters), (1, 1) if rule_type is None else rule_type.parameters)
    return Analyzer(name.text, parameters)


def labels(cursor: Cursor) -> Labels:
    """Read `["key"="value", ...]`."""
    place = cursor.expect("[")
    found: dict[str, str] = {}
    while not cursor.is_at("]"):
        key = cursor.expect_kind(TokenKind.TEXT)
        cursor.expect("=")
        value = cursor.expect_kind(TokenKind.TEXT)
        if not 0 < len(key.text) <= LONGEST_KEY or len(value.text) > LONGEST_VALUE:
            raise InvalidRuleset.at(key, "a label's key has 1 to 128 characters, its value 256 at most")
        found[key.text] = value.text
        if not cursor.is_at("]"):
            cursor.expect(",")
    cursor.expect("]")
    if len(found) > MOST_LABELS:
        raise InvalidRuleset.at(place, f"more than {MOST_LABELS} labels of a rule")
    return tuple(found.items())


def _check(rule: Rule, rule_type: RuleType, place: Token) -> None:
    """Refuse what the rule's type does not take."""
    _check_count(place, len(rule.parameters), rule_type.parameters)
    wanted = _wanted(rule.condition, rule_type)
    if wanted:
        raise InvalidRuleset.at(
            place, f"Unexpected condition for rule of type {rule.type} with {wanted} return type"
        )
    if rule.threshold is not None and not rule_type.threshold:
        raise InvalidRuleset.at(place, f"Threshold condition not supported for rule type: {rule.type}")
    if rule.where is not None and not rule_type.where:
        raise InvalidRuleset.at(place, f"Where clause not supported for rule type: {rule.type}")


def _wanted(found: Condition | None, rule_type: RuleType) -> str:
    """The return types of a rule that its condition does not fit; nothing where it does."""
    kinds = {Kind.NOTHING} if found is None else found.kinds()
    return (
        ""
        if kinds & rule_type.conditions
        else " or ".join(kind.value for kind in Kind if kind in rule_type.conditions)
    )


def _check_count(place: Token, count: int, allowed: tuple[int, int]) -> None:
    least, most = allowed
    if not least <= count <= most:
        some = str(least) if least == most else f"{least} to {most}"
        plural = "parameter" if most == 1 else "parameters"
        raise InvalidRuleset.at(place, f"{place.text} takes {some} {plural}, not {count}")
