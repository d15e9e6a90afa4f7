import { describe, expect, it } from '@jest/globals';
import { overlayShapes } from '../../../../src/engine/functions/geo/overlay/overlay.ts';
import type { GeoShape } from '../../../../src/engine/functions/geo/overlay/shape.ts';
import { evaluate } from '../../evaluate.ts';
import { areaOfShapes, type LatticePoint, latticeShape, overlayAreas, type Plane } from './lattice.ts';

const rectangle = (x: number, y: number, width: number, height: number): LatticePoint[] => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
];

const plane = (unit: number, turn: number): Plane => ({ unit, turns: [turn * 0.3, turn * 0.7, turn * 1.1] });

/** Planes on which rounding made up a crossing for one or another of the cases. */
const PLANES: readonly Plane[] = [
  ...[1, 68, 73, 85, 144, 155].map((turn) => plane(0.1, turn)),
  ...[66, 94, 117, 141].map((turn) => plane(0.01, turn)),
  ...[16, 57, 75].map((turn) => plane(1e-3, turn)),
  ...[0, 1, 2].map((turn) => plane(1e-5, turn)),
];

const big = rectangle(0, 0, 6, 6);
const triangle: readonly LatticePoint[] = [
  [0, 0],
  [6, 2],
  [1, 5],
];

describe('shapes that touch', () => {
  it.each<{ name: string; a: readonly LatticePoint[]; b: readonly LatticePoint[]; common?: readonly LatticePoint[] }>([
    { name: 'beside each other along a whole side', a: big, b: rectangle(6, 0, 3, 6) },
    { name: 'beside each other along a part of a side', a: rectangle(0, 0, 1, 11), b: rectangle(1, 1, 1, 1) },
    { name: 'beside each other along parts of both sides', a: big, b: rectangle(6, 3, 2, 6) },
    { name: 'at a corner', a: big, b: rectangle(6, 6, 1, 1) },
    { name: 'with a corner on a side', a: big, b: triangle.map(([x, y]) => [x + 6, y + 1] as const) },
    { name: 'the same', a: triangle, b: triangle, common: triangle },
    {
      name: 'the same from another corner on',
      a: triangle,
      b: [
        [6, 2],
        [1, 5],
        [0, 0],
      ],
      common: triangle,
    },
    {
      name: 'the same with a corner on a side',
      a: triangle,
      b: [
        [0, 0],
        [3, 1],
        [6, 2],
        [1, 5],
      ],
      common: triangle,
    },
    { name: 'one within the other along a side', a: big, b: rectangle(0, 1, 2, 3), common: rectangle(0, 1, 2, 3) },
    { name: 'one within the other in its corner', a: big, b: rectangle(0, 0, 2, 5), common: rectangle(0, 0, 2, 5) },
    { name: 'one within the other from side to side', a: big, b: rectangle(0, 2, 6, 1), common: rectangle(0, 2, 6, 1) },
    {
      name: 'over each other on the same lines',
      a: rectangle(0, 0, 4, 2),
      b: rectangle(1, 0, 6, 2),
      common: rectangle(1, 0, 3, 2),
    },
    {
      name: 'over each other along a slope',
      a: triangle,
      b: [
        [3, 1],
        [9, 3],
        [2, 4],
      ],
      common: [
        [3, 1],
        [6, 2],
        [2.875, 3.875],
        [2, 4],
      ],
    },
  ])('$name', ({ a, b, common }) => {
    for (const at of PLANES) {
      const [first, second] = [latticeShape(a, at), latticeShape(b, at)];
      const expected = common ? areaOfShapes([latticeShape(common, at)]) : 0;
      const whole = areaOfShapes([first, second]);
      const { unions, commons } = overlayAreas([first], [second]);
      for (const area of commons) expect(area / whole).toBeCloseTo(expected / whole, 8);
      for (const area of unions) expect(area / whole).toBeCloseTo(1 - expected / whole, 8);
    }
  });
});

it('sides apart from each other on one line do not cross', () => {
  const [a, b, c]: readonly GeoShape[] = [
    [
      [
        [-0.78620317044302, 0.5631800995516724, 0.2543870088159218],
        [-0.6144943028461096, 0.6288846442337986, 0.4763411130866222],
        [-0.5498006634359999, 0.7926303719385016, 0.2635456771908181],
      ],
    ],
    [
      [
        [-0.8333559460019202, 0.012778370618788212, 0.5525889797196225],
        [-0.5135614386718554, 0.8576925155512829, 0.024863577309119474],
        [-0.9677474816893967, 0.17227251199113203, -0.18381238613351436],
      ],
    ],
    [
      [
        [-0.7019066239418236, 0.6625589142094745, 0.26142451390057814],
        [-0.9677474816893967, 0.17227251199113203, -0.18381238613351436],
        [-0.938290163493876, 0.0683866144457712, 0.3390204124463322],
      ],
    ],
  ];
  const united = overlayShapes([a ?? []], [b ?? []], 'union').shapes;
  const { unions, commons } = overlayAreas(united, [c ?? []]);
  expect((unions[0] ?? 0) + (commons[0] ?? 0)).toBeCloseTo(areaOfShapes(united) + areaOfShapes([c ?? []]), 12);
});

it('shapes whose corners are the same but for rounding have their areas', () => {
  const first: GeoShape = [
    [
      [-0.04045677521017405, -0.9800864906412174, -0.19440607038407084],
      [0.18692259585663135, -0.9174954132201553, 0.3510870403164937],
      [0.0009118524407453406, -0.9946671650176272, 0.1031329208396758],
    ],
  ];
  const second: GeoShape = [
    [
      [-0.040456775210174906, -0.980086490641218, -0.19440607038406815],
      [0.3117109644201176, -0.9426222711380531, -0.11958063645431564],
      [0.05282675677967472, -0.9600475867845177, 0.27480532177773576],
      [-0.016052742950505596, -0.9819998499248245, 0.18819831080906946],
    ],
  ];
  const { unions, commons } = overlayAreas([first], [second]);
  expect((unions[0] ?? 0) + (commons[0] ?? 0)).toBeCloseTo(areaOfShapes([first, second]), 12);
});

describe('what touches at 0.4 degrees east', () => {
  const box = (east: number, south: number, north: number): string =>
    `dynamic({"type":"Polygon","coordinates":[[[${east},${south}],[${east + 0.1},${south}],[${east + 0.1},${north}],[${east},${north}],[${east},${south}]]]})`;
  const line = (south: number, north: number): string =>
    `dynamic({"type":"LineString","coordinates":[[0.4,${south}],[0.4,${north}]]})`;

  it.each([
    [`tostring(geo_intersection_2polygons(${box(0.3, 0.3, 1.4)}, ${box(0.4, 0.4, 0.5)}).type)`, 'LineString'],
    [
      `abs(geo_polygon_area(geo_union_polygons_array(pack_array(${box(0.3, 0.3, 1.4)}, ${box(0.4, 0.4, 0.5)}))) - geo_polygon_area(${box(0.3, 0.3, 1.4)}) - geo_polygon_area(${box(0.4, 0.4, 0.5)})) < 1`,
      true,
    ],
    [
      `abs(geo_line_length(geo_intersection_line_with_polygon(${line(0.3, 1.4)}, ${box(0.4, 0.4, 0.5)})) - geo_line_length(${line(0.4, 0.5)})) < 0.001`,
      true,
    ],
    [
      `abs(geo_line_length(geo_intersection_2lines(${line(0.3, 1.4)}, ${line(0.4, 0.5)})) - geo_line_length(${line(0.4, 0.5)})) < 0.001`,
      true,
    ],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toBe(expected);
  });
});
