/** A figure as prom-client gives it. */
export interface Figure {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly {
    readonly value: number;
    readonly labels: Readonly<Partial<Record<string, string | number>>>;
    /** Of a histogram: with `_bucket`, `_sum` or `_count`. */
    readonly metricName?: string;
  }[];
}

export interface FigureTimes {
  /** When counting began, epoch ms. */
  readonly startedAt: number;
  readonly now: number;
}

/** What is told of the process, by the names of OpenTelemetry's conventions. */
export type ResourceAttributes = Readonly<Record<string, string>>;

type Json = Readonly<Record<string, unknown>>;

/** AGGREGATION_TEMPORALITY_CUMULATIVE: enums are numbers in this mapping. */
const CUMULATIVE = 2;
const SCOPE = { name: 'huntwire' };

/** An ExportMetricsServiceRequest of OTLP in its JSON mapping: lowerCamelCase names, 64-bit integers as text, times in nanoseconds. */
export function otlpRequest(figures: readonly Figure[], resource: ResourceAttributes, times: FigureTimes): Json {
  const metrics = figures.flatMap((figure) => metricOf(figure, times) ?? []);
  const scopeMetrics = [{ scope: SCOPE, metrics }];
  return { resourceMetrics: [{ resource: { attributes: attributesOf(resource) }, scopeMetrics }] };
}

function metricOf({ name, help: description, type, values }: Figure, times: FigureTimes): Json | null {
  if (values.length === 0) return null;
  if (type === 'counter') {
    const dataPoints = values.map((one) => ({ ...sinceStart(times), ...numberOf(one) }));
    return { name, description, sum: { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true } };
  }
  if (type === 'gauge') {
    const timeUnixNano = nano(times.now);
    return { name, description, gauge: { dataPoints: values.map((one) => ({ timeUnixNano, ...numberOf(one) })) } };
  }
  if (type !== 'histogram') return null;
  const dataPoints = histograms(name, values).map((point) => ({ ...sinceStart(times), ...point }));
  return { name, description, histogram: { dataPoints, aggregationTemporality: CUMULATIVE } };
}

function sinceStart({ startedAt, now }: FigureTimes): Json {
  return { startTimeUnixNano: nano(startedAt), timeUnixNano: nano(now) };
}

/** As text: a number of JavaScript has no room for nanoseconds. */
function nano(time: number): string {
  return `${Math.round(time)}000000`;
}

function numberOf({ value, labels }: Figure['values'][number]): Json {
  return { attributes: attributesOf(labels), asDouble: finite(value) };
}

/** JSON has no other numbers; the mapping has these as text. */
function finite(value: number): number | string {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

function attributesOf(labels: Figure['values'][number]['labels']): readonly Json[] {
  const known = Object.entries(labels).filter(([, value]) => value !== undefined);
  return known.map(([key, value]) => ({ key, value: { stringValue: String(value) } }));
}

interface Buckets {
  readonly attributes: readonly Json[];
  readonly bounds: { readonly bound: number; readonly upTo: number }[];
  sum: number;
  count: number;
}

/** Of each set of labels one: prom-client counts what lies up to each bound, OTLP what lies between two. */
function histograms(name: string, values: Figure['values']): readonly Json[] {
  const found = new Map<string, Buckets>();
  for (const { value, labels, metricName } of values) {
    const { le, ...own } = labels;
    const key = JSON.stringify(Object.entries(own).sort());
    const one: Buckets = found.get(key) ?? { attributes: attributesOf(own), bounds: [], sum: 0, count: 0 };
    found.set(key, one);
    if (metricName === `${name}_sum`) one.sum = value;
    else if (metricName === `${name}_count`) one.count = value;
    else if (Number.isFinite(Number(le))) one.bounds.push({ bound: Number(le), upTo: value });
  }
  return [...found.values()].map(histogramOf);
}

function histogramOf({ attributes, bounds, sum, count }: Buckets): Json {
  const inOrder = [...bounds].sort((a, b) => a.bound - b.bound);
  const upTo = [...inOrder.map((one) => one.upTo), count];
  const bucketCounts = upTo.map((total, at) => String(total - (upTo[at - 1] ?? 0)));
  return {
    attributes,
    count: String(count),
    sum: finite(sum),
    bucketCounts,
    explicitBounds: inOrder.map(({ bound }) => bound),
  };
}

/** In parts of at most so many values, whole figures where they fit: a request must not grow with the number of rules. */
export function figureParts(figures: readonly Figure[], most: number): readonly (readonly Figure[])[] {
  const parts: Figure[][] = [[]];
  let count = 0;
  for (const figure of figures.flatMap((one) => piecesOf(one, most))) {
    if (count > 0 && count + figure.values.length > most) {
      parts.push([]);
      count = 0;
    }
    parts.at(-1)?.push(figure);
    count += figure.values.length;
  }
  return parts;
}

/** Values of one histogram belong together. */
function piecesOf(figure: Figure, most: number): readonly Figure[] {
  if (figure.values.length <= most || figure.type === 'histogram') return [figure];
  const pieces: Figure[] = [];
  for (let at = 0; at < figure.values.length; at += most)
    pieces.push({ ...figure, values: figure.values.slice(at, at + most) });
  return pieces;
}
