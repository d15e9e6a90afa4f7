import { startWasm, type WasmMemory } from '../../../lib/wasm/start-wasm.ts';
import { QUICK_SCAN_CODE } from './quick-scan-code.ts';

/** What lies where in the memory of quick-scan.wat. */
const OUT_WORD = 64 / 4;
const TABLES = [4096, 28_672] as const;
const MEMBER_SIZE = 12;
const MARKS = 3072;
const NAMES = 4096;
const NAMES_SIZE = 16_384;
const BYTES = 65_536;
/** Behind the bytes there is room for looking at 16 together. */
const MOST_BYTES = 2_097_152;
/** More members and slots than these are left to the other scanner. */
const MOST_MEMBERS = 256;

interface Exports extends WasmMemory {
  scanObject(table: number, tableEnd: number, scan: number, at: number, end: number): number;
}

/** One memory for all files of a thread: what it is given is scanned before another can come. */
interface Machine {
  readonly scanObject: Exports['scanObject'];
  readonly memory: Buffer;
  readonly words: Int32Array;
  /** Whose names are in which of the tables. */
  readonly owners: (QuickTable | null)[];
  /** The bytes that can be scanned now, as they were given out. */
  held: Buffer | null;
}

interface QuickTable {
  readonly members: { readonly name: Buffer; readonly slot: number }[];
  nameBytes: number;
  /** Whether there are more members than a table takes. */
  full: boolean;
  place: number;
  scans: number;
}

let machine: Machine | null | undefined;

function startMachine(): Machine | null {
  const exports = startWasm<Exports>(QUICK_SCAN_CODE);
  if (!exports) return null;
  const { memory, scanObject } = exports;
  const { buffer } = memory;
  const owners = TABLES.map(() => null);
  return { scanObject, memory: Buffer.from(buffer), words: new Int32Array(buffer), owners, held: null };
}

/** These pieces as one, where they can be scanned 16 bytes at a time until the next are; just as one where they cannot. */
export function quickBytes(pieces: readonly Buffer[], size: number): Buffer {
  if (machine === undefined) machine = startMachine();
  if (!machine || size > MOST_BYTES) return Buffer.concat(pieces, size);
  let at = BYTES;
  for (const piece of pieces) at += piece.copy(machine.memory, at);
  machine.held = machine.memory.subarray(BYTES, at);
  return machine.held;
}

/** Scans objects whose members are known, 16 bytes at a time. */
export interface QuickScan {
  /** Makes a member known: its name as it stands in the file, with its closing quote. */
  learn(name: Buffer, slot: number): void;
  /** The offset behind the object, or -1 where the other scanner has to look. */
  scan(bytes: Buffer, start: number): number;
  /** Tells each wanted member that the latest object has. */
  tell(note: (slot: number, start: number, end: number) => void): void;
}

export function createQuickScan(): QuickScan {
  const table: QuickTable = { members: [], nameBytes: 0, full: false, place: 0, scans: 0 };
  return {
    learn(name, slot) {
      table.members.push({ name, slot });
      table.nameBytes += name.length;
      table.full ||= table.members.length > MOST_MEMBERS || slot >= MOST_MEMBERS || table.nameBytes > NAMES_SIZE;
      if (machine) letGo(machine, table);
    },
    scan(bytes, start) {
      if (!machine || machine.held !== bytes || table.full || table.members.length === 0) return -1;
      if (machine.owners[table.place] !== table) takePlace(machine, table);
      const place = TABLES[table.place] as number;
      table.scans = (table.scans + 1) | 0;
      const tableEnd = place + table.members.length * MEMBER_SIZE;
      const end = machine.scanObject(place, tableEnd, table.scans, BYTES + start, BYTES + bytes.length);
      return end < 0 ? -1 : end - BYTES;
    },
    tell(note) {
      if (machine) tellFound(machine.words, note);
    },
  };
}

function tellFound(words: Int32Array, note: (slot: number, start: number, end: number) => void): void {
  const last = OUT_WORD + (words[0] as number) * 3;
  for (let at = OUT_WORD; at < last; at += 3)
    note(words[at] as number, (words[at + 1] as number) - BYTES, (words[at + 2] as number) - BYTES);
}

function letGo({ owners }: Machine, table: QuickTable): void {
  if (owners[table.place] === table) owners[table.place] = null;
}

/** Of two tables that take turns (a record and the row in it) both stay. */
function takePlace({ owners, memory, words }: Machine, table: QuickTable): void {
  const free = owners.indexOf(null);
  table.place = free < 0 ? (table.place + 1) % TABLES.length : free;
  owners[table.place] = table;
  table.scans = 0;
  const place = TABLES[table.place] as number;
  words.fill(0, (place + MARKS) / 4, (place + NAMES) / 4);
  let at = place + NAMES;
  for (const [index, { name, slot }] of table.members.entries()) {
    words.set([at, name.length, slot], (place + index * MEMBER_SIZE) / 4);
    at += name.copy(memory, at);
  }
}
