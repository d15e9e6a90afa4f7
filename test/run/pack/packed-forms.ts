const EVENTS =
  'datatable(K:int, V:string, Y:dynamic)[1, "a=1 b=x", dynamic([1, "x"]), 2, "", dynamic(null), 3, "c=9", dynamic({"p": 1})]';
const CONTEXT = 'datatable(K:int, W:long)[1, 9007199254740993, 1, 8, 4, long(null)]';

/** What a stream that goes with others may be made of (SEMANTICS 2): an operator each. */
export const PACKED_OPERATORS: Readonly<Record<string, string>> = {
  where: `${EVENTS} | where K > 1`,
  extend: `${EVENTS} | extend L = strlen(V), N = long(null)`,
  project: `${EVENTS} | project V, Again = K`,
  'project-away': `${EVENTS} | project-away Y`,
  'project-keep': `${EVENTS} | project-keep K, Y`,
  'project-rename': `${EVENTS} | project-rename Key = K`,
  'project-reorder': `${EVENTS} | project-reorder V, K`,
  parse: `${EVENTS} | parse V with "a=" A:int " b=" B:string`,
  'parse-where': `${EVENTS} | parse-where V with "a=" A:int " b=" B:string`,
  'parse-kv': `${EVENTS} | parse-kv V as (a:int, b:string) with (pair_delimiter=" ", kv_delimiter="=")`,
  'mv-expand': `${EVENTS} | mv-expand Y`,
  'mv-expand to a type': `${EVENTS} | mv-expand E = Y to typeof(string)`,
  'mv-apply': `${EVENTS} | mv-apply E = Y to typeof(string) on (where E == "x")`,
  invoke: `let f = (t:(K:int)) { t | extend Twice = K * 2 }; ${EVENTS} | invoke f()`,
  lookup: `${EVENTS} | lookup kind=leftouter (${CONTEXT}) on K`,
  'lookup inner': `${EVENTS} | lookup kind=inner (${CONTEXT}) on K`,
  'join inner': `${EVENTS} | join kind=inner (${CONTEXT}) on K`,
  'join leftouter': `${EVENTS} | join kind=leftouter (${CONTEXT}) on K`,
  'join leftsemi': `${EVENTS} | join kind=leftsemi (${CONTEXT}) on K`,
  'join leftanti': `${EVENTS} | join kind=leftanti (${CONTEXT}) on K`,
  'join with a summary': `${EVENTS} | join kind=leftouter (${CONTEXT} | summarize arg_max(W, *) by K) on K`,
  in: `${EVENTS} | where K in ((${CONTEXT} | project K))`,
  union: `union (${EVENTS}), (${CONTEXT})`,
  take: `${EVENTS} | take 2`,
  limit: `${EVENTS} | limit 1`,
  'a window':
    'DeviceEvents | where Timestamp >= datetime(2026-01-01) and ingestion_time() < datetime(2026-01-02) | project DeviceName, Timestamp',
};
