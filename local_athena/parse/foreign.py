"""The arguments of a parsed statement that something here reads: one that is on no list is refused.

What is not Trino's is refused by its grammar before there is a tree. This is the second wall: the parser
fills other arguments for other databases' clauses, and one that no rule of ours reads would be
dropped without a word.
"""

from __future__ import annotations

from sqlglot import exp

from local_athena.parse.dialect import TypedLiteral

THIS = frozenset(("this",))
ITEMS = frozenset(("expressions",))
BOTH = frozenset(("this", "expression"))
LISTED = frozenset(("this", "expressions"))
MODIFIERS = frozenset(("with_", "order", "limit", "offset"))
SET_OPERATION = MODIFIERS | BOTH | {"distinct"}
CLAUSES: dict[type[exp.Expr], frozenset[str]] = {
    exp.Select: MODIFIERS
    | {"expressions", "from_", "joins", "where", "group", "having", "windows", "distinct", "sample", "hint"},
    exp.Union: SET_OPERATION,
    exp.Intersect: SET_OPERATION,
    exp.Except: SET_OPERATION,
    exp.Subquery: MODIFIERS | {"this", "alias", "joins", "sample"},
    exp.Values: MODIFIERS | {"expressions", "alias", "joins", "sample"},
    exp.Table: frozenset(("this", "db", "catalog", "alias", "joins", "sample", "version")),
    exp.TableAlias: frozenset(("this", "columns")),
    exp.Version: BOTH | {"kind"},
    exp.Unnest: frozenset(("expressions", "alias", "offset", "joins", "sample")),
    exp.Lateral: frozenset(("this", "alias", "joins")),
    exp.Star: frozenset(),
    exp.From: THIS,
    exp.Where: THIS,
    exp.Having: THIS,
    exp.Order: LISTED,
    exp.Distinct: ITEMS,
    exp.Join: frozenset(("this", "side", "kind", "on", "using", "method")),
    exp.Limit: frozenset(("expression",)),
    exp.Fetch: frozenset(("direction", "count", "limit_options")),
    exp.LimitOptions: frozenset(("rows", "with_ties")),
    exp.Offset: frozenset(("expression",)),
    exp.With: frozenset(("expressions", "recursive")),
    exp.CTE: frozenset(("this", "alias")),
    exp.Window: frozenset(("this", "alias", "over", "partition_by", "order", "spec")),
    exp.WindowSpec: frozenset(("kind", "start", "start_side", "end", "end_side")),
    exp.Ordered: frozenset(("this", "desc", "nulls_first")),
    exp.Group: frozenset(("expressions", "all", "rollup", "cube", "grouping_sets")),
    exp.Rollup: ITEMS,
    exp.Cube: ITEMS,
    exp.GroupingSets: ITEMS,
    exp.TableSample: frozenset(("method", "percent")),
    **dict.fromkeys(
        (exp.And, exp.Or, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ,
         exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.DPipe, exp.Is, exp.Dot, exp.Escape, exp.Filter, exp.Extract,
         exp.IntervalSpan),
        BOTH,
    ),
    **dict.fromkeys(
        (exp.Not, exp.Neg, exp.Paren, exp.All, exp.Any, exp.Exists, exp.IgnoreNulls, exp.RespectNulls), THIS
    ),
    **dict.fromkeys((exp.Anonymous, exp.Bracket, exp.Lambda, exp.Aliases, exp.Schema), LISTED),
    **dict.fromkeys((exp.Array, exp.Tuple, exp.Whens), ITEMS),
    exp.Like: BOTH | {"negate"},
    exp.Div: BOTH | {"typed", "safe"},
    exp.Between: frozenset(("this", "low", "high", "symmetric")),
    exp.In: frozenset(("this", "expressions", "query")),
    exp.Alias: frozenset(("this", "alias")),
    exp.Column: frozenset(("this", "table", "db", "catalog")),
    exp.Identifier: frozenset(("this", "quoted")),
    exp.Case: frozenset(("this", "ifs", "default")),
    exp.If: frozenset(("this", "true", "false")),
    exp.Cast: frozenset(("this", "to")),
    exp.TryCast: frozenset(("this", "to", "safe")),
    TypedLiteral: frozenset(("this", "to")),
    exp.DataType: frozenset(("this", "expressions", "nested", "kind")),
    exp.ColumnDef: frozenset(("this", "kind")),
    exp.AtTimeZone: frozenset(("this", "zone")),
    exp.Interval: frozenset(("this", "unit")),
    exp.Literal: frozenset(("this", "is_string")),
    exp.GroupConcat: frozenset(("this", "separator", "on_overflow")),
    exp.StrPosition: frozenset(("this", "substr")),
    exp.Substring: frozenset(("this", "start", "length")),
    exp.Trim: frozenset(("this", "expression", "position")),
    exp.Insert: BOTH | {"with_"},
    exp.Create: BOTH | {"kind", "exists", "replace", "properties", "with_"},
    exp.Update: frozenset(("this", "expressions", "where")),
    exp.Delete: frozenset(("this", "where")),
    exp.Merge: frozenset(("this", "using", "on", "whens")),
    exp.When: frozenset(("matched", "source", "condition", "then")),
}  # fmt: skip
"""What each kind of node may have, by sqlglot's names."""
JOINS = {
    *((side, kind) for side in ("LEFT", "RIGHT", "FULL") for kind in ("", "OUTER")),
    *(("", kind) for kind in ("", "INNER", "CROSS")),
}


def foreign_clause(tree: exp.Expr) -> str | None:
    """The name of the first clause that nothing here reads."""
    for node in tree.walk():
        allowed = CLAUSES.get(type(node))
        if allowed is not None:
            given = next(
                (name for name, value in node.args.items() if _given(value) and name not in allowed), None
            )
            if given is not None:
                return f"{type(node).__name__} {given.strip('_')}".upper()
        if isinstance(node, exp.Join) and not _is_join(node):
            return f"{node.side} {node.kind} JOIN".strip()
        if isinstance(node, exp.In) and not (node.args.get("query") or node.expressions):
            return "IN ()"
    return None


def _given(value: object) -> bool:
    return value is not None and value is not False and value != []


def _is_join(node: exp.Join) -> bool:
    side, kind = str(node.side or "").upper(), str(node.kind or "").upper()
    conditional = node.args.get("on") is not None or bool(node.args.get("using"))
    return (side, kind) in JOINS and not (kind == "CROSS" and conditional)
