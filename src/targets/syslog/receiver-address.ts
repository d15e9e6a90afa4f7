import type { ReceiverAddress } from './receiver-line.ts';

const BRACKETED = /^\[([0-9A-Fa-f:.%\w]+)\](?::(\d{1,5}))?$/;
const NAMED = /^([^:[\]]+):(\d{1,5})$/;
const HIGHEST_PORT = 65_535;

/** `siem.example`, `10.1.2.3`, `::1`, `[::1]`, or with a port behind it, which an address of IPv6 has only behind brackets: `[::1]:514`. */
export function readAddress(text: string): { readonly host: string; readonly port: number | null } {
  const [, host = text, digits] = BRACKETED.exec(text) ?? NAMED.exec(text) ?? [];
  if (digits === undefined) return { host, port: null };
  const port = Number(digits);
  return port >= 1 && port <= HIGHEST_PORT ? { host, port } : { host: text, port: null };
}

/** One receiver of the settings, at `port` where neither its key nor its host says another. */
export function receiverAt(one: Partial<ReceiverAddress> & { readonly host: string }, port: number): ReceiverAddress {
  const read = readAddress(one.host);
  return { host: read.host, port: one.port ?? read.port ?? port };
}

/** Whether a port stands in the host and is another one than that of its own key. */
export function namesTwoPorts({ host, port }: { readonly host: string; readonly port?: number }): boolean {
  const read = readAddress(host);
  return read.port !== null && port !== undefined && port !== read.port;
}
