/** What is wrong with an ExportMetricsServiceRequest by the JSON mapping of OTLP (metrics.proto); empty: nothing. */
export function mappingProblems(request: unknown): readonly string[] {
  const problems: string[] = [];
  check(request, REQUEST, '', problems);
  return problems;
}

type Shape =
  | { readonly of: 'message'; readonly fields: Readonly<Record<string, Shape>> }
  | { readonly of: 'list'; readonly items: Shape }
  | { readonly of: 'text' | 'fixed64' | 'double' | 'enum' | 'flag' };

const text = { of: 'text' } as const;
const fixed64 = { of: 'fixed64' } as const;
const double = { of: 'double' } as const;
const temporality = { of: 'enum' } as const;
const flag = { of: 'flag' } as const;
const list = (items: Shape): Shape => ({ of: 'list', items });
const message = (fields: Readonly<Record<string, Shape>>): Shape => ({ of: 'message', fields });

const attributes = list(message({ key: text, value: message({ stringValue: text }) }));
const times = { startTimeUnixNano: fixed64, timeUnixNano: fixed64 };
const numbers = list(message({ attributes, ...times, asDouble: double, asInt: fixed64 }));
const histogramPoint = message({
  ...{ attributes, ...times, count: fixed64, sum: double, bucketCounts: list(fixed64), explicitBounds: list(double) },
});
const metric = message({
  ...{ name: text, description: text, unit: text },
  gauge: message({ dataPoints: numbers }),
  sum: message({ dataPoints: numbers, aggregationTemporality: temporality, isMonotonic: flag }),
  histogram: message({ dataPoints: list(histogramPoint), aggregationTemporality: temporality }),
});
const scope = message({ name: text, version: text });
const REQUEST = message({
  resourceMetrics: list(
    message({
      resource: message({ attributes }),
      scopeMetrics: list(message({ scope, metrics: list(metric) })),
    }),
  ),
});

function check(value: unknown, shape: Shape, path: string, problems: string[]): void {
  if (shape.of === 'message') checkMessage(value, shape.fields, path, problems);
  else if (shape.of === 'list') {
    if (!Array.isArray(value)) problems.push(`${path} is no list`);
    else for (const [at, item] of value.entries()) check(item, shape.items, `${path}[${at}]`, problems);
  } else if (!isOf(value, shape.of)) problems.push(`${path} is no ${shape.of}: ${JSON.stringify(value)}`);
}

function checkMessage(value: unknown, fields: Readonly<Record<string, Shape>>, path: string, problems: string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push(`${path} is no message`);
    return;
  }
  for (const [key, one] of Object.entries(value)) {
    const shape = fields[key];
    if (shape) check(one, shape, `${path}.${key}`, problems);
    else problems.push(`${path} has no field ${key}`);
  }
}

/** 64-bit integers are text of digits, enums are numbers, and doubles that JSON has no number for are text. */
function isOf(value: unknown, kind: 'text' | 'fixed64' | 'double' | 'enum' | 'flag'): boolean {
  if (kind === 'text') return typeof value === 'string';
  if (kind === 'fixed64') return typeof value === 'string' && /^\d{1,20}$/.test(value);
  if (kind === 'enum') return value === 2;
  if (kind === 'flag') return typeof value === 'boolean';
  return typeof value === 'number' || ['NaN', 'Infinity', '-Infinity'].includes(String(value));
}
