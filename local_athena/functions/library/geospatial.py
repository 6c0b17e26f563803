"""Geospatial functions. https://trino.io/docs/current/functions/geospatial.html"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from local_athena.functions.entry import Entry, aggregate, function
from local_athena.functions.library.gathering import listed
from local_athena.sql.build import template
from local_athena.sql.typed import Typed
from local_athena.types.trino import GEOMETRY, INTEGER, row
from local_athena.values import (
    geo_buffers,
    geo_covers,
    geo_json,
    geo_lines,
    geo_measures,
    geo_overlay,
    geo_parts,
    geo_relations,
    geo_tiles,
    geo_wkt,
)

if TYPE_CHECKING:
    from local_athena.sql.aggregate import Clauses
    from local_athena.sql.context import Context

COORDINATES = row(INTEGER, INTEGER, names=("x", "y"))
BOUNDS = ("st_xmin", "st_ymin", "st_xmax", "st_ymax")


def _of(result: str, **functions: Callable[..., Any]) -> tuple[Entry, ...]:
    """Functions of one geometry."""
    return tuple(function(name, f"Geometry -> {result}", python=python) for name, python in functions.items())


def _of_two(result: str, **functions: Callable[..., Any]) -> tuple[Entry, ...]:
    """Functions of two geometries."""
    return tuple(
        function(name, f"Geometry, Geometry -> {result}", python=python) for name, python in functions.items()
    )


def _gathered(name: str, python: Callable[..., Any]) -> Entry:
    """An aggregate over the list of a group's geometries."""

    def made(context: Context, arguments: list[Typed], clauses: Clauses) -> Typed:
        return context.call(name, python, [listed(arguments[0], clauses)], GEOMETRY)

    return aggregate(name, "Geometry -> Geometry", made)


def _coordinates(context: Context, arguments: list[Typed]) -> Typed:
    return context.call("bing_tile_coordinates", geo_tiles.coordinates, arguments, COORDINATES)


CONSTRUCTORS = (
    function("st_point", "double, double -> Geometry", python=geo_parts.point),
    function("st_geometryfromtext", "varchar -> Geometry", python=geo_wkt.wkb_of_text),
    function(
        "st_linefromtext", "varchar -> Geometry", python=geo_parts.from_text("ST_LineFromText", "LINE_STRING")
    ),
    function("st_polygon", "varchar -> Geometry", python=geo_parts.from_text("ST_Polygon", "POLYGON")),
    function("st_geomfrombinary", "varbinary -> Geometry", python=geo_parts.from_binary),
    function("st_linestring", "array(Geometry) -> Geometry", python=geo_parts.line_string),
    function("st_multipoint", "array(Geometry) -> Geometry", python=geo_parts.multi_point),
    function("st_asbinary", "Geometry -> varbinary", template("{0}")),
    function("to_spherical_geography", "Geometry -> SphericalGeography", python=geo_measures.to_spherical),
    function("to_geometry", "SphericalGeography -> Geometry", template("{0}")),
    function("from_geojson_geometry", "varchar -> SphericalGeography", python=geo_json.read),
    function("to_geojson_geometry", "SphericalGeography -> varchar", python=geo_json.write),
    function("from_encoded_polyline", "varchar -> Geometry", python=geo_lines.from_polyline),
    *_of("varchar", st_astext=geo_wkt.text_of, to_encoded_polyline=geo_lines.to_polyline),
)
RELATIONS = (
    *(
        function(f"st_{name}", "Geometry, Geometry -> boolean", python=geo_relations.test(name))
        for name in (
            "contains",
            "crosses",
            "disjoint",
            "equals",
            "intersects",
            "overlaps",
            "touches",
            "within",
        )
    ),
    function("st_relate", "Geometry, Geometry, varchar -> boolean", python=geo_relations.relate),
)
OPERATIONS = (
    *_of_two(
        "Geometry",
        st_difference=geo_overlay.difference,
        st_intersection=geo_overlay.intersection,
        st_symdifference=geo_overlay.symmetric_difference,
        st_union=geo_overlay.union,
    ),
    *_of(
        "Geometry",
        st_boundary=geo_overlay.boundary,
        st_convexhull=geo_overlay.convex_hull,
        st_envelope=geo_parts.envelope,
        st_exteriorring=geo_parts.exterior_ring,
    ),
    function("st_envelopeaspts", "Geometry -> array(Geometry)", python=geo_parts.envelope_points),
    function("st_buffer", "Geometry, double -> Geometry", python=geo_buffers.buffer),
    function("simplify_geometry", "Geometry, double -> Geometry", python=geo_overlay.simplified),
    function("geometry_union", "array(Geometry) -> Geometry", python=geo_overlay.union_of),
    _gathered("geometry_union_agg", geo_overlay.union_of),
    _gathered("convex_hull_agg", geo_overlay.hull_of),
)
ACCESSORS = (
    *_of(
        "Geometry",
        st_centroid=geo_measures.centroid,
        st_startpoint=geo_parts.end_point("ST_StartPoint", 0),
        st_endpoint=geo_parts.end_point("ST_EndPoint", -1),
    ),
    *_of(
        "boolean",
        st_isclosed=geo_relations.is_closed,
        st_isempty=geo_parts.is_empty,
        st_isring=geo_relations.is_ring,
        st_issimple=geo_relations.is_simple,
        st_isvalid=geo_relations.is_simple,
    ),
    *_of("tinyint", st_coorddim=geo_parts.coordinate_dimension, st_dimension=geo_parts.dimension),
    *_of("bigint", st_numinteriorring=geo_parts.interior_ring_count, st_numpoints=geo_parts.point_count),
    *_of("integer", st_numgeometries=geo_parts.geometry_count),
    *_of("varchar", st_geometrytype=geo_parts.geometry_type),
    *_of(
        "double",
        st_area=geo_measures.area,
        st_length=geo_measures.length,
        st_x=geo_parts.coordinate("ST_X", 0),
        st_y=geo_parts.coordinate("ST_Y", 1),
    ),
    *_of("double", **{name: geo_parts.bound(at) for at, name in enumerate(BOUNDS)}),
    *_of(
        "array(Geometry)",
        st_points=geo_parts.points,
        st_interiorrings=geo_parts.interior_rings,
        st_geometries=geo_parts.geometries,
    ),
    *(
        function(name, "Geometry, integer -> Geometry", python=python)
        for name, python in (
            ("st_pointn", geo_parts.point_n),
            ("st_geometryn", geo_parts.geometry_n),
            ("st_interiorringn", geo_parts.interior_ring_n),
        )
    ),
    *_of_two("double", st_distance=geo_measures.distance, line_locate_point=geo_lines.locate_point),
    *_of_two("row(Geometry, Geometry)", geometry_nearest_points=geo_measures.nearest_points),
    function("line_interpolate_point", "Geometry, double -> Geometry", python=geo_lines.interpolate_point),
    function(
        "line_interpolate_points", "Geometry, double -> array(Geometry)", python=geo_lines.interpolate_points
    ),
    function(
        "great_circle_distance",
        "double, double, double, double -> double",
        python=geo_measures.great_circle_distance,
    ),
)
SPHERICAL = (
    function("st_area", "SphericalGeography -> double", python=geo_measures.spherical_area),
    function("st_length", "SphericalGeography -> double", python=geo_measures.spherical_length),
    function(
        "st_distance",
        "SphericalGeography, SphericalGeography -> double",
        python=geo_measures.spherical_distance,
    ),
)
TILES = (
    function("bing_tile", "integer, integer, integer -> BingTile", python=geo_tiles.tile),
    function("bing_tile", "varchar -> BingTile", python=geo_tiles.tile_of_key),
    function("bing_tile_at", "double, double, integer -> BingTile", python=geo_tiles.tile_at),
    function("bing_tile_quadkey", "BingTile -> varchar", python=geo_tiles.quadkey),
    function("bing_tile_coordinates", "BingTile -> row(integer, integer)", rewrite=_coordinates),
    function("bing_tile_zoom_level", "BingTile -> tinyint", python=geo_tiles.zoom_level),
    function("bing_tile_polygon", "BingTile -> Geometry", python=geo_tiles.polygon),
    function(
        "bing_tiles_around", "double, double, integer -> array(BingTile)", python=geo_tiles.tiles_around
    ),
    function(
        "bing_tiles_around",
        "double, double, integer, double -> array(BingTile)",
        python=geo_tiles.tiles_within,
    ),
    function("geometry_to_bing_tiles", "Geometry, integer -> array(BingTile)", python=geo_covers.tiles_of),
)
ENTRIES: tuple[Entry, ...] = (*CONSTRUCTORS, *RELATIONS, *OPERATIONS, *ACCESSORS, *SPHERICAL, *TILES)
