"""Arrays and maps: what depends on Trino's idea of equality and NULL, or on its errors."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, cmp_to_key
from typing import TYPE_CHECKING, Any

from local_athena.types.trino import TrinoType
from local_athena.values.arithmetic import _equal, extreme_order, sort_order
from local_athena.values.binary import bad_argument
from local_athena.values.frozen import frozen, has_null
from local_athena.values.limits import fits, items_fit

if TYPE_CHECKING:
    pass

Items = list[Any]
MOST_CHOSEN = 100_000
MOST_REPEATED = 1_000_000


def make_map(keys: Items, values: Items) -> list[tuple[Any, Any]]:
    """map(keys, values)."""
    if len(keys) != len(values):
        raise bad_argument("Key and value arrays must be the same length")
    return map_from_entries([{"f0": k, "f1": v} for k, v in zip(keys, values, strict=True)])


def _check_key(key: Any) -> None:
    if key is None:
        raise bad_argument("map key cannot be null")
    if has_null(key):
        raise bad_argument(f"map key cannot be indeterminate: {key}")


def map_from_entries(entries: Items) -> list[tuple[Any, Any]]:
    """map_from_entries; keys are not NULL and differ."""
    made, seen = [], set()
    for entry in entries:
        if entry is None:
            raise bad_argument("map entry cannot be null")
        key = frozen(entry["f0"])
        _check_key(entry["f0"])
        if key in seen:
            raise bad_argument(f"Duplicate map keys ({entry['f0']}) are not allowed")
        seen.add(key)
        made.append((entry["f0"], entry["f1"]))
    return made


def multimap_from_entries(entries: Items) -> list[tuple[Any, Items]]:
    """multimap_from_entries."""
    made: dict[Any, tuple[Any, Items]] = {}
    for entry in entries:
        if entry is None:
            raise bad_argument("map entry cannot be null")
        _check_key(entry["f0"])
        made.setdefault(frozen(entry["f0"]), (entry["f0"], []))[1].append(entry["f1"])
    return list(made.values())


def map_concat(*maps: Any) -> list[tuple[Any, Any]]:
    """map_concat; the last map wins."""
    made: dict[Any, tuple[Any, Any]] = {}
    for one in maps:
        for key, value in one.items() if isinstance(one, dict) else one:
            made[frozen(key)] = (key, value)
    return list(made.values())


def first_by_key(entries: Items) -> list[tuple[Any, Any]]:
    """The first value of each key of entries; NULL entries do not count."""
    made: dict[Any, tuple[Any, Any]] = {}
    for entry in entries:
        if entry is not None:
            made.setdefault(frozen(entry["f0"]), (entry["f0"], entry["f1"]))
    return list(made.values())


def zip_arrays(*arrays: Items) -> Items:
    """zip; the shorter are filled with NULL."""
    return [{f"f{i}": v for i, v in enumerate(row)} for row in itertools.zip_longest(*arrays)]


def sequence(start: Any, stop: Any, step: int | None = None) -> Items:
    """sequence of numbers, or of dates (step in milliseconds)."""
    if isinstance(start, date):
        days = sequence(0, (stop - start).days, None if step is None else step // 86400000)
        return [start + timedelta(days=d) for d in days]
    by = step if step is not None else (1 if start <= stop else -1)
    if by == 0:
        raise bad_argument("step must not be zero")
    if (stop - start) * by < 0:
        raise bad_argument(
            "sequence stop value should be greater than or equal to start value if step is greater "
            "than zero otherwise stop should be less than or equal to start"
        )
    made = range(start, stop + (1 if by > 0 else -1), by)
    if len(made) > 10000:
        raise bad_argument("result of sequence function must not have more than 10000 entries")
    return list(made)


def repeat(value: Any, count: int | None) -> Items | None:
    """repeat."""
    if count is None:
        return None
    if count > 10000:
        raise bad_argument("count argument of repeat function must be less than or equal to 10000")
    if count < 0:
        raise bad_argument("count argument of repeat function must be greater than or equal to 0")
    if _size(value) * count > MOST_REPEATED:
        raise bad_argument(f"result of repeat function must not take more than {MOST_REPEATED} bytes")
    return [value] * count


def _size(value: Any) -> int:
    """About the bytes that a value takes in Trino."""
    if isinstance(value, str | bytes):
        return 4 + len(value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value)
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    if isinstance(value, list | tuple):
        return 5 + sum(map(_size, value))
    return 9 if value is not None else 1


def slice_(items: Items, start: int, length: int) -> Items:
    """slice; a negative start counts from the end."""
    if start == 0:
        raise bad_argument("SQL array indices start at 1")
    if length < 0:
        raise bad_argument("length must be greater than or equal to 0")
    first = start - 1 if start > 0 else len(items) + start
    return [] if first < 0 else items[first : first + length]


def shuffle(items: Items) -> Items:
    """shuffle."""
    return random.sample(items, len(items))


def trim_array(items: Items, count: int) -> Items:
    """trim_array."""
    if count < 0:
        raise bad_argument(f"size must not be negative: {count}")
    if count > len(items):
        raise bad_argument(f"size must not exceed array cardinality {len(items)}: {count}")
    return items[: len(items) - count]


def combinations(items: Items, count: int) -> Items:
    """combinations, of at most 5."""
    if count < 0:
        raise bad_argument(f"combination size must not be negative: {count}")
    if count > 5:
        raise bad_argument(f"combination size must not exceed 5: {count}")
    if math.comb(len(items), count) * count > MOST_CHOSEN:
        raise bad_argument("combinations exceed max size")
    # Trino lists them by their last element, then the one before.
    chosen = sorted(itertools.combinations(range(len(items)), count), key=lambda c: c[::-1])
    return [[items[i] for i in c] for c in chosen]


def ngrams(items: Items, size: int) -> Items:
    """ngrams."""
    if size <= 0:
        raise bad_argument("N must be positive")
    items_fit(max(1, len(items) - size + 1) * min(size, len(items)))
    return [items[i : i + size] for i in range(max(1, len(items) - size + 1))]


def any_match(answers: list[bool | None]) -> bool | None:
    """any_match of what the lambda answered."""
    return True if True in answers else None if None in answers else False


def all_match(answers: list[bool | None]) -> bool | None:
    """all_match."""
    return False if False in answers else None if None in answers else True


def none_match(answers: list[bool | None]) -> bool | None:
    """none_match."""
    found = any_match(answers)
    return None if found is None else not found


def join(texts: list[str | None], delimiter: str, instead: str | None = None) -> str:
    """array_join of texts."""
    kept = [instead if text is None else text for text in texts if text is not None or instead is not None]
    made = [text for text in kept if text is not None]
    fits(sum(map(len, made)) + len(delimiter) * len(made))
    return delimiter.join(made)


@cache
def array_distinct(type_: TrinoType) -> Callable[[Items], Items]:
    """array_distinct."""
    return _unique


def _unique(items: Items) -> Items:
    made: dict[Any, Any] = {}
    for item in items:
        made.setdefault(frozen(item), item)
    return list(made.values())


@cache
def array_sort(type_: TrinoType) -> Callable[[Items], Items]:
    """array_sort; NULLs last."""
    element = type_.element

    def compare(a: Any, b: Any) -> int:
        return sort_order(a, b, element)

    def run(items: Items) -> Items:
        present = [i for i in items if i is not None]
        return sorted(present, key=cmp_to_key(compare)) + [None] * (len(items) - len(present))

    return run


def _extreme(type_: TrinoType, greatest: bool) -> Callable[[Items], Any]:
    element = type_.element

    def run(items: Items) -> Any:
        if not items or None in items:
            return None
        # What has no order is neither the least nor the greatest, unless there is nothing else.
        best = items[0]
        for item in items[1:]:
            found = extreme_order(item, best, element, greatest)
            best = item if (found > 0) == greatest and found else best
        return best

    return run


@cache
def array_min(type_: TrinoType) -> Callable[[Items], Any]:
    """array_min; NULL when one is."""
    return _extreme(type_, greatest=False)


@cache
def array_max(type_: TrinoType) -> Callable[[Items], Any]:
    """array_max; NULL when one is."""
    return _extreme(type_, greatest=True)


@cache
def array_position(type_: TrinoType) -> Callable[[Items, Any], int]:
    """array_position, 0 for none."""
    return lambda items, value: next(
        (i for i, v in enumerate(items, 1) if _equal(v, value, type_.element)), 0
    )


@cache
def array_remove(type_: TrinoType) -> Callable[[Items, Any], Items]:
    """array_remove."""
    return lambda items, value: [v for v in items if not _equal(v, value, type_.element)]


@cache
def contains(type_: TrinoType) -> Callable[[Items, Any], bool | None]:
    """contains(array, value)."""
    return lambda items, value: any_match([_equal(v, value, type_.element) for v in items])


@cache
def array_union(type_: TrinoType) -> Callable[[Items, Items], Items]:
    """array_union."""
    return lambda a, b: _unique([*a, *b])


@cache
def array_intersect(type_: TrinoType) -> Callable[[Items, Items], Items]:
    """array_intersect."""

    def run(a: Items, b: Items) -> Items:
        other = {frozen(i) for i in b}
        return [i for i in _unique(a) if frozen(i) in other]

    return run


@cache
def array_except(type_: TrinoType) -> Callable[[Items, Items], Items]:
    """array_except."""

    def run(a: Items, b: Items) -> Items:
        other = {frozen(i) for i in b}
        return [i for i in _unique(a) if frozen(i) not in other]

    return run


@cache
def arrays_overlap(type_: TrinoType) -> Callable[[Items, Items], bool | None]:
    """arrays_overlap; NULL when only a NULL could be shared."""

    def run(a: Items, b: Items) -> bool | None:
        first, second = ({frozen(i) for i in items if i is not None} for items in (a, b))
        if first & second:
            return True
        return None if (None in a or None in b) and a and b else False

    return run


@cache
def distinct(type_: TrinoType) -> Callable[[Any, Any], bool]:
    """IS DISTINCT FROM of arrays, maps and rows: NULL and NaN are like themselves, zones do not count."""
    return lambda left, right: frozen(left) != frozen(right)


@cache
def array_histogram(type_: TrinoType) -> Callable[[Items], Any]:
    """array_histogram: of the values that are one to Trino, the first stands for all."""

    def run(items: Items) -> Any:
        counts: dict[Any, tuple[Any, int]] = {}
        for item in items:
            if item is not None:
                first, count = counts.get(frozen(item), (item, 0))
                counts[frozen(item)] = (first, count + 1)
        return list(counts.values())

    return run


@cache
def contains_sequence(type_: TrinoType) -> Callable[[Items, Items], bool]:
    """contains_sequence."""

    def run(items: Items, part: Items) -> bool:
        whole, wanted = [frozen(item) for item in items], [frozen(item) for item in part]
        return any(whole[i : i + len(part)] == wanted for i in range(len(items) - len(part) + 1))

    return run
