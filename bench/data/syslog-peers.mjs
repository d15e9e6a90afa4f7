import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * Other senders of syslog over TCP, from a folder in which they are installed; each sends `count` messages of `text` as fast as it lets one, and
 * calls back for none. They frame by line feeds.
 */
export function openPeers(folder, port) {
  const require = createRequire(join(folder, 'package.json'));
  return [
    ['syslog-client', () => openSyslogClient(require('syslog-client'), port)],
    ['winston-syslog', () => openWinstonSyslog(require('winston-syslog').Syslog, require('triple-beam'), port)],
  ];
}

function openSyslogClient({ createClient, Transport }, port) {
  const client = createClient('127.0.0.1', { transport: Transport.Tcp, port, rfc3164: false, syslogHostname: 'bench' });
  client.on('error', () => undefined);
  const send = (text) => new Promise((done, failed) => client.log(text, (error) => (error ? failed(error) : done())));
  return { send, close: () => client.close() };
}

function openWinstonSyslog(Syslog, { LEVEL, MESSAGE }, port) {
  const transport = new Syslog({
    host: '127.0.0.1',
    port,
    protocol: 'tcp4',
    type: '5424',
    eol: '\n',
    localhost: 'bench',
  });
  transport.on('error', () => undefined);
  const send = (text) =>
    new Promise((done, failed) => {
      const info = { level: 'error', message: text, [LEVEL]: 'error', [MESSAGE]: text };
      transport.log(info, (error) => (error ? failed(error) : done()));
    });
  return { send, close: () => transport.close() };
}
