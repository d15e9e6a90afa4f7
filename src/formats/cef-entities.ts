import type { AlertEntity } from '../alerts/alert.ts';
import type { FieldList } from './cef-field-list.ts';

type AddFields = (list: FieldList, entity: AlertEntity) => void;

/** By entity type; CEF has one place for each, so the first entity that fits takes it. Files go before processes. */
const BY_TYPE: readonly (readonly [AlertEntity['type'], AddFields])[] = [
  ['host', addHost],
  ['account', addAccount],
  ['mail', addMail],
  ['file', addFile],
  ['process', addProcess],
  ['ip', addAddress],
  ['url', (list, entity) => list.text('request', entity.name ?? entity.url)],
  ['registry', (list, entity) => list.text('cs6', entity.name ?? entity.key, 'registryKey')],
  ['app', (list, entity) => list.text('sourceServiceName', entity.name ?? entity.id)],
];

export function addEntityFields(list: FieldList, entities: readonly AlertEntity[]): void {
  for (const [type, add] of BY_TYPE) {
    for (const entity of entities) if (entity.type === type) add(list, entity);
  }
}

function addHost(list: FieldList, entity: AlertEntity): void {
  if (entity.role === 'remote') {
    list.text('shost', entity.name);
    return;
  }
  list.text('dhost', entity.name);
  list.text('deviceExternalId', entity.id);
}

function addAccount(list: FieldList, entity: AlertEntity): void {
  const isActor = entity.role === 'initiating';
  list.text(isActor ? 'suser' : 'duser', entity.name ?? entity.upn);
  list.text(isActor ? 'sntdom' : 'dntdom', entity.domain);
  list.text(isActor ? 'suid' : 'duid', entity.sid ?? entity.objectId ?? entity.id);
}

function addMail(list: FieldList, entity: AlertEntity): void {
  list.text('suser', entity.sender);
  list.text('duser', entity.recipient);
}

function addFile(list: FieldList, entity: AlertEntity): void {
  list.text('fname', entity.name);
  list.text('filePath', entity.path);
  list.number('fsize', entity.size);
  addHash(list, entity);
}

function addProcess(list: FieldList, entity: AlertEntity): void {
  if (entity.role === 'parent') {
    list.text('sproc', entity.name);
    list.number('spid', entity.pid);
    list.text('cs5', entity.commandLine, 'parentCommandLine');
    return;
  }
  list.text('dproc', entity.name);
  list.number('dpid', entity.pid);
  list.text('cs4', entity.commandLine, 'commandLine');
  list.text('filePath', entity.path);
  addHash(list, entity);
}

function addHash(list: FieldList, entity: AlertEntity): void {
  list.text('fileHash', entity.sha256 ?? entity.sha1 ?? entity.md5);
}

function addAddress(list: FieldList, entity: AlertEntity): void {
  const end = entity.role === 'destination' ? 'destination' : 'source';
  list.address(end, entity.name ?? entity.address);
  list.number(end === 'source' ? 'spt' : 'dpt', entity.port);
}
