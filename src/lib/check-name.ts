import { lookup } from 'node:dns/promises';
import { orAborted } from './abort.ts';
import { type CheckResult, failed, passed } from './check-result.ts';

export interface NameCheck {
  readonly subject: string;
  /** A name or an address; IPv6 with or without its brackets. */
  readonly host: string;
  readonly fix: string;
}

/** Whether a host name resolves on this machine. Never rejects. */
export async function checkName({ subject, host, fix }: NameCheck, signal: AbortSignal): Promise<CheckResult> {
  try {
    const { address } = await orAborted(lookup(withoutBrackets(host)), signal);
    return passed('dns', subject, `The name resolves to ${address}.`);
  } catch (thrown) {
    return failed('dns', subject, `The name does not resolve: ${reasonOf(thrown)}.`, fix);
  }
}

/** The host of a URL as sockets and resolvers take it. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.message;
}
