"""DQDL: what its texts mean, how they are written back, and what their mistakes say."""

from __future__ import annotations

import pytest
from awsgluedq.dqdl import InvalidRuleset, parse
from awsgluedq.dqdl.model import Composite, Kind, Rule
from awsgluedq.dqdl.operands import Duration, Group, Keyword, Now, Number, Operation, Text
from awsgluedq.dqdl.rule_types import RULE_TYPES

CANONICAL = (
    "RowCount = -100",
    'RowCount = 100 where "colA > 100"',
    "RowCount not between (0.9 * average(last(10))) and 1.1 * average(last(10))",
    'RowCountMatch "reference" between 0.8 and 0.98',
    'Completeness "col_1" between -0.5 and -0.4',
    "Completeness of col_1 not between 0.5 and 0.8",
    'Uniqueness "col_1" "col_2" > 0.5',
    'IsPrimaryKey colA "col B"',
    'ColumnCorrelation of col_1 and "col abc" between 0.4 and 0.8',
    'ColumnDataType "col_1" = "String" with threshold between 0.4 and 0.8',
    'ColumnDataType "d" = "Date" with format = "dd/MM/yyyy"',
    'ColumnNamesMatchPattern "aws_.*_[a-zA-Z0-9]+"',
    "ColumnCount != avg(std(last(percentile(1,2,3))))",
    'ColumnLength "c" in [1,5]',
    'ColumnValues "c" not matches "\\d+[a-z]*" with threshold <= 0.4',
    'ColumnValues "c" between "2022-06-01" and "2022-06-30"',
    'ColumnValues "c" not in [now(),(now() - 3 hours),(now() + 4 days)]',
    'ColumnValues "c" in ["a",NULL,EMPTY,WHITESPACES_ONLY] where "d is not null" with threshold > 0.9',
    'ColumnValues "c" != WHITESPACES_ONLY',
    'ColumnValues "c" in [1,2,NULL]',
    'DataFreshness "c" between 2 days and 90 minutes',
    'ReferentialIntegrity "a,b" "ref.{c,d}" = 0.99',
    'DatasetMatch "reference" "ID1->ID11,ID2->ID22" "colA->colAA" between 0.4 and 0.8',
    'AggregateMatch "sum(col-A)" "sum(reference.colA)" > 0.1',
    'CustomSql "select \\"A b\\" from primary" with threshold > 0.5',
    'DetectAnomalies of ColumnCorrelation of "colA" and "colB"',
    "FileSize not in [500 KB,150 GB]",
    'FileFreshness "S3://PATH" > "21:45" with timeZone = "America/New_York"',
    '(RowCount > 0) OR (IsComplete "colA") OR (IsUnique "colA")',
    '((RowCount > 0) AND (IsComplete "b")) OR ((IsComplete "a") AND (IsUnique "a"))',
    'IsComplete "a" labels=["team"="finance", "level"="high"]',
)

MISTAKES = {
    "": "line 1:0 unexpected the end of the ruleset, expecting 'Rules = [ ... ]'",
    "Rules [": "line 1:6 unexpected '[', expecting '='",
    "Rules = []": "line 1:0 No rules provided.",
    'Rules = [\n  Complete "a"\n]': "line 2:2 Rule Type: Complete is not valid",
    "Rules = [ isComplete a ]": "line 1:10 Rule Type: isComplete is not valid",
    'Rules = [ IsComplete "a ]': "line 1:21 a quoted text that does not end",
    "Rules = [ IsComplete § ]": "line 1:21 unreadable '§'",
    "Rules = [ IsComplete ]": "line 1:10 IsComplete takes 1 parameter, not 0",
    'Rules = [ RowCount "id" > 100 ]': "line 1:10 RowCount takes 0 parameters, not 1",
    'Rules = [ IsComplete "a" > 3 ]': (
        "line 1:10 Unexpected condition for rule of type IsComplete with boolean return type"
    ),
    'Rules = [ Mean "a" ]': "line 1:10 Unexpected condition for rule of type Mean with number return type",
    'Rules = [ Mean "a" > "b" ]': (
        "line 1:10 Unexpected condition for rule of type Mean with number return type"
    ),
    'Rules = [ Mean "a" > 1 with threshold > 2 ]': (
        "line 1:10 Threshold condition not supported for rule type: Mean"
    ),
    'Rules = [ ColumnCount > 1 where "a" ]': (
        "line 1:10 Where clause not supported for rule type: ColumnCount"
    ),
    'Rules = [ ColumnValues "a" > ]': "line 1:29 unexpected ']', expecting a value",
    'Rules = [ ColumnValues "a" between 1 or 2 ]': "line 1:37 unexpected 'or', expecting 'and' or 'AND'",
    'Rules = [ ColumnValues "a" in [1, ] ]': "line 1:34 unexpected ']', expecting a value",
    'Rules = [ ColumnValues "a" > (now() - 3 weeks) ]': (
        "line 1:40 unexpected 'weeks', expecting 'days' or 'hours' or 'minutes'"
    ),
    "Rules = [ CustomSql $sql > 1 ]": "line 1:21 the constant 'sql' is not defined",
    "Rules = [ RowCount > 1, ]": "line 1:24 unexpected ']', expecting a rule",
    "Rules = [ RowCount > 1 ] Rules = [ RowCount > 2 ]": "line 1:25 'Rules' is there twice",
    'Analyzers = [ IsComplete "a" ]': "line 1:14 Analyzer Type: IsComplete is not valid",
    'Metadata = { "Author": "me" } Rules = [RowCount > 1]': (
        'line 1:13 unexpected "Author", expecting Version'
    ),
}


def only(text: str) -> Rule | Composite:
    (rule,) = parse(f"Rules = [ {text} ]").rules
    return rule


@pytest.mark.parametrize("text", CANONICAL)
def test_a_rule_is_written_back_as_aws_writes_it(text: str) -> None:
    assert str(only(text)) == text


@pytest.mark.parametrize(("text", "message"), MISTAKES.items())
def test_a_mistake_names_line_column_and_word(text: str, message: str) -> None:
    with pytest.raises(InvalidRuleset) as caught:
        parse(text)
    assert str(caught.value) == message


def test_comments_and_lines_are_space_but_not_within_texts() -> None:
    ruleset = parse('# first\nRules=[# second\n IsComplete\n"a#b" # ]\n]')
    assert [str(rule) for rule in ruleset.rules] == ['IsComplete "a#b"']


def test_and_binds_closer_than_or() -> None:
    rule = only("(RowCount > 1) or (RowCount > 2) and (RowCount > 3)")
    assert str(rule) == "(RowCount > 1) OR ((RowCount > 2) AND (RowCount > 3))"


def test_and_before_a_rule_type_joins_rules_without_parentheses() -> None:
    assert str(only("IsComplete a and IsUnique b")) == "(IsComplete a) AND (IsUnique b)"


def test_arithmetic_is_a_tree_from_left_to_right() -> None:
    rule = only("RowCount > min(last(10))-1 * (2+3)")
    assert isinstance(rule, Rule)
    assert rule.condition is not None
    (operand,) = rule.condition.operands
    assert isinstance(operand, Operation)
    assert operand.sign == "*"
    assert operand.right == Group(Operation(Number("2"), "+", Number("3")))


@pytest.mark.parametrize(
    ("condition", "kind", "operand"),
    [
        ("> 1", Kind.NUMBER, Number("1")),
        ('= "a"', Kind.TEXT, Text("a")),
        ("= empty", Kind.TEXT, Keyword("EMPTY")),
        ('= "2022-06-30"', Kind.DATE, Text("2022-06-30")),
        ("> (now() - 3 days)", Kind.DATE, Now("-", Duration(3, "days"))),
    ],
)
def test_operands_say_what_a_condition_compares(condition: str, kind: Kind, operand: object) -> None:
    rule = only(f'ColumnValues "c" {condition}')
    assert isinstance(rule, Rule)
    assert rule.condition is not None
    assert rule.condition.kinds() == {kind}
    assert rule.condition.operands == (operand,)


def test_quotes_and_backslashes_in_texts() -> None:
    rule = only(r'IsComplete "a\"b\\d\\"')
    assert isinstance(rule, Rule)
    assert rule.values == ('a"b\\\\d\\',)


def test_constants_are_put_in_where_they_are_named() -> None:
    ruleset = parse(
        'sql = "select 1" codes = ["a", NULL] Rules = [CustomSql $sql > 0, ColumnValues "c" in $codes]'
    )
    assert list(map(str, ruleset.rules)) == ['CustomSql "select 1" > 0', 'ColumnValues "c" in ["a",NULL]']


def test_a_rules_labels_go_before_the_default_ones() -> None:
    ruleset = parse(
        'DefaultLabels = ["f"="monthly", "t"="x"] '
        'Rules = [RowCount > 1 labels=["f"="daily"], ColumnCount > 1]'
    )
    assert [dict(rule.labels) for rule in ruleset.rules] == [
        {"f": "daily", "t": "x"},
        {"f": "monthly", "t": "x"},
    ]


def test_sections_are_read_and_written() -> None:
    text = (
        'Metadata = { "Version": "1.0" }\n'
        'DataSources = { "Primary": "orders", "AdditionalDataSources": ["a", "b"] }\n'
        'DefaultLabels = ["a"="b"]\n'
        "Rules = [\n    RowCount > 1\n]\n"
        'Analyzers = [\n    Completeness "a",\n    AllStatistics "b"\n]'
    )
    assert str(parse(text)) == text


def test_what_can_grow_is_bounded() -> None:
    for text, message in (
        ("Rules = [ RowCount > " + "(" * 60 + "1", "more than 50 parentheses"),
        ("Rules = [" + "(" * 60 + "RowCount > 1", "more than 50 parentheses"),
        ("#" * 70_000, "longer than 65536"),
        ("Rules = [" + ",".join(["RowCount>1"] * 2001) + "]", "more than 2000 rules"),
    ):
        with pytest.raises(InvalidRuleset, match=message):
            parse(text)


def test_every_rule_type_is_sorted_and_has_conditions() -> None:
    assert list(RULE_TYPES) == sorted(RULE_TYPES)
    assert all(one.conditions for one in RULE_TYPES.values())
