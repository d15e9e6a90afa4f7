import { followTls } from '../../lib/followed/followed-tls.ts';
import type { SettingNames } from '../../lib/network-fault.ts';
import { createRenewed } from '../../lib/renewed.ts';
import type { TlsMaterial } from '../../lib/tls.ts';
import { checkEndpoint } from '../check-endpoint.ts';
import { connectionTls } from '../connection-tls.ts';
import { refused, TARGET_CLOSED } from '../delivery-result.ts';
import type { DeliveryResult, Target, TargetDeps } from '../target.ts';
import type { Carrier } from './carrier.ts';
import {
  type ConnectionSettings,
  closeConnection,
  openSyslogConnection,
  type SyslogConnection,
  sendFrame,
} from './connection.ts';
import type { FlightRules } from './flight.ts';
import { renderFrame } from './message.ts';
import { createRelpCarrier, type RelpRules } from './relp/relp-carrier.ts';
import { isOverTls, messageSettings, portOf, type SyslogConfig } from './settings.ts';
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

/** Syslog over TCP or TLS, also with RELP: one connection at a time, made by the first delivery that finds none. */
export function createStreamSyslog(config: SyslogConfig, deps: TargetDeps): Target {
  const message = messageSettings(config);
  const { name, clock, log } = deps;
  const tls = followTls(config.tls ?? {}, `targets.${name}.tls`, clock, log);
  const make = (): ConnectionSettings => connectionSettings(config, deps, tls.current());
  const settings = createRenewed({
    settings: { ...config, tls: null },
    inner: tls,
    make,
    where: `targets.${name}`,
    log,
  });
  let connection: SyslogConnection | null = null;
  let closed = false;
  const deliver: Target['deliver'] = (delivery, signal) => {
    if (closed || signal.aborted) return Promise.resolve(TARGET_CLOSED);
    const frame = renderFrame(message, deps.format, delivery);
    if (frame === null) return Promise.resolve(tooLong(message.maxMessageBytes));
    if (!connection || connection.state === 'over') connection = openSyslogConnection(settings.current());
    const current = connection;
    return new Promise((resolve) => sendFrame(current, { frame, signal, resolve }));
  };
  const close = async (): Promise<void> => {
    closed = true;
    if (connection) await closeConnection(connection);
  };
  const check: Target['check'] = (signal) =>
    checkEndpoint({ target: name, endpoint: settings.current(), settings: namesOf(name, config), clock }, signal);
  const concurrency = config.protocol === 'relp' ? RELP_CONCURRENCY : CONCURRENCY;
  return {
    name,
    type: 'syslog',
    traits: { concurrency, ratePerSecond: null, keepsOrder: true },
    deliver,
    check,
    close,
  };
}

/** An alert that is too long even when shrunk will not become shorter: refused. */
export function tooLong(maxMessageBytes: number): DeliveryResult {
  return refused(`the alert does not fit into maxMessageBytes (${maxMessageBytes}), even when it is shrunk`);
}

function connectionSettings(config: SyslogConfig, deps: TargetDeps, material: TlsMaterial): ConnectionSettings {
  const { clock } = deps;
  const isTls = isOverTls(config);
  const probationMs = isTls ? TLS_PROBATION_MS : PROBATION_MS;
  const makeCarrier = (): Carrier =>
    config.protocol === 'relp'
      ? createRelpCarrier(RELP_RULES, clock)
      : createSilentCarrier({ ...PROOF, probationMs }, clock);
  return {
    host: config.host,
    port: portOf(config),
    tls: isTls ? { ...connectionTls(material), minVersion: 'TLSv1.2' } : null,
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
