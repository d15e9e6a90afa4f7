import type { RedactionSettings } from '../../alerts/redaction.ts';
import type { Redaction, Rule } from '../../rules/rule.ts';
import type { Store } from '../../state/store.ts';

/** What the configuration says. */
export interface RedactionWish extends Redaction {
  /** null: one is made up and kept in the state. */
  readonly key: string | null;
}

/**
 * How values are redacted by this process. Without a key of the configuration the state keeps one: it is made with the first rule or
 * configuration that redacts anything, and is the same after every start.
 */
export async function openRedaction(
  wish: RedactionWish | null,
  rules: readonly Pick<Rule, 'redact'>[],
  store: Pick<Store, 'keepFirst'>,
  makeKey: () => string,
): Promise<{ readonly redaction?: RedactionSettings }> {
  if (wish === null && !rules.some(({ redact }) => redact !== undefined)) return {};
  const key = wish?.key ?? (await store.keepFirst('redaction-key', makeKey()));
  return { redaction: { own: wish && { columns: wish.columns, how: wish.how }, key } };
}
