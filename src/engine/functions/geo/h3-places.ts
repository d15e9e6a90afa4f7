import type { GeoPosition } from './sphere.ts';
import { arcSine, arcTangent, longProduct, longQuotient, longSum, sineAndCosine } from './trigonometry.ts';

/**
 * Where points of the H3 grid are, to the last digit: the grid is a lattice on each of twenty faces, and a point is computed from its
 * place on it, step by step as the service's library does. Which place it is tells the point itself, which is known to some digits.
 */

/** Latitude and longitude of the middle of each face, and the direction of its first axis, in radians. Facts of the H3 grid. */
const FACES: readonly (readonly [number, number, number])[] = [
  [0.80358264971899, 1.2483974196173961, 5.6199582685239395],
  [1.3077478834556382, 2.5369450098779214, 5.7603390817141875],
  [1.054751253523952, -1.3475173589003966, 0.78021365439343],
  [0.6001915955381868, -0.45060390946975576, 0.4304693639799999],
  [0.49171542819877384, 0.40198820291130694, 6.130269123335111],
  [0.1727453274156187, 1.6781468852804338, 2.692877706530643],
  [0.6059293215713507, 2.9539233298124117, 2.982963003477244],
  [0.42737051832897965, -1.8888762003362853, 3.532912002790141],
  [-0.07906611854921283, -0.7334295133808677, 3.494305004259568],
  [-0.23096164445538364, 0.506495587332349, 3.0032141694995382],
  [0.07906611854921283, 2.4081631402089254, 5.930472956509812],
  [0.23096164445538364, -2.635097066257444, 0.13837848409025486],
  [-0.1727453274156187, -1.4634457683093596, 0.4487149470591504],
  [-0.6059293215713507, -0.18766932377738163, 0.15862965011254937],
  [-0.42737051832897965, 1.2527164532535078, 5.891865957979238],
  [-0.6001915955381868, 2.6909887441200375, 2.711123289609793],
  [-0.49171542819877384, -2.7396044506784865, 3.294508837434268],
  [-0.80358264971899, -1.8931952339723972, 3.80481969224544],
  [-1.3077478834556382, -0.6046476437118721, 3.6644388790551923],
  [-1.054751253523952, 1.7940752946893965, 2.361378999196363],
];

/** Constants with twice the digits of a double. */
const SINE_60 = [0.8660254037844386, 5.0175421109034514e-17] as const;
const ROOT_7 = [2.6457513110645907, -1.2566948082017735e-16] as const;
/** Length of a step of the coarsest grid on the plane of a face. */
const STEP = [0.381966011250105, 1.3578041333706351e-17] as const;
/** By this angle the grids of odd levels are turned. */
const TURN = [0.3334731722518321, 2.0232894048364963e-17] as const;
const CIRCLE = [6.283185307179586, 2.4492935982947064e-16] as const;
const DEGREES = [57.29577951308232, -1.9878495670576283e-15] as const;
/** How far from the lattice a point may seem to be and still be meant. */
const TOLERANCE = 0.01;

/** Centers of cells are points of their level's grid, corners those of a grid three times as fine, of an even level. */
export interface GridLevel {
  readonly level: number;
  readonly isCorner: boolean;
}

function withinCircle(angle: number): number {
  if (angle < 0) return longSum(angle, CIRCLE);
  return angle >= CIRCLE[0] ? longSum(angle, [-CIRCLE[0], -CIRCLE[1]]) : angle;
}

function isTurned({ level, isCorner }: GridLevel): boolean {
  return !isCorner && level % 2 === 1;
}

/** The cosine of the angle between the middle of a face and a place. */
function closeness(face: number, [longitude, latitude]: GeoPosition): number {
  const [lat, lng] = FACES[face] ?? [0, 0];
  return Math.sin(lat) * Math.sin(latitude) + Math.cos(lat) * Math.cos(latitude) * Math.cos(longitude - lng);
}

/** The place on the face's lattice; null where the point is none of it (a corner where a side crosses the edge of a face). */
function latticePlace(face: number, place: GeoPosition, grid: GridLevel): readonly [number, number] | null {
  const [longitude, latitude] = place;
  const [lat, lng, axis] = FACES[face] ?? [0, 0, 0];
  const north = Math.cos(lat) * Math.sin(latitude) - Math.sin(lat) * Math.cos(latitude) * Math.cos(longitude - lng);
  const east = Math.cos(latitude) * Math.sin(longitude - lng);
  const angle = axis - Math.atan2(east, north) - (isTurned(grid) ? TURN[0] : 0);
  const scale = Math.sqrt(7) ** grid.level * (grid.isCorner ? 3 : 1);
  const radius = (Math.hypot(north, east) / closeness(face, place) / STEP[0]) * scale;
  const [x, y] = [radius * Math.cos(angle), (radius * Math.sin(angle)) / SINE_60[0]];
  const [i, j] = [Math.round(x + 0.5 * y), Math.round(y)];
  return Math.abs(x - (i - 0.5 * j)) < TOLERANCE && Math.abs(y - j) < TOLERANCE ? [i, j] : null;
}

/** Distance and direction from the middle of the face. */
function polarOf(axis: number, [i, j]: readonly [number, number], grid: GridLevel): readonly [number, number] {
  const [x, y] = [i - 0.5 * j, longProduct(j, SINE_60)];
  let radius = Math.sqrt(x * x + y * y);
  for (let step = 0; step < grid.level; step += 1) radius = longQuotient(radius, ROOT_7);
  if (grid.isCorner) radius /= 3;
  const turned = isTurned(grid) ? withinCircle(longSum(arcTangent(y, x), TURN)) : arcTangent(y, x);
  return [arcTangent(longProduct(radius, STEP), 1), withinCircle(axis - turned)];
}

function limited(value: number): number {
  return Math.max(-1, Math.min(1, value));
}

/** The place, in radians, at a distance in a direction. */
function placeFrom(lat: number, lng: number, distance: number, direction: number): GeoPosition {
  const [[sinLat, cosLat], [sinFar, cosFar]] = [sineAndCosine(lat), sineAndCosine(distance)];
  const [sinAway, cosAway] = sineAndCosine(direction);
  const latitude = arcSine(limited(sinLat * cosFar + cosLat * sinFar * cosAway));
  const [sinNew, cosNew] = sineAndCosine(latitude);
  const east = limited((sinAway * sinFar) / cosNew);
  const ahead = limited((cosFar - sinLat * sinNew) / cosLat / cosNew);
  const longitude = lng + arcTangent(east, ahead);
  return [
    longitude > Math.PI ? longitude - 2 * Math.PI : longitude < -Math.PI ? longitude + 2 * Math.PI : longitude,
    latitude,
  ];
}

/** A point of the grid in degrees, from what is known of it in degrees. */
export function exactPlace([longitude, latitude]: GeoPosition, grid: GridLevel): GeoPosition {
  const known: GeoPosition = [longitude / DEGREES[0], latitude / DEGREES[0]];
  const nearest = FACES.map((_, face) => closeness(face, known));
  const face = nearest.indexOf(Math.max(...nearest));
  const [lat, lng, axis] = FACES[face] ?? [0, 0, 0];
  const place = latticePlace(face, known, grid);
  if (!place) return [longitude, latitude];
  if (place[0] === 0 && place[1] === 0) return [longProduct(lng, DEGREES), longProduct(lat, DEGREES)];
  const [x, y] = placeFrom(lat, lng, ...polarOf(axis, place, grid));
  return [longProduct(x, DEGREES), longProduct(y, DEGREES)];
}
