/**
 * Two things in one file, because a startup snapshot is made of a single script: `node --build-snapshot` of it with the parser's scripts as
 * arguments makes a parser image (parser/parser-image.ts); a process that starts from the image loads it again, and with it the analyst.
 */
const { readFileSync } = require('node:fs') as typeof import('node:fs');
const { createRequire } = require('node:module') as typeof import('node:module');
const { startupSnapshot } = require('node:v8') as typeof import('node:v8');
const { runInThisContext } = require('node:vm') as typeof import('node:vm');

/** Asks for most of the grammar, so that it is built, and for the functions that read and bind most queries, so that they are compiled. */
const WARM_UP = String.raw`
let names = dynamic(["a", "b"]); let since = 1h; let isOdd = (text: string) { text has "x" or strlen(text) > 5 };
let other = datatable(Id: string, Seen: datetime, Note: dynamic)[] | where Seen > ago(since) | summarize arg_max(Seen, *) by Id;
datatable(Timestamp: datetime, Id: string, Name: string, Text: string, Count: long, Data: dynamic)[]
| where Timestamp between (ago(2d) .. now()) and Name in~ (names) and not(Text matches regex @"(?i)\b[a-z]+")
| where Text has_any ("a", "b") or (Text contains "c" and Text !startswith "d") or Name =~ "e" or isOdd(Text)
| extend Part = tostring(split(Text, "\\")[-1]), Kind = case(Count > 1, "many", isempty(Name), "none", "one"), Field = tostring(parse_json(Data).x.y[0])
| mv-expand Item = Data.items to typeof(string)
| join kind=inner (other | project Id, Seen, Note) on Id
| lookup kind=leftouter (other | distinct Id) on $left.Id == $right.Id
| summarize Total = count(), Names = make_set(Name, 10), Different = dcount(Text), First = min(Timestamp), Last = max(Timestamp) by Id, bin(Timestamp, 1h), Kind
| where Total > 3 and iff(Different >= 2, true, false)
| union (other | project Id, Total = toint(strlen(Id)))
| project-away Kind | project-rename Device = Id | sort by Total desc | top 5 by Last | take 3
`;

interface Kusto {
  readonly Language: {
    readonly KustoCode: { ParseAndAnalyze(text: string, globals: object): { GetDiagnostics(): unknown } };
    readonly GlobalState: { readonly Default: object };
  };
}

if (startupSnapshot.isBuildingSnapshot()) {
  for (const file of process.argv.slice(2)) runInThisContext(readFileSync(file, 'utf8'), { filename: file });
  const { Language } = (globalThis as unknown as { readonly Kusto: Kusto }).Kusto;
  for (const text of ['print 1', WARM_UP])
    Language.KustoCode.ParseAndAnalyze(text, Language.GlobalState.Default).GetDiagnostics();
  startupSnapshot.setDeserializeMainFunction(() => {
    const [, entry = ''] = process.argv;
    createRequire(entry)(entry);
  });
} else {
  import('./analyst-thread.ts').catch(() => process.exit(1));
}
