import { constants, createHash, randomUUID, verify, X509Certificate } from 'node:crypto';

/** The application that the token endpoint knows. */
export interface EmulatedApplication {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM certificates whose assertions are accepted. */
  readonly certificates: readonly string[];
  /** Roles by audience; those of the three APIs by default. */
  readonly roles: readonly string[];
  readonly expiresInSeconds: number;
}

export interface TokenReply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

interface TokenRefusal {
  readonly error: string;
  readonly number: number;
  readonly text: string;
}

/** Answers a token request: form fields in, a bearer token or an Entra error out. `endpoint` is the token URL as the client saw it. */
export function answerToken(
  form: URLSearchParams,
  application: EmulatedApplication,
  endpoint: string,
  now: number,
): TokenReply {
  const refusal = refusalOf(form, application, endpoint, now);
  if (refusal) return entraError(refusal, now);
  const scope = form.get('scope') ?? form.get('resource') ?? '';
  const device = (form.get('grant_type') ?? '').includes('device_code');
  const token = {
    token_type: 'Bearer',
    expires_in: application.expiresInSeconds,
    ext_expires_in: application.expiresInSeconds,
    access_token: makeToken(application, audienceOf(scope), device, now),
  };
  return { status: 200, body: device ? { ...token, ...delegated(application, scope, now) } : token };
}

function refusalOf(
  form: URLSearchParams,
  application: EmulatedApplication,
  endpoint: string,
  now: number,
): TokenRefusal | null {
  if (form.get('client_id') !== application.clientId) {
    return {
      error: 'unauthorized_client',
      number: 700016,
      text: `Application with identifier '${form.get('client_id')}' was not found in the directory.`,
    };
  }
  if ((form.get('grant_type') ?? '').includes('device_code')) return null;
  const secret = form.get('client_secret');
  if (secret !== null) {
    return secret === application.clientSecret
      ? null
      : { error: 'invalid_client', number: 7000215, text: 'Invalid client secret provided.' };
  }
  const assertion = form.get('client_assertion');
  if (assertion) return checkAssertion(assertion, application, endpoint, now);
  return {
    error: 'invalid_client',
    number: 7000218,
    text: "The request body must contain the parameter 'client_assertion' or 'client_secret'.",
  };
}

/** An assertion that names a certificate must be signed by a registered one; any other is taken for a federated token. */
function checkAssertion(
  assertion: string,
  application: EmulatedApplication,
  endpoint: string,
  now: number,
): TokenRefusal | null {
  const [head = '', claims = '', signature = ''] = assertion.split('.');
  const header = decodePart(head);
  const thumbprint = header?.['x5t#S256'] ?? header?.x5t;
  if (typeof thumbprint !== 'string')
    return assertion
      ? null
      : { error: 'invalid_client', number: 70021, text: 'No matching federated identity record found.' };
  const certificate = application.certificates.find((pem) => thumbprintsOf(pem).includes(thumbprint));
  const payload = decodePart(claims);
  if (!certificate || !payload || !signed(certificate, `${head}.${claims}`, signature, header?.alg === 'PS256')) {
    return {
      error: 'invalid_client',
      number: 700027,
      text: 'The certificate with identifier used to sign the client assertion is not registered on application.',
    };
  }
  const audience = String(payload.aud).replace(/^https?:/, '');
  const fits =
    payload.iss === application.clientId &&
    payload.sub === application.clientId &&
    audience === endpoint.replace(/^https?:/, '');
  if (!fits || Number(payload.exp) * 1000 < now) {
    return {
      error: 'invalid_client',
      number: 700024,
      text: 'Client assertion is not within its valid time range or not meant for this endpoint.',
    };
  }
  return null;
}

function signed(pem: string, text: string, signature: string, pss: boolean): boolean {
  const key = new X509Certificate(pem).publicKey;
  const options = pss
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : key;
  return verify('sha256', Buffer.from(text), options, Buffer.from(signature, 'base64url'));
}

function thumbprintsOf(pem: string): readonly string[] {
  const raw = new X509Certificate(pem).raw;
  return ['sha256', 'sha1'].map((algorithm) => createHash(algorithm).update(raw).digest('base64url'));
}

function decodePart(part: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function encodePart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function audienceOf(scope: string): string {
  const first = scope.split(' ').find((one) => one.includes('/')) ?? '';
  return first.replace(/\/(\.default|[A-Za-z.]+\.Read(\.All)?)$/, '').replace(/\/$/, '');
}

function makeToken(application: EmulatedApplication, audience: string, device: boolean, now: number): string {
  const issuedAt = Math.floor(now / 1000);
  const rights = device ? { scp: application.roles.join(' ') } : { roles: application.roles };
  const claims = {
    aud: audience,
    appid: application.clientId,
    tid: application.tenantId,
    jti: randomUUID(),
    iat: issuedAt,
    exp: issuedAt + application.expiresInSeconds,
    ...rights,
  };
  return `${encodePart({ alg: 'none', typ: 'JWT' })}.${encodePart(claims)}.`;
}

/** What a public client gets beside the token. */
function delegated(application: EmulatedApplication, scope: string, now: number): Readonly<Record<string, unknown>> {
  const id = {
    aud: application.clientId,
    tid: application.tenantId,
    oid: 'emulated-user',
    sub: 'emulated-user',
    iat: Math.floor(now / 1000),
  };
  return {
    scope,
    refresh_token: randomUUID(),
    id_token: `${encodePart({ alg: 'none', typ: 'JWT' })}.${encodePart(id)}.`,
    client_info: encodePart({ uid: 'emulated-user', utid: application.tenantId }),
  };
}

function entraError(refusal: TokenRefusal, now: number): TokenReply {
  const description = `AADSTS${refusal.number}: ${refusal.text}`;
  const body = {
    error: refusal.error,
    error_description: description,
    error_codes: [refusal.number],
    timestamp: new Date(now).toISOString(),
    trace_id: randomUUID(),
    correlation_id: randomUUID(),
  };
  return { status: refusal.error === 'unauthorized_client' ? 400 : 401, body };
}

/** Claims of a bearer token made here; null where it is none. Signatures are not checked: there are none. */
export function readToken(
  token: string,
): { readonly audience: string; readonly roles: readonly string[]; readonly expiresAt: number } | null {
  const claims = decodePart(token.split('.')[1] ?? '');
  if (!claims || typeof claims.aud !== 'string') return null;
  const roles = Array.isArray(claims.roles) ? claims.roles.map(String) : String(claims.scp ?? '').split(' ');
  return { audience: claims.aud, roles, expiresAt: Number(claims.exp) * 1000 };
}
