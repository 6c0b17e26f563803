"""Text, regular expressions, URLs, binary. https://trino.io/docs/current/functions/string.html"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.functions.entry import Entry, function
from local_athena.translate.casts import cast
from local_athena.translate.typed import Typed
from local_athena.types.trino import BIGINT, VARCHAR, array, row
from local_athena.values import binary, murmur, patterns, sizes, stems, texts_library, urls, xxhash

if TYPE_CHECKING:
    from local_athena.translate.translator import Translator


def _length(t: Translator, arguments: list[Typed]) -> Typed:
    value = arguments[0]
    if value.type.base == "char":
        return Typed(
            f"CASE WHEN {value.sql} IS NOT NULL THEN CAST({value.type.precision} AS BIGINT) END", BIGINT
        )
    word = "octet_length" if value.type.base == "varbinary" else "length"
    return Typed(f"CAST({word}({value.sql}) AS BIGINT)", BIGINT)


def _kept(name: str) -> Entry:
    """A function whose answer has the type of its argument."""

    def rewrite(t: Translator, arguments: list[Typed]) -> Typed:
        return Typed(f"{name}({arguments[0].sql})", arguments[0].type)

    return function(name, ("varchar -> varchar", "char -> char"), rewrite=rewrite)


def _upper() -> Entry:
    """upper, in which a sharp s stays: it has no capital that is one character, to Java."""

    def rewrite(t: Translator, arguments: list[Typed]) -> Typed:
        kept = f"replace(upper(replace({arguments[0].sql}, 'ß', '{NOBODYS}')), '{NOBODYS}', 'ß')"
        return Typed(kept, arguments[0].type)

    return function("upper", ("varchar -> varchar", "char -> char"), rewrite=rewrite)


def _substring(t: Translator, arguments: list[Typed]) -> Typed:
    value = cast(t.context, arguments[0], VARCHAR)
    if all(isinstance(place.constant, int) and place.constant > 0 for place in arguments[1:]):
        return Typed(f"substr({', '.join([value.sql, *(place.sql for place in arguments[1:])])})", VARCHAR)
    start = arguments[1].sql
    length = arguments[2].sql if len(arguments) > 2 else f"length({value.sql})"
    size = f"length({value.sql})"
    out = f"{start} = 0 OR abs({start}) > {size} OR {length} <= 0"
    return Typed(f"CASE WHEN {out} THEN '' ELSE substr({value.sql}, {start}, {length}) END", VARCHAR)


PIECES = row(array(VARCHAR), array(array(VARCHAR)))


def _replace_by(t: Translator, arguments: list[Typed]) -> Typed:
    """regexp_replace(text, pattern, groups -> text)."""
    text, pattern, function_ = arguments
    found = t.context.call("regexp_pieces", patterns.regexp_pieces, [text, pattern], PIECES)
    made = Typed(f"list_transform(({found.sql}).f1, {function_.sql})", array(VARCHAR))
    pieces = Typed(f"({found.sql}).f0", array(VARCHAR))
    return t.context.call("regexp_joined", patterns.joined_pieces, [pieces, made], VARCHAR)


NOBODYS = "\U0010fffd"
"""A character that is for private use."""
SUBSTRING = ("varchar, bigint -> varchar", "varchar, bigint, bigint -> varchar", "char, bigint -> varchar",
             "char, bigint, bigint -> varchar")  # fmt: skip
BINARY_SUBSTRING = ("varbinary, bigint -> varbinary", "varbinary, bigint, bigint -> varbinary")
DIGESTS = ("md5", "sha1", "sha256", "sha512")

ENTRIES: tuple[Entry, ...] = (
    function("length", ("varchar -> bigint", "char -> bigint", "varbinary -> bigint"), rewrite=_length),
    _upper(),
    _kept("lower"),
    function("reverse", "varchar -> varchar", "reverse({0})"),
    function(
        "reverse",
        "char -> char",
        rewrite=lambda t, a: Typed(
            f"rtrim(reverse(rpad({a[0].sql}, {a[0].type.precision}, ' ')), ' ')", a[0].type
        ),
    ),
    function("reverse", "array(T) -> array(T)", "list_reverse({0})"),
    function("reverse", "varbinary -> varbinary", python=binary.reverse),
    function("trim", ("varchar -> varchar", "char -> varchar"), python=texts_library.trim),
    function("ltrim", ("varchar -> varchar", "char -> varchar"), python=texts_library.ltrim),
    function("rtrim", ("varchar -> varchar", "char -> varchar"), python=texts_library.rtrim),
    # A char is carried without its blanks, which Trino strips from what is left of it too.
    *(
        function(name, ("char, varchar -> varchar", "varchar, varchar -> varchar"), f"{name}({{0}}, {{1}})")
        for name in ("trim", "ltrim", "rtrim")
    ),
    function("substring", SUBSTRING, rewrite=_substring),
    function("substr", SUBSTRING, rewrite=_substring),
    function("substr", BINARY_SUBSTRING, python=binary.substr),
    function("substring", BINARY_SUBSTRING, python=binary.substr),
    function("replace", "varchar, varchar -> varchar", "replace({0}, {1}, '')"),
    function("replace", "varchar, varchar, varchar -> varchar", python=texts_library.replace),
    function("strpos", "varchar, varchar -> bigint", "CAST(strpos({0}, {1}) AS BIGINT)"),
    function("strpos", "varchar, varchar, bigint -> bigint", python=texts_library.strpos),
    function("position", "varchar, varchar -> bigint", "CAST(strpos({1}, {0}) AS BIGINT)"),
    function("starts_with", "varchar, varchar -> boolean", "starts_with({0}, {1})"),
    function("ends_with", "varchar, varchar -> boolean", "ends_with({0}, {1})"),
    function("lpad", "varchar, bigint, varchar -> varchar", python=texts_library.lpad),
    function("rpad", "varchar, bigint, varchar -> varchar", python=texts_library.rpad),
    function("lpad", "varbinary, bigint, varbinary -> varbinary", python=texts_library.lpad),
    function("rpad", "varbinary, bigint, varbinary -> varbinary", python=texts_library.rpad),
    function("split", "varchar, varchar -> array(varchar)", python=texts_library.split),
    function("split", "varchar, varchar, bigint -> array(varchar)", python=texts_library.split),
    function("split_part", "varchar, varchar, bigint -> varchar", python=texts_library.split_part),
    function(
        "split_to_map",
        "varchar, varchar, varchar -> map(varchar, varchar)",
        python=texts_library.split_to_map,
    ),
    function(
        "split_to_multimap",
        "varchar, varchar, varchar -> map(varchar, array(varchar))",
        python=texts_library.split_to_multimap,
    ),
    function("translate", "varchar, varchar, varchar -> varchar", python=texts_library.translate),
    function("chr", "bigint -> varchar", python=texts_library.chr_),
    function("codepoint", "varchar -> integer", python=texts_library.codepoint),
    function("hamming_distance", "varchar, varchar -> bigint", python=texts_library.hamming_distance),
    function("levenshtein_distance", "varchar, varchar -> bigint", python=texts_library.levenshtein_distance),
    function("soundex", "varchar -> varchar", python=texts_library.soundex),
    function(
        "concat_ws",
        "varchar, array(varchar) -> varchar",
        python=texts_library.concat_ws_array,
    ),
    function(
        "concat_ws",
        "varchar, varchar, varchar... -> varchar",
        python=texts_library.concat_ws,
        takes_null=True,
    ),
    function("to_utf8", ("varchar -> varbinary", "char -> varbinary"), "encode({0})"),
    function(
        "from_utf8", ("varbinary -> varchar", "varbinary, varchar -> varchar"), python=texts_library.from_utf8
    ),
    function("luhn_check", "varchar -> boolean", python=texts_library.luhn_check),
    function("word_stem", ("varchar -> varchar", "varchar, varchar -> varchar"), python=stems.word_stem),
    function("format", "varchar, any, any... -> varchar", rewrite=texts_library.format_call),
    function("regexp_like", "varchar, varchar -> boolean", python=patterns.regexp_like),
    function(
        "regexp_extract",
        ("varchar, varchar -> varchar", "varchar, varchar, bigint -> varchar"),
        python=patterns.regexp_extract,
    ),
    function(
        "regexp_extract_all",
        ("varchar, varchar -> array(varchar)", "varchar, varchar, bigint -> array(varchar)"),
        python=patterns.regexp_extract_all,
    ),
    function(
        "regexp_replace",
        ("varchar, varchar -> varchar", "varchar, varchar, varchar -> varchar"),
        python=patterns.regexp_replace,
    ),
    function(
        "regexp_replace",
        "varchar, varchar, function(array(varchar), varchar) -> varchar",
        rewrite=_replace_by,
    ),
    function("regexp_split", "varchar, varchar -> array(varchar)", python=patterns.regexp_split),
    function("regexp_count", "varchar, varchar -> bigint", python=patterns.regexp_count),
    function(
        "regexp_position",
        (
            "varchar, varchar -> integer",
            "varchar, varchar, bigint -> integer",
            "varchar, varchar, bigint, bigint -> integer",
        ),
        python=patterns.regexp_position,
    ),
    *(
        function(f"url_extract_{part}", "varchar -> varchar", python=urls.url_part(part))
        for part in ("protocol", "host", "path", "query", "fragment")
    ),
    function("url_extract_port", "varchar -> bigint", python=urls.url_port),
    function("url_extract_parameter", "varchar, varchar -> varchar", python=urls.url_parameter),
    function("url_encode", "varchar -> varchar", python=urls.url_encode),
    function("url_decode", "varchar -> varchar", python=urls.url_decode),
    *(function(name, "varbinary -> varbinary", python=binary.digest(name)) for name in DIGESTS),
    *(
        function(f"hmac_{name}", "varbinary, varbinary -> varbinary", python=binary.hmac_of(name))
        for name in DIGESTS
    ),
    function("crc32", "varbinary -> bigint", python=binary.crc32),
    function("to_hex", "varbinary -> varchar", "upper(hex({0}))"),
    function("from_hex", ("varchar -> varbinary", "varbinary -> varbinary"), python=binary.from_hex),
    function("xxhash64", "varbinary -> varbinary", python=xxhash.xxhash64),
    function("parse_data_size", "varchar -> decimal(38,0)", python=sizes.parse_data_size),
    function("parse_presto_data_size", "varchar -> decimal(38,0)", python=sizes.parse_data_size),
    function(
        "format_number",
        ("bigint -> varchar", "double -> varchar", "real -> varchar"),
        python=sizes.format_number,
    ),
    function("index", "varchar, varchar -> bigint", "CAST(strpos({0}, {1}) AS BIGINT)"),
    function("char2hexint", "varchar -> varchar", python=texts_library.char2hexint),
    function("murmur3", "varbinary -> varbinary", python=murmur.murmur3),
    function("to_base64", "varbinary -> varchar", "to_base64({0})"),
    function("from_base64", ("varchar -> varbinary", "varbinary -> varbinary"), python=binary.from_base64),
    function("to_base64url", "varbinary -> varchar", python=binary.to_base64url),
    function(
        "from_base64url", ("varchar -> varbinary", "varbinary -> varbinary"), python=binary.from_base64url
    ),
    function("to_base32", "varbinary -> varchar", python=binary.to_base32),
    function("from_base32", ("varchar -> varbinary", "varbinary -> varbinary"), python=binary.from_base32),
    function("to_big_endian_32", "integer -> varbinary", python=binary.packer(">i")),
    function("to_big_endian_64", "bigint -> varbinary", python=binary.packer(">q")),
    function("from_big_endian_32", "varbinary -> integer", python=binary.unpacker(">i")),
    function("from_big_endian_64", "varbinary -> bigint", python=binary.unpacker(">q")),
    function("to_ieee754_32", "real -> varbinary", python=binary.packer(">f")),
    function("to_ieee754_64", "double -> varbinary", python=binary.packer(">d")),
    function("from_ieee754_32", "varbinary -> real", python=binary.unpacker(">f")),
    function("from_ieee754_64", "varbinary -> double", python=binary.unpacker(">d")),
    function("uuid", " -> uuid", "uuid()"),
    function("contains", "varchar, ipaddress -> boolean", python=binary.in_network),
)
