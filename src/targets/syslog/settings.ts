import { hostname } from 'node:os';
import type { TlsFiles } from '../../lib/tls.ts';
import { printUsAscii, tag } from './header-text.ts';
import { receiverAt } from './receiver-address.ts';
import type { ReceiverAddress } from './receiver-line.ts';

export type SyslogProtocol = 'udp' | 'tcp' | 'tls' | 'relp';

/** Settings of a syslog target; what may be missing has the default of `configSchema`. */
export interface SyslogConfig {
  readonly type: 'syslog';
  readonly host: string;
  readonly port?: number;
  /** Receivers that take the place of one that fails, in this order. */
  readonly failover?: readonly { readonly host: string; readonly port?: number }[];
  readonly protocol?: SyslogProtocol;
  readonly framing?: 'octet' | 'lf';
  readonly header?: 'rfc5424' | 'rfc3164';
  readonly format?: string;
  readonly facility?: Facility;
  readonly appName?: string;
  readonly hostname?: string;
  readonly enterpriseNumber?: number;
  readonly maxMessageBytes?: number;
  readonly tls?: TlsFiles;
}

/** Facilities of RFC 5424 section 6.2.1; the place in the list is the code. */
export const FACILITIES = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
] as const;
export type Facility = (typeof FACILITIES)[number];

/** What decides the text of a message. */
export interface MessageSettings {
  readonly header: 'rfc5424' | 'rfc3164';
  /** 0 to 23. */
  readonly facility: number;
  /** As it stands in the header, like `hostname`. */
  readonly appName: string;
  readonly hostname: string;
  readonly processId: string;
  /** IANA private enterprise number of the structured data; null: none is sent. */
  readonly enterpriseNumber: number | null;
  /** Bytes of a whole message, without what frames it. */
  readonly maxMessageBytes: number;
  /** Datagrams are not framed. */
  readonly framing: 'octet' | 'lf' | 'none';
}

/** What stock rsyslog takes in one piece is 8,096 bytes. */
const MAX_MESSAGE_BYTES = 8000;
/** What receivers should take in one datagram (RFC 5426 section 3.2). */
const USUAL_DATAGRAM_BYTES = 2048;
/** The largest UDP payload over IPv4. */
const MAX_DATAGRAM_BYTES = 65_507;

export function messageSettings(config: SyslogConfig): MessageSettings {
  const isDatagram = config.protocol === 'udp';
  const maxBytes = config.maxMessageBytes ?? (isDatagram ? USUAL_DATAGRAM_BYTES : MAX_MESSAGE_BYTES);
  const header = config.header ?? 'rfc5424';
  const appName = config.appName ?? 'huntwire';
  return {
    header,
    facility: FACILITIES.indexOf(config.facility ?? 'local0'),
    appName: header === 'rfc3164' ? tag(appName) : printUsAscii(appName, 48),
    hostname: printUsAscii(config.hostname ?? hostname(), 255),
    processId: String(process.pid),
    enterpriseNumber: config.enterpriseNumber ?? null,
    maxMessageBytes: isDatagram ? Math.min(maxBytes, MAX_DATAGRAM_BYTES) : maxBytes,
    framing: framingOf(config),
  };
}

/** RELP says the length of a message as octet counting does. */
function framingOf({ protocol, framing = 'octet' }: SyslogConfig): MessageSettings['framing'] {
  if (protocol === 'udp') return 'none';
  return protocol === 'relp' ? 'octet' : framing;
}

/** RFC 5425 gives TLS its own port, RELP has what its documentation shows; TCP and UDP share the one that receivers open by default. */
function defaultPortOf({ protocol }: SyslogConfig): number {
  if (protocol === 'tls') return 6514;
  return protocol === 'relp' ? 2514 : 514;
}

/** The receivers in the order in which they are wanted. */
export function addressesOf(config: SyslogConfig): readonly [ReceiverAddress, ...ReceiverAddress[]] {
  const first = receiverAt(config, defaultPortOf(config));
  return [first, ...(config.failover ?? []).map((one) => receiverAt(one, first.port))];
}

export function isOverTls({ protocol, tls }: SyslogConfig): boolean {
  return protocol === 'tls' || (protocol === 'relp' && tls !== undefined);
}
