import { followTls } from '../../lib/followed/followed-tls.ts';
import type { SettingNames } from '../../lib/network-fault.ts';
import { createRenewed } from '../../lib/renewed.ts';
import type { TlsMaterial } from '../../lib/tls.ts';
import { checkEndpoint } from '../check-endpoint.ts';
import { connectionTls } from '../connection-tls.ts';
import { again, refused, TARGET_CLOSED } from '../delivery-result.ts';
import type { DeliveryResult, Target, TargetDeps, TargetTraits } from '../target.ts';
import type { Carrier, Entry } from './carrier.ts';
import {
  type ConnectionSettings,
  closeConnection,
  isAtRest,
  openSyslogConnection,
  type SyslogConnection,
  sendFrame,
} from './connection.ts';
import type { FlightRules } from './flight.ts';
import { frameBytes } from './frame-bytes.ts';
import { renderFrame, renderJournal } from './message.ts';
import { createReceiverLine, type ReceiverAddress, type ReceiverLine } from './receiver-line.ts';
import { createRelpCarrier, type RelpRules } from './relp/relp-carrier.ts';
import { addressesOf, isOverTls, messageSettings, type SyslogConfig } from './settings.ts';
import { createSilentCarrier } from './silent-carrier.ts';

/** Deliveries at a time: they wait for the connection to prove itself, so there must be many. */
const CONCURRENCY = 8192;
/** A receiver that acknowledges proves sooner; some wait for their turn to be written. */
const RELP_CONCURRENCY = 2048;
const CONNECT_TIMEOUT_MS = 10_000;
const STALL_MS = 15_000;
const CLOSE_MS = 2000;
const PROBATION_MS = 1000;
const TLS_PROBATION_MS = 2000;
const PROOF: Omit<FlightRules, 'probationMs'> = { proofMs: 1000, proofBytes: 2 ** 21 };
const RELP_RULES: RelpRules = { window: 1024, patienceMs: 30_000, firstTransaction: 1 };

/** What does not change from one connection to the next, and where they go. */
interface Stream {
  readonly deps: TargetDeps;
  readonly line: ReceiverLine;
  readonly settings: (address: ReceiverAddress) => ConnectionSettings;
  connection: SyslogConnection | null;
  /** Where the connection goes. */
  address: ReceiverAddress;
  isClosed: boolean;
}

/** Syslog over TCP or TLS, also with RELP: one connection at a time, made by the first delivery that finds none. */
export function createStreamSyslog(config: SyslogConfig, deps: TargetDeps): Target {
  const message = messageSettings(config);
  const { name, clock, log } = deps;
  const tls = followTls(config.tls ?? {}, `targets.${name}.tls`, clock, log);
  const make = (): SharedSettings => sharedSettings(config, deps, tls.current());
  const shared = createRenewed({
    settings: { ...config, tls: null },
    inner: tls,
    make,
    where: `targets.${name}`,
    log,
  });
  const line = createReceiverLine(addressesOf(config));
  const stream: Stream = {
    deps,
    line,
    settings: (address) => ({ ...shared.current(), ...address, onEnd: (...end) => goOn(stream, address, ...end) }),
    connection: null,
    address: line.choose(clock.monotonic()),
    isClosed: false,
  };
  const post = (render: () => string | null, signal: AbortSignal): Promise<DeliveryResult> => {
    if (stream.isClosed || signal.aborted) return Promise.resolve(TARGET_CLOSED);
    const frame = render();
    if (frame === null) return Promise.resolve(tooLong(message.maxMessageBytes));
    const bytes = frameBytes(frame);
    return new Promise((resolve) => sendFrame(connectionOf(stream), { frame: bytes, signal, resolve }));
  };
  const deliver: Target['deliver'] = (delivery, signal) =>
    post(() => renderFrame(message, deps.format, delivery), signal);
  const carry: Target['carry'] = (messages, signal) =>
    Promise.all(messages.map((one) => post(() => renderJournal(message, one), signal)));
  const close = async (): Promise<void> => {
    stream.isClosed = true;
    if (stream.connection) await closeConnection(stream.connection);
  };
  const check: Target['check'] = async (signal) => {
    const names = namesOf(name, config);
    const checks = line.all.map((address) =>
      checkEndpoint({ target: name, endpoint: { ...shared.current(), ...address }, settings: names, clock }, signal),
    );
    return (await Promise.all(checks)).flat();
  };
  const concurrency = config.protocol === 'relp' ? RELP_CONCURRENCY : CONCURRENCY;
  const traits: TargetTraits = { concurrency, ratePerSecond: null, keepsOrder: true };
  return { name, type: 'syslog', traits, deliver, carry, check, close };
}

/** The connection that there is, or a new one; also where a receiver that comes before the present one may be used again and nothing is under way. */
function connectionOf(stream: Stream): SyslogConnection {
  const { connection, line, deps } = stream;
  const isMade = connection !== null && connection.state !== 'over';
  if (isMade && stream.address === line.all[0]) return connection;
  const wanted = line.choose(deps.clock.monotonic());
  if (!isMade) return connect(stream, wanted);
  if (line.all.indexOf(wanted) >= line.all.indexOf(stream.address) || !isAtRest(connection)) return connection;
  void closeConnection(connection);
  return connect(stream, wanted);
}

function connect(stream: Stream, address: ReceiverAddress): SyslogConnection {
  const connection = openSyslogConnection(stream.settings(address));
  stream.connection = connection;
  stream.address = address;
  return connection;
}

/** A receiver has failed: what was not written yet goes to the next one. A target is blocked only when all of its receivers say so. */
function goOn(
  stream: Stream,
  address: ReceiverAddress,
  result: DeliveryResult,
  unwritten: readonly Entry[],
): DeliveryResult | null {
  const { line, deps, isClosed } = stream;
  const now = deps.clock.monotonic();
  if (isClosed || stream.address !== address || line.all.length === 1 || result.kind === 'delivered') return result;
  line.failed(address, now);
  if (!line.hasFresh(now)) return result;
  const next = line.choose(now);
  deps.log.warn('A receiver has failed; another one takes its place.', {
    target: deps.name,
    receiver: address.host,
    next: next.host,
    reason: result.reason,
  });
  if (unwritten.length === 0) return again(result.reason);
  const connection = connect(stream, next);
  for (const entry of unwritten) sendFrame(connection, entry);
  return null;
}

/** An alert that is too long even when shrunk will not become shorter: refused. */
export function tooLong(maxMessageBytes: number): DeliveryResult {
  return refused(`the alert does not fit into maxMessageBytes (${maxMessageBytes}), even when it is shrunk`);
}

/** All but where a connection goes, and what follows its end. */
type SharedSettings = Omit<ConnectionSettings, keyof ReceiverAddress | 'onEnd'>;

function sharedSettings(config: SyslogConfig, deps: TargetDeps, material: TlsMaterial): SharedSettings {
  const { clock } = deps;
  const isTls = isOverTls(config);
  const probationMs = isTls ? TLS_PROBATION_MS : PROBATION_MS;
  const makeCarrier = (): Carrier =>
    config.protocol === 'relp'
      ? createRelpCarrier(RELP_RULES, clock)
      : createSilentCarrier({ ...PROOF, probationMs }, clock);
  return {
    tls: isTls ? connectionTls(material) : null,
    clock,
    makeCarrier,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    probationMs,
    stallMs: STALL_MS,
    closeMs: CLOSE_MS,
  };
}

/** How the settings of a target are called where advice names them. */
function namesOf(target: string, { protocol }: SyslogConfig): SettingNames {
  const at = `targets.${target}`;
  return {
    address: `${at}.host and port`,
    ca: `${at}.tls.caFile`,
    plain: protocol === 'relp' ? `remove ${at}.tls` : 'set its protocol to tcp',
    client: `${at}.tls.certFile and keyFile`,
  };
}
