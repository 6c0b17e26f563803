"""A ruleset that is written parses to itself, whatever its names and texts are."""

from __future__ import annotations

from awsgluedq.dqdl import Analyzer, Composite, Condition, Rule, Ruleset, parse
from awsgluedq.dqdl.model import Parameter, Tag
from awsgluedq.dqdl.operands import Call, Duration, Group, Keyword, Now, Number, Operation, Text
from hypothesis import given
from hypothesis import strategies as st

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.text('\\"#n(', max_size=8)
COUNTS = st.integers(0, 10**6)
DURATIONS = st.builds(Duration, COUNTS, st.sampled_from(["days", "hours", "minutes"]))
NOWS = st.just(Now()) | st.builds(Now, st.sampled_from("+-"), DURATIONS)
NUMBERS = st.decimals(-1000, 1000, places=3).map(lambda number: Number(f"{number:f}"))
ATOMS = st.recursive(
    NUMBERS,
    lambda inner: (
        st.builds(Call, st.sampled_from(["avg", "last"]), st.lists(inner, max_size=2).map(tuple))
        | st.builds(Group, st.builds(Operation, inner, st.sampled_from("+-*/"), inner))
    ),
    max_leaves=4,
)
ARITHMETIC = ATOMS | st.builds(Operation, ATOMS, st.sampled_from("+-*/"), ATOMS)


def conditions(operand: st.SearchStrategy[object]) -> st.SearchStrategy[Condition]:
    one, two = st.tuples(operand), st.tuples(operand, operand)
    several = st.lists(operand, min_size=1, max_size=3).map(tuple)
    return (
        st.builds(Condition, st.just("="), one, st.booleans())
        | st.builds(Condition, st.sampled_from([">", ">=", "<", "<="]), one)
        | st.builds(Condition, st.just("between"), two, st.booleans())
        | st.builds(Condition, st.just("in"), several, st.booleans())
    )


NUMERIC = conditions(ARITHMETIC)
TEXTUAL = st.builds(
    Condition,
    st.just("in"),
    st.lists(st.builds(Text, TEXTS) | st.builds(Keyword, st.just("EMPTY")), min_size=1, max_size=3).map(
        tuple
    ),
    st.booleans(),
) | st.builds(Condition, st.just("matches"), st.tuples(st.builds(Text, TEXTS)), st.booleans())
COLUMN = st.tuples(st.builds(Parameter, TEXTS))
WHERE = st.none() | TEXTS
THRESHOLD = st.lists(st.builds(Tag, st.just("threshold"), NUMERIC), max_size=1).map(tuple)
LABELS = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5), TEXTS
).map(lambda pairs: tuple(list(pairs.items())[:10]))
RULES = (
    st.builds(Rule, st.just("Mean"), COLUMN, NUMERIC, WHERE, st.just(()), LABELS)
    | st.builds(Rule, st.just("ColumnValues"), COLUMN, TEXTUAL | conditions(NOWS), WHERE, THRESHOLD)
    | st.builds(Rule, st.just("DataFreshness"), COLUMN, conditions(DURATIONS), WHERE)
    | st.builds(Rule, st.just("CustomSql"), COLUMN, st.none(), st.none(), THRESHOLD)
)
TREES = st.recursive(
    RULES,
    lambda inner: st.builds(
        Composite, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple)
    ),
    max_leaves=4,
)
RULESETS = st.builds(
    Ruleset,
    st.lists(TREES, min_size=1, max_size=4).map(tuple),
    st.lists(st.builds(Analyzer, st.just("Completeness"), COLUMN), max_size=2).map(tuple),
)


@given(RULESETS)
def test_a_written_ruleset_parses_to_itself(ruleset: Ruleset) -> None:
    assert parse(str(ruleset)) == ruleset
