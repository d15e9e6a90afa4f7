import { constantOf } from './constants.mjs';
import { demand } from './demand.mjs';
import { argumentsOf, childOf, itemsOf, nameOf, unwrap } from './nodes.mjs';
import { render } from './render.mjs';
import { createSamples } from './samples.mjs';
import { elementOf, merge, newWish, rootOf, share } from './wish.mjs';

const PASSES = 12;
const MOST_COPIES = 120;

/**
 * Rows for the tables of a query, made from its own literals: every pass takes another branch of each alternative. Gives rows by
 * table and the fixtures for functions and external data. `now` in epoch milliseconds.
 */
export function makeRows(tree, now, api) {
  const made = {
    tables: {},
    functions: { FileProfile: [], SeenBy: [], DeviceFromIP: [], geo_info_from_ip_address: [] },
    externaldata: {},
  };
  for (const address of addressesIn(tree, api)) made.externaldata[address] = [];
  for (let pass = 0; pass < PASSES; pass += 1) runPass(tree, { now, pass, api, made });
  return made;
}

/** Where the query reads external data from: files that no condition asks for are empty. */
function addressesIn(tree, api) {
  const sources = [...api.walk(tree.root)].filter((node) => node.kind === 'ExternalDataExpression');
  return sources.flatMap((node) => itemsOf(node, 'URIs').map((address) => address.value)).filter(Boolean);
}

function runPass(tree, { now, pass, api, made }) {
  const context = createContext(tree, now, pass, api);
  const statements = itemsOf(tree.root, 'Statements');
  for (const statement of statements) declare(statement, context);
  for (const statement of statements) {
    if (statement.kind === 'ExpressionStatement') demand(childOf(statement, 'Expression'), new Map(), context);
  }
  const samples = createSamples(api.parseRegex);
  for (let copy = 0; copy < context.copies; copy += 1) {
    const slot = { now, samples, copy: copy + pass * 1000, pass };
    for (const row of context.rows) addRow(row, slot, api, made);
  }
}

function declare(statement, context) {
  if (statement.kind !== 'LetStatement') return;
  const [name, value] = [childOf(statement, 'Name'), childOf(statement, 'Expression')];
  if (name && value) context.lets.set(nameOf(name), value);
}

function createContext(tree, now, pass, api) {
  const context = {
    now,
    depth: 0,
    choices: 0,
    copies: 1,
    lets: new Map(),
    rows: [],
    searchColumn: 'AdditionalFields',
    namesUsed: columnNames(tree, api),
    merge,
    share,
    elementOf,
    demand: (expression, wishes) => demand(expression, wishes, context),
    /** Which of `count` alternatives this pass takes. */
    choose(count) {
      context.choices += 1;
      return pass < 3 ? pass % count : (pass * 7 + context.choices * (pass - 2)) % count;
    },
    repeat(count) {
      if (Number.isFinite(count))
        context.copies = Math.min(MOST_COPIES, Math.max(context.copies, Math.ceil(count) + 1));
    },
    tableRow(table, wishes) {
      context.rows.push({ kind: 'table', name: table, wishes });
    },
    externalRow(node, wishes) {
      const [first] = itemsOf(node, 'URIs').map((item) => String(constantOf(item, context) ?? ''));
      const columns = itemsOf(childOf(node, 'Schema'), 'Columns').map((column) => ({
        name: nameOf(column),
        type: nameOf(column.children[1]),
      }));
      context.rows.push({ kind: 'externaldata', name: first ?? '', columns, wishes });
    },
    functionRow(name, wishes) {
      context.rows.push({ kind: 'functions', name, wishes });
      return wishes;
    },
    needsAnswer: (node) => /geo_info_from_ip_address/.test(nameOf(node)),
    isTable: (node) => isTable(node, context),
    valueOfTable: (node) => valueOfTable(node, context),
    inCall: (node, act) => inCall(node, act, context),
    textsIn: (node) =>
      [...api.walk(node)].filter((one) => one.kind === 'StringLiteralExpression').map((one) => one.value),
  };
  return context;
}

/** Names that stand for columns, or for something that only the data can tell. */
function columnNames(tree, api) {
  const names = [...api.walk(tree.root)].filter(
    (node) => node.kind === 'NameReference' && (node.reference === null || node.reference.kind === 'column'),
  );
  return new Set(names.map(nameOf));
}

function isTable(node, context) {
  const inner = unwrap(node);
  const bound = inner.kind === 'NameReference' ? context.lets.get(nameOf(inner)) : null;
  if (bound && bound !== inner) return isTable(bound, context);
  return inner.columns !== null || inner.kind === 'ToScalarExpression';
}

/** Makes rows for a table on the right of `in` and gives the wish of its first column. */
function valueOfTable(node, context) {
  const inner = unwrap(node);
  const bound = inner.kind === 'NameReference' ? context.lets.get(nameOf(inner)) : null;
  if (bound && bound !== inner) return valueOfTable(bound, context);
  const table = inner.kind === 'ToScalarExpression' ? childOf(inner, 'Expression') : inner;
  const [column] = table?.columns ?? unwrap(table)?.columns ?? [];
  const wish = { ...newWish(), shared: true };
  const array = column?.type === 'dynamic' ? newWish() : wish;
  if (array !== wish) rootOf(array).element = wish;
  if (table) demand(table, new Map(column ? [[column.name, array]] : []), context);
  return wish;
}

/** Runs `act` on the body of a called function, its parameters bound to the call's arguments. */
function inCall(node, act, context) {
  const before = new Map(context.lets);
  const declaration = context.lets.get(nameOf(node));
  const parameters = declaration ? childOf(declaration, 'Parameters') : null;
  const names = parameters
    ? itemsOf(parameters, 'Parameters').map((one) => nameOf(childOf(one, 'NameAndType') ?? one))
    : [];
  for (const [at, argument] of argumentsOf(node).entries()) if (names[at]) context.lets.set(names[at], argument);
  for (const statement of itemsOf(node.body, 'Statements')) declare(statement, context);
  const body = childOf(node.body, 'Expression');
  const result = context.depth < 200 && body ? act(body) : undefined;
  context.lets = before;
  return result;
}

function addRow({ kind, name, columns, wishes }, slot, api, made) {
  const known = columns ?? api.columnsOfTable(name);
  const values = {};
  for (const { name: column, type } of known ?? answerColumns(wishes)) {
    const wish = wishes.get(column) ?? newWish();
    values[column] = render(wish, { ...slot, name: column, type });
  }
  const rows = kind === 'table' ? made.tables : made[kind];
  rows[name] ??= [];
  rows[name].push(values);
}

const NUMBERS = /^(GlobalPrevalence|FileSize)$/;

function answerColumns(wishes) {
  return [...wishes.keys()].map((name) => ({ name, type: NUMBERS.test(name) ? 'long' : typeOfAnswer(name) }));
}

function typeOfAnswer(name) {
  if (/^Is/.test(name)) return 'bool';
  return /^Global(First|Last)Seen$/.test(name) ? 'datetime' : 'string';
}
