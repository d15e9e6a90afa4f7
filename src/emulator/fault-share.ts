import { FAULTS, type FaultName } from './faults.ts';

/** A fault that meets a share of all queries, from 0 to 1. */
export interface FaultShare {
  readonly name: FaultName;
  readonly share: number;
}

/** What a status stands for where a fault has it. */
const BY_STATUS: Readonly<Record<string, FaultName>> = {
  401: 'expired-token',
  403: 'forbidden',
  410: 'retired',
  413: 'body-too-large',
  429: 'throttle-minute',
  500: 'server-error',
  502: 'bad-gateway',
  504: 'timeout',
};

/** What `--fault` may name: the faults, and the statuses that stand for one. */
export const FAULT_WORDS: readonly string[] = [...Object.keys(BY_STATUS), ...FAULTS];

/** `429:0.1` or `slow:0.02`; null for anything else. */
export function readFaultShare(text: string): FaultShare | null {
  const [, word = '', digits = ''] = /^([a-z0-9-]+):(\d*\.?\d+)$/.exec(text) ?? [];
  const name = (Object.hasOwn(BY_STATUS, word) ? BY_STATUS[word] : null) ?? FAULTS.find((one) => one === word);
  const share = Number(digits);
  return name && digits !== '' && share <= 1 ? { name, share } : null;
}

/** The fault that a number from [0, 1) falls upon, each having as much room as its share; null for the rest. */
export function faultAt(shares: readonly FaultShare[], number: number): FaultName | null {
  let end = 0;
  for (const { name, share } of shares) {
    end += share;
    if (number < end) return name;
  }
  return null;
}
