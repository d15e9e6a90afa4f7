import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { messageId } from '../../src/alerts/alert.ts';
import {
  groupAlertId,
  healthAlertId,
  mergedAlertId,
  overflowAlertId,
  rowAlertIds,
  runAlertId,
} from '../../src/alerts/alert-id.ts';

const SCOPE = { tenant: 'contoso', ruleId: 'sample', logicalTime: 1000 };

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}

describe('ids', () => {
  it.each([
    [rowAlertIds(SCOPE)('k'), ['1', 'contoso', 'sample', 'detection', 'k']],
    [mergedAlertId(SCOPE, 'd', 'k'), ['1', 'contoso', 'sample', 'detection', ['d', 'k']]],
    [groupAlertId(SCOPE, 'k'), ['1', 'contoso', 'sample', 'detection', ['k', 1000]]],
    [runAlertId(SCOPE), ['1', 'contoso', 'sample', 'detection', [1000]]],
    [overflowAlertId(SCOPE), ['1', 'contoso', 'sample', 'detection', [1000, 'overflow']]],
    [healthAlertId('contoso', 'gap', 'sample', 7), ['1', 'contoso', 'health', 'health', ['gap', 'sample', 7]]],
  ])('%s is the hash of its scope', (id, scope) => {
    expect(id).toBe(sha256(scope));
  });

  it('fit into the 40 characters that CEF has for them', () => {
    expect(rowAlertIds(SCOPE)('k')).toHaveLength(32);
  });
});

describe('message ids', () => {
  it('are the id for the first firing, and carry the revision after', () => {
    expect(messageId({ id: 'abc', revision: 0 })).toBe('abc');
    expect(messageId({ id: 'abc', revision: 2 })).toBe('abc-2');
  });
});
