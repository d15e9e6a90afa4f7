import { createQuickScan, type QuickScan } from './quick-scan.ts';
import { BYTE, Malformed, skipColon, skipComma, skipSpace, skipText, skipValue } from './scan-value.ts';

/** A name as it stands in a file, with its closing quote. */
interface Member {
  readonly key: Buffer;
  readonly slot: number;
  /** The one that followed last time: objects of one file have their members in one order. */
  next: Member | null;
}

/** Finds where the wanted members of objects stand. */
export interface MemberScanner {
  /** Passes over the object at `start`; gives the offset behind it, or -1 where the bytes end too early. */
  scan(bytes: Buffer, start: number): number;
  /** How many wanted members the latest object has. */
  readonly count: number;
  /** Their slots: so many of these. */
  readonly found: readonly number[];
  /** Where the value of a slot begins and ends. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

const MOST_NAMES = 20_000;

interface Scanning {
  readonly slotOf: (name: string) => number;
  readonly quick: QuickScan;
  readonly members: Map<string, Member>;
  first: Member | null;
  count: number;
  readonly found: number[];
  readonly starts: number[];
  readonly ends: number[];
  /** By slot, the number of the scan that found it last. */
  readonly scanOf: number[];
  scans: number;
}

/** `slotOf` gives a name a slot, the same for names that mean the same; -1: not wanted. */
export function createMemberScanner(slotOf: (name: string) => number): MemberScanner {
  const state: Scanning = {
    slotOf,
    quick: createQuickScan(),
    members: new Map(),
    first: null,
    count: 0,
    found: [],
    starts: [],
    ends: [],
    scanOf: [],
    scans: 0,
  };
  const { quick, found, starts, ends } = state;
  const add = (slot: number, start: number, end: number): void => {
    found[state.count] = slot;
    state.count += 1;
    starts[slot] = start;
    ends[slot] = end;
  };
  return {
    scan(bytes, start) {
      const end = quick.scan(bytes, start);
      state.count = 0;
      if (end < 0) return scanObject(state, bytes, start);
      quick.tell(add);
      return end;
    },
    get count() {
      return state.count;
    },
    found,
    starts,
    ends,
  };
}

function scanObject(state: Scanning, bytes: Buffer, start: number): number {
  state.scans += 1;
  let at = skipSpace(bytes, start + 1);
  let before: Member | null = null;
  while (at >= 0 && at < bytes.length) {
    if (bytes[at] === BYTE.closeObject) return at + 1;
    if (bytes[at] !== BYTE.quote) throw new Malformed(at, 'there is no name where one should be');
    before = memberAt(state, bytes, at + 1, before);
    const value: number = before ? skipColon(bytes, at + 1 + before.key.length) : -1;
    const end: number = value < 0 ? -1 : skipValue(bytes, value);
    if (end < 0 || !before) return -1;
    note(state, before.slot, value, end);
    at = skipComma(bytes, end);
  }
  return -1;
}

function memberAt(state: Scanning, bytes: Buffer, at: number, before: Member | null): Member | null {
  const guess: Member | null = before ? before.next : state.first;
  if (guess && matches(bytes, at, guess.key)) return guess;
  const end = skipText(bytes, at);
  if (end < 0) return null;
  const text = bytes.toString('latin1', at, end);
  const member = state.members.get(text) ?? addMember(state, text, bytes, at, end);
  if (before) before.next = member;
  else state.first = member;
  return member;
}

function addMember(state: Scanning, text: string, bytes: Buffer, at: number, end: number): Member {
  const key = Buffer.from(bytes.subarray(at, end));
  const member: Member = { key, slot: state.slotOf(nameIn(bytes, at, end)), next: null };
  if (state.members.size < MOST_NAMES) {
    state.members.set(text, member);
    state.quick.learn(key, member.slot);
  }
  return member;
}

function note(state: Scanning, slot: number, start: number, end: number): void {
  if (slot < 0) return;
  if (state.scanOf[slot] !== state.scans) {
    state.found[state.count] = slot;
    state.count += 1;
  }
  state.scanOf[slot] = state.scans;
  state.starts[slot] = start;
  state.ends[slot] = end;
}

function matches(bytes: Buffer, at: number, key: Buffer): boolean {
  if (at + key.length > bytes.length) return false;
  for (let index = 0; index < key.length; index += 1) if (bytes[at + index] !== key[index]) return false;
  return true;
}

function nameIn(bytes: Buffer, at: number, end: number): string {
  const quoted = bytes.toString('utf8', at, end);
  if (!quoted.includes('\\')) return quoted.slice(0, -1);
  try {
    return JSON.parse(`"${quoted}`) as string;
  } catch {
    throw new Malformed(at, 'a name has an unknown escape');
  }
}
