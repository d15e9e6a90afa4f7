import { childOf, itemsOf, type KqlNode } from '../ast.ts';
import type { NoteFinder, NoteReading, Said } from './note.ts';

/** What a column holds, and which texts are therefore never equal to it. */
interface Holding {
  readonly tables: RegExp;
  readonly columns: RegExp;
  readonly never: (text: string) => boolean;
  /** Behind "The column holds". */
  readonly holds: string;
  readonly hint: string;
}

const DEVICES = /^Device/;

function hashes(columns: RegExp, digits: number): Holding {
  return {
    ...{ tables: /^Device|^Email/, columns },
    never: (text) => !new RegExp(`^[\\da-f]{${digits}}$`, 'i').test(text),
    holds: `${digits} hexadecimal digits`,
    hint: `Write a hash of ${digits} digits, or compare the column of the hash that it is.`,
  };
}

/** Only what no row can have, whoever wrote it: an action or a name that is merely new to us is none of these. */
const HOLDINGS: readonly Holding[] = [
  {
    ...{ tables: DEVICES, columns: /^(?:InitiatingProcess|Previous)?FileName$/ },
    never: (text) => /[\\/]/.test(text),
    holds: 'the name of a file without its folder',
    hint: 'Write the name alone, and the folder as a condition on FolderPath.',
  },
  hashes(/^(?:InitiatingProcess)?MD5$/, 32),
  hashes(/^(?:InitiatingProcess)?SHA1$/, 40),
  hashes(/^(?:InitiatingProcess)?SHA256$/, 64),
  {
    ...{ tables: /^Device|^EmailEvents$/, columns: /^(?:\w*(?:Remote|Local|Origin|Source|Session)IP|SenderIPv[46])$/ },
    // Windows writes "-" where it knows no address.
    never: (text) => !/^(?:-|[\d.]+|[\da-f.:]*:[\da-f.:]*(?:%\w+)?)$/i.test(text),
    holds: 'one address',
    hint: 'Write an address; for a network ipv4_is_in_range() or ipv6_is_in_range(), for a name RemoteUrl or RemoteDeviceName.',
  },
  {
    ...{ tables: DEVICES, columns: /^(?:InitiatingProcess|Request)?AccountSid$/ },
    never: (text) => !/^S-1-/i.test(text),
    holds: 'a security identifier, which begins with S-1-',
    hint: 'Write the identifier, or compare the name or domain of the account.',
  },
  {
    ...{ tables: DEVICES, columns: /^(?:Previous)?RegistryKey$/ },
    never: (text) => /^HK(?:LM|CU|CR|U|CC)(?:\\|$)/i.test(text),
    holds: 'a key with the whole name of its hive',
    hint: 'Write HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER, HKEY_USERS or the like.',
  },
  {
    ...{ tables: /^AlertInfo$/, columns: /^Severity$/ },
    never: (text) => !/^(?:informational|low|medium|high|unspecified|unknown)$/i.test(text),
    holds: 'Informational, Low, Medium or High',
    hint: 'Write one of these.',
  },
];

const KINDS = ['Equal', 'NotEqual', 'EqualTilde', 'BangTilde', 'InCs', 'NotInCs', 'In', 'NotIn'];

/** A text that the column never holds: the condition is never met, or, where it is denied, takes nothing out. */
export const compareNeverNote: NoteFinder = {
  check: 'compare-never',
  kinds: KINDS.map((kind) => `${kind}Expression`),
  look: (node, reading) => {
    const [left, right] = [childOf(node, 'Left'), childOf(node, 'Right')];
    const holding = left && holdingOf(left, reading);
    if (!holding || !right) return [];
    const values = right.kind === 'ExpressionList' ? itemsOf(right, 'Expressions') : [right];
    return values.filter((one) => isNever(one, holding)).map((one) => said(left, one, holding));
  },
};

function holdingOf({ kind, reference }: KqlNode, { tableOf }: NoteReading): Holding | null {
  if (kind !== 'NameReference' || reference?.kind !== 'column') return null;
  const near = HOLDINGS.filter(({ columns }) => columns.test(reference.name));
  const table = near.length > 0 ? tableOf(reference.id) : null;
  return near.find(({ tables }) => table !== null && tables.test(table)) ?? null;
}

/** The empty text is what stands where nothing is known. */
function isNever({ kind, value }: KqlNode, { never }: Holding): boolean {
  return kind === 'StringLiteralExpression' && value !== null && value !== '' && never(value);
}

function said(column: KqlNode, { start, end, value }: KqlNode, { holds, hint }: Holding): Said {
  const name = column.reference?.name ?? '';
  const text = value ?? '';
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return { start, end, message: `${name} holds ${holds}: it is never equal to "${shown}".`, hint };
}
