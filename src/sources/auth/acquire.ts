import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type {
  AuthenticationResult,
  ConfidentialClientApplication,
  Configuration,
  NodeAuthOptions,
} from '@azure/msal-node';
import { HuntwireError } from '../../lib/errors.ts';
import { readPem } from '../../lib/tls.ts';
import type { Credential } from './auth-config.ts';
import { inTurn, managedNetwork } from './managed-network.ts';
import type { LoginNetwork } from './network-module.ts';

/** A token and until when it is good, in epoch ms; 0 where nobody said. */
export interface Grant {
  readonly token: string;
  readonly expiresAt: number;
}

/** Asks for a token: from msal-node's cache, or with `fresh` from the login host whatever the cache holds. */
export type Acquire = (scope: string, fresh: boolean) => Promise<Grant>;

export interface AcquireOptions {
  readonly credential: Credential;
  readonly clientId: string;
  /** With tenant, https. */
  readonly authority: string;
  /** The authority is not one of Microsoft's: its endpoints are told to msal-node instead of being discovered. */
  readonly custom: boolean;
  readonly network: LoginNetwork;
  /** The permission to ask for on behalf of a person. */
  readonly delegatedPermission: string;
  readonly prompt: (message: string) => void;
  readonly signal: AbortSignal;
}

const SCOPE_SUFFIX = '/.default';

/** msal-node is loaded with the first token: verbs that ask no API start without it. */
export function createAcquire(options: AcquireOptions): Acquire {
  const { credential } = options;
  if (credential.kind === 'managed') return acquireManaged(options, credential.clientId);
  if (credential.kind === 'device') return acquireForPerson(options);
  return acquireForApplication(options, clientAuth(credential));
}

function acquireForApplication(options: AcquireOptions, auth: Partial<NodeAuthOptions>): Acquire {
  let application: ConfidentialClientApplication | null = null;
  return async (scope, fresh) => {
    const msal = await import('@azure/msal-node');
    application ??= new msal.ConfidentialClientApplication(configuration(options, auth));
    const result = await application.acquireTokenByClientCredential({
      scopes: [scope],
      skipCache: fresh,
      // Without this the variable MSAL_FORCE_REGION would lead to another login host.
      azureRegion: 'DisableMsalForceRegion',
    });
    return grantOf(result);
  };
}

function acquireManaged(options: AcquireOptions, clientId: string | null): Acquire {
  return async (scope, fresh) => {
    const msal = await import('@azure/msal-node');
    const application = new msal.ManagedIdentityApplication({
      ...(clientId && { managedIdentityIdParams: { userAssignedClientId: clientId } }),
      system: { networkClient: managedNetwork, disableInternalRetries: true },
    });
    const request = { resource: withoutSuffix(scope), forceRefresh: fresh };
    return grantOf(await inTurn(options.network, () => application.acquireToken(request)));
  };
}

/** Once a person has signed in, the refresh token that came along serves until it expires; then they are asked again. */
function acquireForPerson(options: AcquireOptions): Acquire {
  let signedIn: { renew: (scope: string, fresh: boolean) => Promise<AuthenticationResult> } | null = null;
  return async (scope, fresh) => {
    const asked = scope.endsWith(SCOPE_SUFFIX) ? `${withoutSuffix(scope)}/${options.delegatedPermission}` : scope;
    if (signedIn) return grantOf(await signedIn.renew(asked, fresh));
    const msal = await import('@azure/msal-node');
    const application = new msal.PublicClientApplication(configuration(options, {}));
    const request = {
      scopes: [asked],
      cancel: false,
      deviceCodeCallback: ({ message }: { message: string }) => options.prompt(message),
    };
    const cancel = (): void => {
      request.cancel = true;
    };
    options.signal.addEventListener('abort', cancel, { once: true });
    const result = await application.acquireTokenByDeviceCode(request);
    const account = result?.account;
    if (account) {
      const renew = (again: string, forceRefresh: boolean) =>
        application.acquireTokenSilent({ account, scopes: [again], forceRefresh });
      signedIn = { renew };
    }
    return grantOf(result);
  };
}

function configuration(options: AcquireOptions, auth: Partial<NodeAuthOptions>): Configuration {
  const { authority, clientId, custom, network } = options;
  return {
    auth: { clientId, authority, ...(custom && endpointsOf(authority)), ...auth },
    system: { networkClient: network, disableInternalRetries: true },
  };
}

function endpointsOf(authority: string): Pick<NodeAuthOptions, 'knownAuthorities' | 'authorityMetadata'> {
  const metadata = {
    issuer: `${authority}/v2.0`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    jwks_uri: `${authority}/discovery/v2.0/keys`,
  };
  return { knownAuthorities: [new URL(authority).host], authorityMetadata: JSON.stringify(metadata) };
}

function clientAuth(credential: Exclude<Credential, { kind: 'managed' | 'device' }>): Partial<NodeAuthOptions> {
  if (credential.kind === 'secret') return { clientSecret: credential.secret.reveal() };
  if (credential.kind === 'federated') return { clientAssertion: () => readAssertion(credential.tokenFile) };
  const certificate = readCertificate(credential.certificateFile);
  const key = readPrivateKey(credential);
  if (!certificate.x509.checkPrivateKey(key)) throw noPair(credential);
  return {
    clientCertificate: {
      thumbprintSha256: createHash('sha256').update(certificate.x509.raw).digest('hex'),
      privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      x5c: certificate.pem,
    },
  };
}

/** Read anew every time: the file is replaced long before its token expires. */
async function readAssertion(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuntwireError('SOURCE_AUTH', `auth.federatedTokenFile: cannot read ${path}: ${reason}.`, { cause });
  }
}

export function readCertificate(path: string): { readonly pem: string; readonly x509: X509Certificate } {
  const pem = readPem(path, 'auth.certificateFile');
  try {
    return { pem, x509: new X509Certificate(pem) };
  } catch (cause) {
    throw new HuntwireError('CONFIG_INVALID', `auth.certificateFile: ${path} holds no certificate in PEM form.`, {
      cause,
    });
  }
}

function readPrivateKey(credential: Extract<Credential, { kind: 'certificate' }>): KeyObject {
  const { privateKeyFile, passphrase } = credential;
  const key = readPem(privateKeyFile, 'auth.privateKeyFile');
  try {
    return createPrivateKey({ key, ...(passphrase && { passphrase: passphrase.reveal() }) });
  } catch {
    const advice = passphrase ? 'auth.passphrase may be wrong' : 'it may need auth.passphrase';
    throw new HuntwireError(
      'CONFIG_INVALID',
      `auth.privateKeyFile: ${privateKeyFile} holds no private key that can be read; ${advice}.`,
    );
  }
}

function noPair({ certificateFile, privateKeyFile }: Extract<Credential, { kind: 'certificate' }>): HuntwireError {
  const message = `auth.privateKeyFile: ${privateKeyFile} is not the key of the certificate in ${certificateFile}.`;
  return new HuntwireError('CONFIG_INVALID', message);
}

function withoutSuffix(scope: string): string {
  return scope.endsWith(SCOPE_SUFFIX) ? scope.slice(0, -SCOPE_SUFFIX.length) : scope;
}

function grantOf(result: AuthenticationResult | null): Grant {
  if (!result?.accessToken)
    throw new HuntwireError('SOURCE_AUTH', 'The login host answered without a token. Check auth.');
  return { token: result.accessToken, expiresAt: result.expiresOn?.getTime() ?? 0 };
}
