"""Text, regular expressions, URLs, binary. https://trino.io/docs/current/functions/string.html"""

from __future__ import annotations

from typing import TYPE_CHECKING

from local_athena.errors import not_supported
from local_athena.functions.entry import Entry, function
from local_athena.sql.build import call, cast_as, sql, string, template
from local_athena.sql.typed import Typed
from local_athena.types.trino import BIGINT, VARCHAR, array, row
from local_athena.values import (
    binary,
    murmur,
    patterns,
    sizes,
    spooky,
    stems,
    texts_library,
    urls,
    xxhash,
)
from local_athena.values.java_format.writing import NOT_FORMATTED, formatter

if TYPE_CHECKING:
    from local_athena.sql.context import Context


def _length(context: Context, arguments: list[Typed]) -> Typed:
    value = arguments[0]
    if value.type.base == "char":
        size = sql("CASE WHEN {} IS NOT NULL THEN {} END", value, value.type.precision)
    else:
        size = call("octet_length" if value.type.base == "varbinary" else "length", value)
    return Typed(cast_as(size, BIGINT), BIGINT)


def _kept(name: str) -> Entry:
    """A function whose answer has the type of its argument."""

    def rewrite(context: Context, arguments: list[Typed]) -> Typed:
        return Typed(call(name, arguments[0]), arguments[0].type)

    return function(name, ("varchar(x) -> varchar(x)", "char -> char"), rewrite=rewrite)


def _upper(context: Context, arguments: list[Typed]) -> Typed:
    """upper, in which a sharp s stays: it has no capital that is one character, to Java."""
    value = arguments[0]
    kept = sql("replace(upper(replace({0}, 'ß', {1})), {1}, 'ß')", value, string(NOBODYS))
    return Typed(kept, value.type)


PIECES = row(array(VARCHAR), array(array(VARCHAR)))


def _replace_by(context: Context, arguments: list[Typed]) -> Typed:
    """regexp_replace(text, pattern, groups -> text)."""
    text, pattern, function_ = arguments
    found = context.call("regexp_pieces", patterns.regexp_pieces, [text, pattern], PIECES)
    made = Typed(sql("list_transform(({}).f1, {})", found, function_), array(VARCHAR))
    pieces = Typed(sql("({}).f0", found), array(VARCHAR))
    return context.call("regexp_joined", patterns.joined_pieces, [pieces, made], VARCHAR)


def _format(context: Context, arguments: list[Typed]) -> Typed:
    """format(pattern, values...): Java's Formatter."""
    types = tuple(a.type for a in arguments[1:])
    unfit = next((type_ for type_ in types if type_.base in NOT_FORMATTED), None)
    if unfit is not None:
        raise not_supported(f"Type not supported for formatting: {unfit}")
    return context.call("format", formatter(types), arguments, VARCHAR, takes_null=True)


NOBODYS = "\U0010fffd"
"""A character that is for private use."""
DIGESTS = ("md5", "sha1", "sha256", "sha512")

ENTRIES: tuple[Entry, ...] = (
    function("length", ("varchar -> bigint", "char -> bigint", "varbinary -> bigint"), rewrite=_length),
    function("upper", ("varchar(x) -> varchar(x)", "char -> char"), rewrite=_upper),
    _kept("lower"),
    function("reverse", "array(T) -> array(T)", native="list_reverse"),
    function("replace", "varchar(x), varchar -> varchar(x)", template("replace({0}, {1}, '')")),
    function(
        "replace", "varchar(x), varchar(y), varchar(z) -> varchar(replaced)", python=texts_library.replace
    ),
    function("strpos", "varchar, varchar -> bigint", template("CAST(strpos({0}, {1}) AS BIGINT)")),
    function("strpos", "varchar, varchar, bigint -> bigint", python=texts_library.strpos),
    function("position", "varchar, varchar -> bigint", template("CAST(strpos({1}, {0}) AS BIGINT)")),
    function("starts_with", "varchar, varchar -> boolean", native="starts_with"),
    function("ends_with", "varchar, varchar -> boolean", native="ends_with"),
    function("split", "varchar(x), varchar -> array(varchar(x))", python=texts_library.split),
    function("split", "varchar(x), varchar, bigint -> array(varchar(x))", python=texts_library.split),
    function("split_part", "varchar(x), varchar, bigint -> varchar(x)", python=texts_library.split_part),
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
    function("chr", "bigint -> varchar(1)", python=texts_library.chr_),
    function("codepoint", "varchar -> integer", python=texts_library.codepoint),
    function("hamming_distance", "varchar, varchar -> bigint", python=texts_library.hamming_distance),
    function("levenshtein_distance", "varchar, varchar -> bigint", python=texts_library.levenshtein_distance),
    function("soundex", "varchar -> varchar(4)", python=texts_library.soundex),
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
    function("to_utf8", ("varchar -> varbinary", "char -> varbinary"), native="encode"),
    function(
        "from_utf8", ("varbinary -> varchar", "varbinary, varchar -> varchar"), python=texts_library.from_utf8
    ),
    function("luhn_check", "varchar -> boolean", python=texts_library.luhn_check),
    function(
        "word_stem", ("varchar(x) -> varchar(x)", "varchar(x), varchar -> varchar(x)"), python=stems.word_stem
    ),
    function("format", "varchar, any, any... -> varchar", rewrite=_format),
    function("regexp_like", "varchar, varchar -> boolean", python=patterns.regexp_like),
    function(
        "regexp_extract",
        ("varchar(x), varchar -> varchar(x)", "varchar(x), varchar, bigint -> varchar(x)"),
        python=patterns.regexp_extract,
    ),
    function(
        "regexp_extract_all",
        ("varchar(x), varchar -> array(varchar(x))", "varchar(x), varchar, bigint -> array(varchar(x))"),
        python=patterns.regexp_extract_all,
    ),
    function(
        "regexp_replace",
        ("varchar(x), varchar -> varchar(x)", "varchar(x), varchar(y), varchar(z) -> varchar(rewritten)"),
        python=patterns.regexp_replace,
    ),
    function(
        "regexp_replace",
        "varchar, varchar, function(array(varchar), varchar) -> varchar",
        rewrite=_replace_by,
    ),
    function("regexp_split", "varchar(x), varchar -> array(varchar(x))", python=patterns.regexp_split),
    function("regexp_count", "varchar, varchar -> bigint", python=patterns.regexp_count),
    function(
        "regexp_position",
        (
            "varchar, varchar -> integer",
            "varchar, varchar, integer -> integer",
            "varchar, varchar, integer, integer -> integer",
        ),
        python=patterns.regexp_position,
    ),
    *(
        function(f"url_extract_{part}", "varchar(x) -> varchar(x)", python=urls.url_part(part))
        for part in ("protocol", "host", "path", "query", "fragment")
    ),
    function("url_extract_port", "varchar -> bigint", python=urls.url_port),
    function("url_extract_parameter", "varchar(x), varchar -> varchar(x)", python=urls.url_parameter),
    function("url_encode", "varchar(x) -> varchar(encoded)", python=urls.url_encode),
    function("url_decode", "varchar(x) -> varchar(x)", python=urls.url_decode),
    *(function(name, "varbinary -> varbinary", python=binary.digest(name)) for name in DIGESTS),
    *(
        function(f"hmac_{name}", "varbinary, varbinary -> varbinary", python=binary.hmac_of(name))
        for name in DIGESTS
    ),
    function("crc32", "varbinary -> bigint", python=binary.crc32),
    function("to_hex", "varbinary -> varchar", template("upper(hex({0}))")),
    function("from_hex", ("varchar -> varbinary", "varbinary -> varbinary"), python=binary.from_hex),
    function("xxhash64", "varbinary -> varbinary", python=xxhash.xxhash64),
    function("parse_data_size", "varchar -> decimal(38,0)", python=sizes.parse_data_size),
    function("parse_presto_data_size", "varchar -> decimal(38,0)", python=sizes.parse_data_size),
    function(
        "format_number",
        ("bigint -> varchar", "double -> varchar", "real -> varchar"),
        python=sizes.format_number,
    ),
    function("index", "varchar, varchar -> bigint", template("CAST(strpos({0}, {1}) AS BIGINT)")),
    function("char2hexint", "varchar -> varchar", python=texts_library.char2hexint),
    function("murmur3", "varbinary -> varbinary", python=murmur.murmur3),
    function("spooky_hash_v2_32", "varbinary -> varbinary", python=spooky.spooky_hash_v2_32),
    function("spooky_hash_v2_64", "varbinary -> varbinary", python=spooky.spooky_hash_v2_64),
    function("to_base64", "varbinary -> varchar", native="to_base64"),
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
    function("uuid", " -> uuid", native="uuid"),
    function("contains", "varchar, ipaddress -> boolean", python=binary.in_network),
)
