import { HuntwireError } from '../../lib/errors.ts';
import type { PluginSchema } from '../../lib/plugin.ts';
import type { Secret } from '../../lib/secret.ts';

/** The `auth` part of a tenant's configuration; paths are absolute by then. */
export interface AuthConfig {
  readonly tenantId?: string;
  readonly clientId?: string;
  readonly authority?: string;
  readonly caFile?: string;
  readonly clientSecret?: Secret;
  /** Its last day, as `2027-01-31`. */
  readonly clientSecretExpires?: string;
  readonly certificateFile?: string;
  readonly privateKeyFile?: string;
  readonly passphrase?: Secret;
  readonly federatedTokenFile?: string;
  readonly managedIdentity?: boolean;
  readonly deviceCode?: boolean;
  readonly none?: boolean;
}

/** JSON Schema of `auth`. That exactly one credential is given is checked by credentialOf, which can say it in words. */
export const authSchema: PluginSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    tenantId: {
      type: 'string',
      minLength: 1,
      description: 'Directory (tenant) id, or a verified domain of the tenant.',
    },
    clientId: {
      type: 'string',
      minLength: 1,
      description: 'Application (client) id; with managedIdentity that of a user-assigned identity.',
    },
    authority: {
      type: 'string',
      minLength: 1,
      description: "Login host with tenant in place of the cloud's own; http only on loopback.",
    },
    caFile: {
      type: 'string',
      'x-path': true,
      description: "PEM file of a CA that the login host's certificate is signed with.",
    },
    clientSecret: {
      type: 'string',
      format: 'password',
      description: 'Value (not id) of a client secret of the application.',
    },
    clientSecretExpires: {
      type: 'string',
      pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
      'x-hint': 'write a day such as 2027-01-31',
      description: 'Day on which the client secret expires, as the portal shows it: told 30 days ahead.',
    },
    certificateFile: {
      type: 'string',
      'x-path': true,
      description: 'PEM file of a certificate of the application, its chain behind it.',
    },
    privateKeyFile: { type: 'string', 'x-path': true, description: "PEM file of the certificate's private key." },
    passphrase: { type: 'string', format: 'password', description: 'Passphrase of privateKeyFile.' },
    federatedTokenFile: {
      type: 'string',
      'x-path': true,
      description: 'File of a workload identity token, read anew for every request.',
    },
    managedIdentity: { const: true, description: 'The identity of the Azure machine that this runs on.' },
    deviceCode: { const: true, description: 'A person signs in with a code; for trying things out.' },
    none: { const: true, description: 'Nobody signs in: kusto on this machine, or with source.insecure.' },
  },
};

/** How a tenant proves who it is. */
export type Credential =
  | { readonly kind: 'secret'; readonly secret: Secret }
  | {
      readonly kind: 'certificate';
      readonly certificateFile: string;
      readonly privateKeyFile: string;
      readonly passphrase: Secret | null;
    }
  | { readonly kind: 'federated'; readonly tokenFile: string }
  | { readonly kind: 'managed'; readonly clientId: string | null }
  | { readonly kind: 'device' };

/** The one credential that is configured; CONFIG_INVALID where there is none, more than one, or a part of it is missing. */
export function credentialOf(auth: AuthConfig): Credential {
  const credentials = [
    auth.clientSecret && { kind: 'secret' as const, secret: auth.clientSecret },
    (auth.certificateFile || auth.privateKeyFile) && certificateOf(auth),
    auth.federatedTokenFile && { kind: 'federated' as const, tokenFile: auth.federatedTokenFile },
    auth.managedIdentity && { kind: 'managed' as const, clientId: auth.clientId ?? null },
    auth.deviceCode && { kind: 'device' as const },
  ].filter((one) => typeof one === 'object');
  const [credential] = credentials;
  if (!credential || credentials.length > 1) {
    const found = credentials.length === 0 ? 'none is' : `${credentials.map((one) => one.kind).join(' and ')} are`;
    throw new HuntwireError(
      'CONFIG_INVALID',
      `auth: give exactly one of clientSecret, certificateFile with privateKeyFile, federatedTokenFile, managedIdentity, deviceCode; ${found} given.`,
    );
  }
  if (credential.kind !== 'managed') requireIds(auth);
  return credential;
}

function certificateOf(auth: AuthConfig): Credential {
  const { certificateFile, privateKeyFile, passphrase = null } = auth;
  if (!certificateFile || !privateKeyFile) {
    const missing = certificateFile ? 'privateKeyFile' : 'certificateFile';
    throw new HuntwireError('CONFIG_INVALID', `auth: a certificate needs both files; ${missing} is missing.`);
  }
  return { kind: 'certificate', certificateFile, privateKeyFile, passphrase };
}

/** The shared authorities cannot give an application a token, so that a tenant must be named. */
const SHARED = ['common', 'organizations', 'consumers'];

function requireIds(auth: AuthConfig): void {
  const missing = (['tenantId', 'clientId'] as const).filter((name) => !auth[name]);
  if (missing.length > 0) throw new HuntwireError('CONFIG_INVALID', `auth: ${missing.join(' and ')} must be given.`);
  if (SHARED.includes((auth.tenantId ?? '').toLowerCase())) {
    throw new HuntwireError('CONFIG_INVALID', `auth.tenantId: ${auth.tenantId} is no tenant; write the id of yours.`);
  }
}
