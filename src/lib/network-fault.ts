import { errorCodes, NAME_CODES, TLS_CODE } from './network-codes.ts';
import { proxyOfError, withProxy } from './proxy/named-proxy.ts';

/** What a person must look at where no connection came about, or it broke. */
export type NetworkFaultKind =
  | 'no-tls'
  | 'untrusted'
  | 'expired'
  | 'not-yet-valid'
  | 'other-name'
  | 'client-certificate'
  | 'tls-version'
  | 'tls'
  | 'unresolved'
  | 'refused'
  | 'unreachable'
  | 'slow'
  | 'broken';

export interface NetworkFault {
  readonly kind: NetworkFaultKind;
  /** The code by which it is known. */
  readonly code: string;
  /** In words that name no address but a proxy's, no header and no secret, with the code behind them. */
  readonly reason: string;
  /** Host and port of the proxy where that was not reached; null: it was, or there is none. */
  readonly proxy: string | null;
}

interface Entry {
  readonly kind: NetworkFaultKind;
  readonly pattern: RegExp;
  readonly words: string;
}

const fault = (kind: NetworkFaultKind, pattern: RegExp, words: string): Entry => ({ kind, pattern, words });

/** By the codes of Node, OpenSSL and undici; the first that fits any code of an error says what it is. */
const FAULTS: readonly Entry[] = [
  fault(
    'no-tls',
    /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL)$/,
    'the port speaks no TLS',
  ),
  fault('expired', /^CERT_HAS_EXPIRED$/, 'its certificate has expired'),
  fault('not-yet-valid', /^CERT_NOT_YET_VALID$/, 'its certificate is not valid yet'),
  fault('other-name', /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/, 'its certificate is for another name'),
  fault(
    'untrusted',
    /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA$|CERT_UNTRUSTED$)/,
    'the CA that signed its certificate is not trusted here',
  ),
  fault(
    'client-certificate',
    /^ERR_SSL_.*ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_\w+|HANDSHAKE_FAILURE)$/,
    'it wants a client certificate, or another one',
  ),
  fault(
    'tls-version',
    /^ERR_SSL_(UNSUPPORTED_PROTOCOL|.*ALERT_PROTOCOL_VERSION|NO_PROTOCOLS_AVAILABLE|VERSION_TOO_LOW)$/,
    'it speaks only versions of TLS that are too old, or too new',
  ),
  fault('tls', /^UND_ERR_PRX_TLS$/, 'the TLS connection to the proxy failed'),
  fault('tls', TLS_CODE, 'the TLS handshake failed'),
  fault('refused', /^ECONNREFUSED$/, 'the connection was refused'),
  fault('unreachable', /^EHOSTUNREACH$/, 'the host cannot be reached'),
  fault('unreachable', /^ENETUNREACH$/, 'the network cannot be reached'),
  fault('slow', /^UND_ERR_CONNECT_TIMEOUT$/, 'the connection could not be made in time'),
  fault('slow', /^ETIMEDOUT$/, 'the connection timed out'),
  fault('slow', /^UND_ERR_HEADERS_TIMEOUT$/, 'no answer came in time'),
  fault('slow', /^UND_ERR_BODY_TIMEOUT$/, 'the answer stopped in the middle'),
  fault('broken', /^UND_ERR_SOCKET$/, 'the other side closed the connection'),
  fault('broken', /^ECONNRESET$/, 'the connection was reset'),
  fault('broken', /^EPIPE$/, 'the connection was closed while writing'),
];

/** null where no code of the error is known. */
export function networkFault(thrown: unknown): NetworkFault | null {
  const codes = errorCodes(thrown);
  const name = codes.find((code) => NAME_CODES.has(code));
  const entry = FAULTS.find(({ kind, pattern }) => isTls(kind) && codes.some((code) => pattern.test(code)));
  if (entry) return told(entry, codes, thrown);
  if (name) return toldOf({ kind: 'unresolved', code: name, words: 'the host name could not be resolved' }, thrown);
  const innermost = [...codes].reverse();
  const other = FAULTS.find(({ pattern }) => innermost[0] !== undefined && pattern.test(innermost[0]));
  return other ? told(other, innermost, thrown) : null;
}

function told({ kind, pattern, words }: Entry, codes: readonly string[], thrown: unknown): NetworkFault {
  return toldOf({ kind, code: codes.find((one) => pattern.test(one)) ?? '', words }, thrown);
}

/** What says that there is no connection; where a proxy is used, there is none to it. */
const UNREACHED: readonly NetworkFaultKind[] = ['unresolved', 'refused', 'unreachable'];

function toldOf(
  { kind, code, words }: { readonly kind: NetworkFaultKind; readonly code: string; readonly words: string },
  thrown: unknown,
): NetworkFault {
  const reason = `${words} (${code})`;
  const isUnreached = UNREACHED.includes(kind) || code === 'UND_ERR_CONNECT_TIMEOUT';
  const proxy = isUnreached ? proxyOfError(thrown) : null;
  if (proxy === null) return { kind, code, reason: withProxy(reason, thrown), proxy };
  return { kind, code, reason: `the proxy ${proxy} was not reached: ${reason}`, proxy };
}

const NOT_OF_TLS: readonly NetworkFaultKind[] = ['unresolved', 'refused', 'unreachable', 'slow', 'broken'];

export function isTls(kind: NetworkFaultKind): boolean {
  return !NOT_OF_TLS.includes(kind);
}

/** How a configuration calls what can be changed about a connection. */
export interface SettingNames {
  /** Where host and port stand. */
  readonly address: string;
  /** Where a CA is named; null where none can be. */
  readonly ca: string | null;
  /** What to write for a connection without TLS. */
  readonly plain: string;
  /** Where a client certificate is named; null where none can be. */
  readonly client: string | null;
  /** Where a proxy is named; default: the environment. */
  readonly proxy?: string;
}

/** What to do about a fault, by the names of the settings at hand. */
export function networkAdvice(
  kind: NetworkFaultKind | null,
  settings: SettingNames,
  proxy: string | null = null,
): string {
  const { address, ca, plain, client } = settings;
  if (proxy !== null)
    return `Check that the proxy ${proxy} runs, and where it is named: ${settings.proxy ?? 'HTTPS_PROXY'}.`;
  switch (kind) {
    case 'no-tls':
      return `Check the port in ${address}; where it is to be without TLS, ${plain}.`;
    case 'untrusted':
      return ca ? `Set ${ca} to the file of that CA.` : 'Let a CA sign it that this machine trusts.';
    case 'expired':
      return "Renew the host's certificate. If it is valid, look at the clock of this machine.";
    case 'not-yet-valid':
      return 'Look at the clock of this machine: it may be behind.';
    case 'other-name':
      return `Check the name in ${address}.`;
    case 'client-certificate':
      return client
        ? `Check ${client} with whoever runs the host.`
        : 'Ask whoever runs the host which certificate it wants.';
    case 'tls-version':
      return 'The host must speak TLS 1.2 or 1.3.';
    case 'tls':
      return 'Look at the TLS settings of the host.';
    case 'unresolved':
      return `Check DNS, and the name in ${address}.`;
    case 'refused':
      return `Nothing listens there: check host and port in ${address}, and that it runs.`;
    default:
      return 'Check network, firewall and proxy.';
  }
}
