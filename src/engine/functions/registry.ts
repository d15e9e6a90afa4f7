import type { ScalarFunction } from '../value.ts';
import { ARRAY } from './array.ts';
import { ARRAY_SORT } from './array-sort.ts';
import { BAG } from './bag.ts';
import { BINS } from './bin.ts';
import { CALENDAR } from './calendar.ts';
import { COMBINED_HASHES } from './combined-hash.ts';
import { COMMAND_LINE } from './command-line.ts';
import { CONDITIONAL } from './conditional.ts';
import { CONVERSIONS } from './conversions.ts';
import { DATETIME } from './datetime.ts';
import { byName } from './define.ts';
import { ENCODING } from './encoding.ts';
import { ENVIRONMENT } from './environment.ts';
import { EXTRACT } from './extract-json.ts';
import { FORMAT } from './format.ts';
import { BUFFERS } from './geo/buffers.ts';
import { COVERINGS } from './geo/coverings.ts';
import { DENSIFY } from './geo/densify.ts';
import { GEOHASH } from './geo/geohash.ts';
import { H3 } from './geo/h3-cell.ts';
import { H3_GRID } from './geo/h3-grid.ts';
import { GEO_INTERSECTIONS } from './geo/intersections.ts';
import { LINE_MEASURES } from './geo/line-measures.ts';
import { GEO_MEASURES } from './geo/measures.ts';
import { POLYGON_MEASURES } from './geo/polygon-measures.ts';
import { S2 } from './geo/s2.ts';
import { SIMPLIFY } from './geo/simplify.ts';
import { GEO_UNIONS } from './geo/unions.ts';
import { WKT } from './geo/wkt.ts';
import { HASHES } from './hash.ts';
import { IP_SEARCH } from './ip-search.ts';
import { IPV4 } from './ipv4.ts';
import { IPV6 } from './ipv6.ts';
import { MATH } from './math.ts';
import { PARSERS } from './parse-path.ts';
import { URLS } from './parse-url.ts';
import { XML } from './parse-xml.ts';
import { PUNYCODE } from './punycode.ts';
import { RANGE } from './range.ts';
import { SERIES } from './series.ts';
import { SERIES_DECOMPOSE } from './series-decompose.ts';
import { SERIES_FILL } from './series-fill.ts';
import { SERIES_FIT } from './series-fit.ts';
import { SERIES_OUTLIERS } from './series-outliers.ts';
import { SERIES_PERIODS } from './series-periods.ts';
import { SERIES_TRANSFORM } from './series-transform.ts';
import { SERIES_TWO_LINES } from './series-two-lines.ts';
import { SET } from './set.ts';
import { SKETCH } from './sketch.ts';
import { STATISTICS } from './statistics.ts';
import { TEXT } from './text.ts';
import { TEXT_REGEX } from './text-regex.ts';
import { UNICODE } from './unicode.ts';
import { UNITS } from './units.ts';
import { USER_AGENT } from './user-agent.ts';

/** Every scalar function that is computed from the values of its arguments, by name. */
export const SCALAR_FUNCTIONS: ReadonlyMap<string, ScalarFunction> = byName([
  ...ARRAY,
  ...ARRAY_SORT,
  ...BAG,
  ...BINS,
  ...CALENDAR,
  ...COMMAND_LINE,
  ...CONDITIONAL,
  ...CONVERSIONS,
  ...DATETIME,
  ...ENCODING,
  ...ENVIRONMENT,
  ...EXTRACT,
  ...FORMAT,
  ...COMBINED_HASHES,
  ...HASHES,
  ...IPV4,
  ...IPV6,
  ...IP_SEARCH,
  ...MATH,
  ...PARSERS,
  ...RANGE,
  ...SET,
  ...SKETCH,
  ...TEXT,
  ...TEXT_REGEX,
  ...UNICODE,
  ...URLS,
  ...XML,
  ...PUNYCODE,
  ...SERIES,
  ...SERIES_DECOMPOSE,
  ...SERIES_FILL,
  ...SERIES_OUTLIERS,
  ...SERIES_PERIODS,
  ...SERIES_TRANSFORM,
  ...SERIES_FIT,
  ...UNITS,
  ...USER_AGENT,
  ...BUFFERS,
  ...COVERINGS,
  ...DENSIFY,
  ...GEOHASH,
  ...GEO_MEASURES,
  ...GEO_INTERSECTIONS,
  ...GEO_UNIONS,
  ...SIMPLIFY,
  ...LINE_MEASURES,
  ...POLYGON_MEASURES,
  ...WKT,
  ...S2,
  ...H3,
  ...H3_GRID,
  ...STATISTICS,
  ...SERIES_TWO_LINES,
]);
