import type { SecretField, WriteSecret } from './secret-fields.ts';
import { secretFields } from './secret-fields.ts';

const HOST = 'receiver.example';

/** What plugins require beside secrets. */
export const WORDS = {
  user: 'user',
  clientId: 'client',
  tokenUrl: `https://${HOST}/token`,
  endpoint: `https://${HOST}`,
  otlp: `https://${HOST}`,
  ruleId: 'dcr-0123abcd',
  stream: 'Custom-Huntwire_CL',
  project: 'SEC',
  host: HOST,
  from: 'huntwire@contoso.example',
  to: ['soc@contoso.example'],
  cluster: `https://${HOST}`,
  database: 'hunting',
  workspace: '00000000-0000-0000-0000-000000000001',
  workspaces: ['00000000-0000-0000-0000-000000000001'],
  name: 'someone',
  how: 'hash',
  columns: ['AccountUpn'],
};

export const writeSecret: WriteSecret = (key, { pattern }, canary) => {
  const form = String(pattern ?? '');
  if (form.includes('postgres')) return `postgres://user:${canary}@${HOST}/db`;
  if (!form.includes('http')) return canary;
  return key === 'proxy' ? `https://user:${canary}@${HOST}` : `https://${HOST}/hooks/${canary}`;
};

export const FIELDS = secretFields(WORDS, writeSecret);

/** A configuration around one field. */
export function configOf({ name, settings }: SecretField): Readonly<Record<string, unknown>> {
  const [section = '', kind] = name.split('.');
  const well = { source: { api: 'graph' }, auth: { tenantId: 't', clientId: 'c', deviceCode: true } };
  if (section === 'targets') return { ...well, targets: { [`of-${kind}`]: settings } };
  const rest = kind === 'passphrase' ? { certificateFile: 'app.pem', privateKeyFile: 'app.key' } : {};
  if (section === 'auth') return { ...well, auth: { tenantId: 't', clientId: 'c', ...rest, ...settings } };
  return { ...well, [section]: settings };
}
