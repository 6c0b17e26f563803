"""Geospatial functions: facts of Trino's own tests (TestGeoFunctions, TestSphericalGeoFunctions,
TestBingTileFunctions of plugin/trino-geospatial, read 2026-11-21), and what Athena does with the types.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from local_athena.errors import QueryFailed
from local_athena.values import geo_shapes
from tests.unit.local_athena.conftest import Ask, Lake

SQUARE = "POLYGON ((1 1, 1 4, 4 4, 4 1))"


def of_text(wkt: str) -> str:
    return f"ST_GeometryFromText('{wkt}')"


def call(name: str, *texts: str) -> str:
    return f"{name}({', '.join(map(of_text, texts))})"


SHAPES = [
    ("POINT (1 2)", "POINT (1 2)"),
    (SQUARE, "POLYGON ((1 1, 4 1, 4 4, 1 4, 1 1))"),
    ("multipoint(1 2,3 4)", "MULTIPOINT ((1 2), (3 4))"),
    ("MULTIPOLYGON EMPTY", "MULTIPOLYGON EMPTY"),
    ("GEOMETRYCOLLECTION (POINT (1 2), POLYGON EMPTY)", "GEOMETRYCOLLECTION (POINT (1 2), POLYGON EMPTY)"),
    (
        "POLYGON ((0 0, 0 3, 3 3, 3 0), (1 1, 1 2, 2 2, 2 1))",
        "POLYGON ((0 0, 3 0, 3 3, 0 3, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))",
    ),
    ("POINT (0.00001 1e17)", "POINT (1.0000000000000000e-05 1.0000000000000000e+17)"),
    ("POINT (1e16 -0.5)", "POINT (10000000000000000 -0.5)"),
]


@pytest.mark.parametrize(("given", "shown"), SHAPES)
def test_a_geometry_is_read_leniently_and_shown_as_text(ask: Ask, given: str, shown: str) -> None:
    geometry = of_text(given)
    rows, types = ask(f"SELECT {geometry}, ST_AsText(ST_GeomFromBinary(ST_AsBinary({geometry})))")
    assert rows == [[shown, shown]]
    assert types == ["Geometry", "varchar"]


ANSWERS = [
    (call("ST_Boundary", "LINESTRING (8 4, 5 7)"), "MULTIPOINT ((8 4), (5 7))"),
    (call("ST_Boundary", "POLYGON ((1 1, 4 1, 1 4))"), "MULTILINESTRING ((1 1, 4 1, 1 4, 1 1))"),
    (call("ST_Boundary", "POINT (1 2)"), "MULTIPOINT EMPTY"),
    (
        call("ST_Difference", SQUARE, "POLYGON ((2 2, 2 5, 5 5, 5 2))"),
        "POLYGON ((1 1, 4 1, 4 2, 2 2, 2 4, 1 4, 1 1))",
    ),
    (
        call("ST_Difference", "LINESTRING (50 100, 50 200)", "LINESTRING (50 50, 50 150)"),
        "LINESTRING (50 150, 50 200)",
    ),
    (call("ST_Intersection", "POINT (50 100)", "POINT (150 150)"), "MULTIPOLYGON EMPTY"),
    (
        call("ST_Intersection", "POLYGON ((0 0, 0 1, 1 1, 1 0))", "LINESTRING (0 0, 1 -1, 1 2)"),
        "GEOMETRYCOLLECTION (POINT (0 0), LINESTRING (1 0, 1 1))",
    ),
    (
        call(
            "ST_SymDifference",
            "MULTILINESTRING ((1 1, 5 1), (2 4, 4 4))",
            "MULTILINESTRING ((3 4, 6 4), (5 0, 5 4))",
        ),
        "MULTILINESTRING ((5 0, 5 1), (1 1, 5 1), (5 1, 5 4), (2 4, 3 4), (4 4, 5 4), (5 4, 6 4))",
    ),
    (call("ST_Union", "POINT EMPTY", "LINESTRING (0 0, 2 2, 4 4)"), "LINESTRING (0 0, 2 2, 4 4)"),
    (call("ST_Union", "LINESTRING (1 1, 3 1)", "LINESTRING (2 1, 4 1)"), "LINESTRING (1 1, 2 1, 3 1, 4 1)"),
    (
        call("ST_Union", "POLYGON ((1 1, 3 1, 3 3, 1 3))", "POLYGON ((2 2, 4 2, 4 4, 2 4))"),
        "POLYGON ((1 1, 3 1, 3 2, 4 2, 4 4, 2 4, 2 3, 1 3, 1 1))",
    ),
    (call("ST_ConvexHull", "LINESTRING (1 1, 1 9, 2 2, 1 1, 4 0)"), "POLYGON ((1 1, 4 0, 1 9, 1 1))"),
    (call("ST_Envelope", "LINESTRING (8 4, 5 7)"), "POLYGON ((5 4, 8 4, 8 7, 5 7, 5 4))"),
    (call("ST_EnvelopeAsPts", "LINESTRING (8 4, 5 7)"), "[POINT (5 4), POINT (8 7)]"),
    (
        call("ST_Centroid", "POLYGON ((0 0, 0 5, 5 5, 5 0), (1 1, 1 2, 2 2, 2 1))"),
        "POINT (2.5416666666666665 2.5416666666666665)",
    ),
    (
        "ST_Centroid(bing_tile_polygon(bing_tile('123030123010121')))",
        "POINT (60.0018310442288 30.121372968273892)",
    ),
    (
        f"simplify_geometry({of_text('POLYGON ((1 0, 2 1, 3 1, 3 1, 4 1, 1 0))')}, 1.5)",
        "POLYGON ((1 0, 4 1, 2 1, 1 0))",
    ),
    (f"line_interpolate_point({of_text('LINESTRING (0 0, 1 1, 10 10)')}, 0.05)", "POINT (0.5 0.5)"),
    (f"line_locate_point({of_text('LINESTRING (0 0, 0 1, 2 1)')}, ST_Point(0.9, 1))", "0.6333333333333333"),
    ("ST_LineString(ARRAY[ST_Point(9, 10)])", "LINESTRING EMPTY"),
    ("ST_MultiPoint(ARRAY[])", None),
    (
        call("ST_Points", "POLYGON ((8 4, 3 9, 5 6, 8 4))"),
        "[POINT (8 4), POINT (5 6), POINT (3 9), POINT (8 4)]",
    ),
    (call("ST_NumPoints", "POLYGON ((0 0, 8 0, 0 8, 0 0), (1 1, 1 5, 5 1, 1 1))"), "6"),
    (call("ST_GeometryType", "GEOMETRYCOLLECTION (POINT (4 6))"), "ST_GeomCollection"),
    (call("ST_Disjoint", "POINT EMPTY", "POINT (1 1)"), "true"),
    (call("ST_Contains", SQUARE, "POINT (1 1)"), "false"),
    (call("ST_IsValid", "POLYGON ((0 0, 1 1, 0 1, 1 0, 0 0))"), "false"),
    (call("ST_IsValid", "LINESTRING (0 0, 0 1, 0 1, 1 1, 1 0, 0 0)"), "false"),
    (call("ST_IsSimple", "MULTIPOINT (1 2, 2 4, 3 6, 1 2)"), "false"),
    (call("ST_Distance", "POINT (50 100)", "POINT (150 150)"), "111.80339887498948"),
    (call("ST_Distance", "POINT EMPTY", "POINT (1 1)"), None),
    (
        call("geometry_nearest_points", "POINT (0 0)", "LINESTRING (1 1, 1 -1)"),
        "{field0=POINT (0 0), field1=POINT (1 0)}",
    ),
    ("great_circle_distance(36.12, -86.67, 33.94, -118.40)", "2886.4489734367016"),
    ("ST_X(ST_Point(nan(), 1))", None),
    ("TRY(ST_GeometryFromText('nothing'))", None),
    ("to_encoded_polyline(from_encoded_polyline('_p~iF~ps|U_ulLnnqC'))", "_p~iF~ps|U_ulLnnqC"),
    (
        "to_geojson_geometry(to_spherical_geography(ST_Point(0, 2.5)))",
        '{"type":"Point","coordinates":[0.0,2.5],"crs":{"type":"name","properties":{"name":"EPSG:0"}}}',
    ),
]


@pytest.mark.parametrize(("expression", "value"), ANSWERS)
def test_a_geospatial_function_answers_as_trino_does(ask: Ask, expression: str, value: str | None) -> None:
    assert ask(f"SELECT {expression}")[0] == [[value]]


@pytest.mark.parametrize(("given", "shown"), SHAPES[:6])
def test_a_geometry_comes_back_from_geojson(ask: Ask, given: str, shown: str) -> None:
    json = f"to_geojson_geometry(to_spherical_geography({of_text(given)}))"
    assert ask(f"SELECT to_geometry(from_geojson_geometry({json}))")[0] == [[shown]]


AREAS = [
    ("POLYGON((0 0, 0 1, 1 1, 1 0))", 123.64e8),
    ("POLYGON((-135 85, -45 85, 45 85, 135 85, -135 85))", 619.00e9),  # around the North Pole
    ("POLYGON((90 0, 0 0, 0 90), (89 1, 1 1, 1 89))", 348.04e10),
]


@pytest.mark.parametrize(("wkt", "metres"), AREAS)
def test_an_area_on_the_sphere_is_that_of_trino(ask: Ask, wkt: str, metres: float) -> None:
    shown = ask(f"SELECT ST_Area(to_spherical_geography({of_text(wkt)}))")[0][0][0]
    assert float(str(shown)) == pytest.approx(metres, rel=1e-4)


TILES = [
    ("bing_tiles_around(85.05112878, 180, 4, 500)", "1101 1110 1111 0000 0001 0010 1113 0003 0002 1112"),
    ("bing_tiles_around(-85.05112878, 0, 3)", "231 233 320 322 321 323"),
    (f"geometry_to_bing_tiles({of_text('POLYGON ((0 0, 0 10, 10 10))')}, 6)", "122220 122222 122221"),
    (
        "geometry_to_bing_tiles(bing_tile_polygon(bing_tile('1230301230')), 11)",
        "12303012300 12303012302 12303012301 12303012303",
    ),
]


@pytest.mark.parametrize(("tiles", "keys"), TILES)
def test_bing_tiles_are_those_of_trino_in_its_order(ask: Ask, tiles: str, keys: str) -> None:
    assert ask(f"SELECT array_join(transform({tiles}, t -> bing_tile_quadkey(t)), ' ')")[0] == [[keys]]


def test_a_bing_tile_is_a_value_that_can_be_grouped(ask: Ask) -> None:
    sql = "SELECT bing_tile_at(30.12, x, 15), count(*) FROM (VALUES 60, 60) t(x) GROUP BY 1"
    assert ask(sql) == ([["BingTile{x=21845, y=13506, zoom_level=15}", "2"]], ["BingTile", "bigint"])


FAILURES = [
    ("ST_GeometryFromText('POLYGON(0 0)')", "INVALID_FUNCTION_ARGUMENT: Invalid WKT: POLYGON\\(0 0\\)"),
    ("ST_GeometryFromText('POINT (1 2 3)')", "Invalid WKT"),
    ("ST_GeometryFromText('POINT Z (1 2 3)')", "NOT_SUPPORTED: Geometries with Z or M"),
    ("ST_GeometryFromText('LINESTRING (1 2)')", "NOT_SUPPORTED: A line of one point"),
    ("ST_GeomFromBinary(from_hex('deadbeef'))", "Invalid WKB"),
    (call("ST_X", "LINESTRING (0 0, 1 1)"), "ST_X only applies to POINT. Input type is: LINE_STRING"),
    (
        call("ST_Length", SQUARE),
        "ST_Length only applies to LINE_STRING or MULTI_LINE_STRING. Input type is: POLYGON",
    ),
    ("ST_LineString(ARRAY[ST_Point(1, 2), NULL])", "null point at index 2"),
    ("ST_Buffer(ST_Point(0, 0), -1)", "distance is negative"),
    (call("ST_Union", "POINT (1 1)", "POLYGON ((0 0, 1 1, 0 1, 1 0))"), "NOT_SUPPORTED: .* not valid"),
    ("to_spherical_geography(ST_Point(-340.2, 28.9))", "Longitude must be between -180 and 180"),
    ("great_circle_distance(100, 20, 30, 40)", "Latitude must be between -90 and 90"),
    ("bing_tile(10, 2, 3)", "XY coordinates for a Bing tile at zoom level 3 must be within"),
    ("bing_tile('12345')", "Invalid QuadKey digit sequence: 12345"),
    ("bing_tile_at(300.12, 60, 15)", "Latitude must be between -85.05112878 and 85.05112878"),
    ("from_geojson_geometry('{}')", "No 'type' property found"),
    ("ST_Area(1)", "FUNCTION_NOT_FOUND"),
    ("ST_Point(1, 1) = ST_Point(1, 1)", "TYPE_MISMATCH: .*Cannot apply operator: Geometry = Geometry"),
    ("DISTINCT ST_Point(1, 1)", "DISTINCT can only be applied to comparable types"),
    ("1 FROM (VALUES 1) t(x) GROUP BY ST_Point(x, 1)", "Geometry is not comparable"),
    ("1 ORDER BY bing_tile('1')", "Type BingTile is not orderable"),
    ("max(ST_Point(1, 1))", "FUNCTION_NOT_FOUND"),
    ("MAP(ARRAY[ST_Point(1, 1)], ARRAY[1])", "FUNCTION_NOT_FOUND"),
    ("CAST(ST_Point(1, 1) AS varchar)", "Cannot cast Geometry to varchar"),
    ("ST_Point(1, 1) UNION SELECT ST_Point(1, 1)", "Geometry is not comparable"),
]


@pytest.mark.parametrize(("expression", "reason"), FAILURES)
def test_a_geospatial_function_fails_as_trino_does(ask: Ask, expression: str, reason: str) -> None:
    with pytest.raises(QueryFailed, match=reason):
        ask(f"SELECT {expression}")


def test_the_circle_around_a_point_has_96_corners_at_the_distance(ask: Ask) -> None:
    circle = "ST_Buffer(ST_Point(0, 0), 0.5)"
    off = "abs(sqrt(pow(ST_X(p), 2) + pow(ST_Y(p), 2)) - 0.5)"
    far = f"max({off}) < 1e-12 FROM UNNEST(ST_Points({circle})) t(p)"
    assert ask(f"SELECT ST_NumPoints({circle}), (SELECT {far})")[0] == [["96", "true"]]


CORNERS = [
    (1, -0.2), (13, -0.141421356237310), (14, 0.756647897341808), (15, 0.321114561800017),
    (16, 0.320625451693462), (64, 0.678885438199983), (65, 1.178885438199983), (66, 1.179374548306538),
]  # fmt: skip
"""The heights of some corners in Trino's answer, by their places: where arcs begin, end, and meet."""


@pytest.mark.parametrize(("at", "height"), CORNERS)
def test_the_buffer_of_a_line_has_the_corners_of_trino_in_its_order(ask: Ask, at: int, height: float) -> None:
    line = of_text("LINESTRING (0 0, 1 1, 2 0.5)")
    shown = ask(f"SELECT ST_Y(ST_PointN(ST_ExteriorRing(ST_Buffer({line}, 0.2)), {at}))")[0][0][0]
    assert float(str(shown)) == pytest.approx(height, abs=1e-12)


def test_the_buffer_of_a_polygon_rounds_its_corners_and_narrows_its_holes(ask: Ask) -> None:
    square = of_text("POLYGON ((0 0, 0 10, 10 10, 10 0), (4 4, 4 6, 6 6, 6 4))")
    assert ask(f"SELECT ST_NumPoints(ST_Buffer({square}, 0.5)), ST_NumPoints(ST_Buffer({square}, 2))")[0] == [
        ["104", "100"]
    ]
    assert ask("SELECT ST_Buffer(ST_Point(0, 0), infinity())")[0] == [["MULTIPOLYGON EMPTY"]]


def test_aggregates_of_geometries_leave_nulls_out(ask: Ask) -> None:
    rows = "FROM (VALUES (1, 1), (3, 9), (NULL, 5), (2, 4)) t(x, y)"
    assert ask(f"SELECT geometry_union_agg(ST_Point(x, 0)), convex_hull_agg(ST_Point(x, y)) {rows}")[0] == [
        ["MULTIPOINT ((1 0), (2 0), (3 0))", "POLYGON ((1 1, 2 4, 3 9, 1 1))"]
    ]
    assert ask("SELECT geometry_union_agg(ST_Point(NULL, x)) FROM (VALUES 1) t(x)")[0] == [[None]]


NORTH = "POLYGON ((0 5, 0 9, 9 9, 9 5))"
PLACES = f"(VALUES ('north', '{NORTH}'), ('void', 'POLYGON EMPTY'), ('none', NULL)) p(name, wkt)"
POINTS = "(VALUES (1, 6), (2, 1)) q(lon, lat)"


@pytest.mark.parametrize(
    ("join", "rows"),
    [
        (f"{PLACES} JOIN {POINTS}", [["north", "1"]]),
        (f"{POINTS} JOIN {PLACES}", [["north", "1"]]),
        (f"{POINTS} LEFT JOIN {PLACES}", [["north", "1"], [None, "2"]]),
        (f"{POINTS} RIGHT JOIN {PLACES}", [["none", None], ["north", "1"], ["void", None]]),
    ],
)
def test_rows_join_by_where_their_geometries_lie(ask: Ask, join: str, rows: list[list[str | None]]) -> None:
    where = "ON q.lat > 0 AND ST_Contains(ST_GeometryFromText(p.wkt), ST_Point(q.lon, q.lat))"
    assert ask(f"SELECT p.name, q.lon FROM {join} {where} ORDER BY 1, 2")[0] == rows


EQUAL = "ST_Equals(ST_Point(a.x, 1), ST_Point(b.x, 1))"


@pytest.mark.parametrize(
    "join", ["a JOIN {b} ON {test}", "a CROSS JOIN {b} WHERE {test}", "a, {b} WHERE {test}"]
)
def test_a_join_compares_shapes_only_where_their_boxes_meet(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, join: str
) -> None:
    compared: list[bytes] = []
    shape = geo_shapes.shape

    def reading(wkb: bytes) -> object:
        compared.append(wkb)
        return shape(wkb)

    monkeypatch.setattr("local_athena.values.geo_relations.shape", reading)
    rows = "(SELECT x FROM UNNEST(sequence(1, 100)) t(x))"
    sql = f"SELECT count(*), max(a.x) FROM {rows} {join.format(b=f'{rows} b', test=EQUAL)} AND b.x <> 5"
    assert ask(sql)[0] == [["99", "100"]]
    assert 0 < len(compared) <= 1000  # of 10,000 pairs


def test_a_join_by_geometry_with_a_name_of_both_sides_is_ambiguous(ask: Ask) -> None:
    with pytest.raises(QueryFailed, match="AMBIGUOUS_NAME"):
        ask("SELECT 1 FROM (VALUES 1) a(x) JOIN (VALUES 1) b(x) ON ST_Equals(ST_Point(x, 1), ST_Point(2, 1))")


def test_a_table_cannot_hold_geometries(lake: Lake) -> None:
    reason = lake.reason("CREATE TABLE t WITH (format = 'PARQUET') AS SELECT ST_Point(1, 2) AS g")
    assert reason.startswith("NOT_SUPPORTED: Unsupported Hive type: Geometry")


def test_shapely_is_not_loaded_before_a_query_asks_for_it() -> None:
    code = "import local_athena, sys; sys.exit('shapely' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
