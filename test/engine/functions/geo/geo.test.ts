import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../../evaluate.ts';

describe('places on the sphere', () => {
  it.each([
    ['geo_distance_2points(0, 0, 0, 0)', 0],
    ['round(geo_distance_2points(0, 0, 0, 1))', 111195],
    ['geo_distance_2points(181, 0, 0, 1)', null],
    ['geo_distance_2points(0, real(null), 0, 1)', null],
    ['geo_azimuth(0, 0, 1, 0) == pi() / 2', true],
    ['geo_azimuth(0, 0, -1, 0) > pi()', true],
    ['geo_azimuth(1, 1, 1, 1)', null],
    ['geo_point_in_circle(0, 0, 0, 1, 111196)', true],
    ['geo_point_in_circle(0, 0, 0, 1, 111000)', false],
    ['geo_point_in_circle(0, 0, 0, 1, -1)', null],
    [
      'geo_point_in_polygon(1.5, 1.5, dynamic({"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]],[[0.5,0.5],[1,0.5],[1,1],[0.5,1],[0.5,0.5]]]}))',
      true,
    ],
    [
      'geo_point_in_polygon(0.75, 0.75, dynamic({"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]],[[0.5,0.5],[1,0.5],[1,1],[0.5,1],[0.5,0.5]]]}))',
      false,
    ],
    [
      'geo_point_in_polygon(3, 1, dynamic({"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]],[[0.5,0.5],[1,0.5],[1,1],[0.5,1],[0.5,0.5]]]}))',
      false,
    ],
    [
      'geo_point_in_polygon(-178.5, -1.5, dynamic({"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]],[[0.5,0.5],[1,0.5],[1,1],[0.5,1],[0.5,0.5]]]}))',
      false,
    ],
    ['geo_point_in_polygon(1, 1, dynamic({"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}))', null],
    ['geo_point_in_polygon(1, 1, dynamic({"type":"Point","coordinates":[1,1]}))', null],
    [
      'geo_point_in_polygon(11, 1, dynamic({"type":"MultiPolygon","coordinates":[[[[0,0],[2,0],[2,2],[0,0]]],[[[10,0],[12,0],[12,2],[10,0]]]]}))',
      true,
    ],
    ['geo_point_in_polygon(1, 1, dynamic(null))', null],
    [
      'geo_intersects_2lines(dynamic({"type":"LineString","coordinates":[[0,0],[2,2]]}), dynamic({"type":"LineString","coordinates":[[0,2],[2,0]]}))',
      true,
    ],
    [
      'geo_intersects_2lines(dynamic({"type":"LineString","coordinates":[[0,0],[1,1]]}), dynamic({"type":"LineString","coordinates":[[0,2],[2,3]]}))',
      false,
    ],
    [
      'geo_intersects_2lines(dynamic({"type":"LineString","coordinates":[[0,0],[2,2]]}), dynamic({"type":"LineString","coordinates":[[180,2],[178,-4]]}))',
      false,
    ],
    [
      'geo_intersects_2lines(dynamic({"type":"LineString","coordinates":[[0,0]]}), dynamic({"type":"LineString","coordinates":[[0,2],[2,0]]}))',
      null,
    ],
    [
      'geo_intersects_line_with_polygon(dynamic({"type":"LineString","coordinates":[[1.2,1.2],[1.4,1.4]]}), dynamic({"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]],[[0.5,0.5],[1,0.5],[1,1],[0.5,1],[0.5,0.5]]]}))',
      true,
    ],
    [
      'geo_intersects_line_with_polygon(dynamic({"type":"LineString","coordinates":[[5,5],[6,6]]}), dynamic({"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]],[[0.5,0.5],[1,0.5],[1,1],[0.5,1],[0.5,0.5]]]}))',
      false,
    ],
    [
      'geo_intersects_2polygons(dynamic({"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]],[[0.5,0.5],[1,0.5],[1,1],[0.5,1],[0.5,0.5]]]}), dynamic({"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]],[[0.5,0.5],[1,0.5],[1,1],[0.5,1],[0.5,0.5]]]}))',
      true,
    ],
    [
      'geo_intersects_2polygons(dynamic({"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]],[[0.5,0.5],[1,0.5],[1,1],[0.5,1],[0.5,0.5]]]}), dynamic({"type":"Polygon","coordinates":[[[5,5],[6,5],[6,6],[5,5]]]}))',
      false,
    ],
    [
      'geo_intersects_2polygons(dynamic({"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]],[[0.5,0.5],[1,0.5],[1,1],[0.5,1],[0.5,0.5]]]}), dynamic({}))',
      null,
    ],
    [
      'geo_line_interpolate_point(dynamic({"type":"LineString","coordinates":[[0,0],[10,0]]}), 0)',
      { type: 'Point', coordinates: [0, 0] },
    ],
    [
      'round(todouble(geo_line_interpolate_point(dynamic({"type":"LineString","coordinates":[[0,0],[10,0],[10,10]]}), 0.75).coordinates[1]), 6)',
      5,
    ],
    [
      'geo_line_interpolate_point(dynamic({"type":"LineString","coordinates":[[0,0],[10,0]]}), 1)',
      { type: 'Point', coordinates: [10, 0] },
    ],
    ['geo_line_interpolate_point(dynamic({"type":"LineString","coordinates":[[0,0],[10,0]]}), 2)', null],
    ['geo_point_to_geohash(-80.195829, 25.802215, 8)', 'dhwfz15h'],
    ['geo_point_to_geohash(0, 0)', 's0000'],
    ['geo_point_to_geohash(0, 0, 19)', ''],
    ['geo_point_to_geohash(0, 91, 5)', ''],
    ['geo_geohash_to_central_point("s")', { type: 'Point', coordinates: [22.5, 22.5] }],
    ['geo_geohash_to_central_point("a")', null],
    ['geo_geohash_to_polygon("s").coordinates[0][2]', [45, 45]],
    ['geo_geohash_to_polygon("")', null],
    ['array_length(geo_geohash_neighbors("sunny"))', 8],
    ['array_length(geo_geohash_neighbors("bpb"))', 5],
    ['geo_geohash_neighbors("bp")[0]', 'zz'],
    ['geo_geohash_neighbors("!")', null],
    ['geo_point_to_s2cell(-80.195829, 25.802215, 8)', '88d9b'],
    ['strlen(geo_point_to_s2cell(1, 1, 30))', 16],
    ['geo_point_to_s2cell(0, 0, 31)', ''],
    ['geo_point_to_s2cell(200, 0, 5)', ''],
    ['geo_s2cell_to_central_point("1")', { type: 'Point', coordinates: [0, 0] }],
    ['geo_s2cell_to_central_point("zz")', null],
    ['geo_s2cell_to_central_point("2")', null],
    ['array_length(geo_s2cell_to_polygon("89c259").coordinates[0])', 5],
    [
      'geo_point_to_s2cell(todouble(geo_s2cell_to_central_point("89c259").coordinates[0]), todouble(geo_s2cell_to_central_point("89c259").coordinates[1]), 10)',
      '89c259',
    ],
    ['geo_s2cell_to_polygon("")', null],
    ['geo_from_wkt("POINT (1 -2.5)")', { type: 'Point', coordinates: [1, -2.5] }],
    ['geo_from_wkt("polygon((0 0, 2 0, 2 2, 0 0),(1 1, 1 1))").type', 'Polygon'],
    [
      'geo_from_wkt("MULTIPOINT ((1 1), 2 2)")',
      {
        type: 'MultiPoint',
        coordinates: [
          [1, 1],
          [2, 2],
        ],
      },
    ],
    [
      'geo_from_wkt("GEOMETRYCOLLECTION (POINT (1 1), LINESTRING (2 2, 3 3))").geometries[1]',
      {
        type: 'LineString',
        coordinates: [
          [2, 2],
          [3, 3],
        ],
      },
    ],
    ['geo_from_wkt("POINT 1 2")', null],
    ['geo_from_wkt("POINT (1)")', null],
    ['geo_from_wkt("POINT (1 2) x")', null],
    ['geo_from_wkt("CIRCLE (1 2)")', null],
    ['geo_from_wkt("")', null],
    ['geo_from_wkt(strcat(strrep("GEOMETRYCOLLECTION (", 100), "POINT (1 1)", strrep(")", 100)))', null],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });
});
