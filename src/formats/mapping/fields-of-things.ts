import type { Field } from './field.ts';

/** What ECS does not say of the user of a process. */
const NOT_OF_PROCESSES: readonly string[] = ['domain', 'email'];

const ACCOUNT_KEYS = [
  ['name', 'name', 'name'],
  ['domain', 'domain', 'domain'],
  ['sid', 'uid', 'id'],
  ['objectId', 'uid', 'id'],
  ['id', 'uid', 'id'],
  ['upn', 'email_addr', 'email'],
] as const;
const ACCOUNT_COLUMNS = { name: 'Name', domain: 'Domain', sid: 'Sid', objectId: 'ObjectId', id: null, upn: 'Upn' };

const PROCESS_KEYS = {
  name: ['text', 'name', 'name'],
  pid: ['count', 'pid', 'pid'],
  commandLine: ['text', 'cmd_line', 'command_line'],
  path: ['text', 'file.path', 'executable'],
  sha256: ['lower', 'file.hashes.sha256', 'hash.sha256'],
  sha1: ['lower', 'file.hashes.sha1', 'hash.sha1'],
  md5: ['lower', 'file.hashes.md5', 'hash.md5'],
  createdAt: ['time', 'created_time', 'start'],
  uniqueId: ['text', 'uid', 'entity_id'],
  integrity: ['text', 'integrity', null],
} as const;
/** Hosts, accounts, files and processes. */
export const THING_FIELDS: readonly Field[] = [
  {
    part: 'host',
    name: 'name',
    kind: 'text',
    columns: ['DeviceName'],
    ocsf: 'device.hostname',
    ecs: 'host.name',
    cef: 'dhost',
    leef: 'identHostName',
  },
  {
    part: 'host',
    name: 'id',
    kind: 'text',
    columns: ['DeviceId'],
    ocsf: 'device.uid',
    ecs: 'host.id',
    cef: 'deviceExternalId',
    leef: 'deviceId',
  },
  ...account('account', 'Account', {
    ocsf: 'user',
    ecs: ['user', null],
    cef: { name: 'duser', domain: 'dntdom', id: 'duid' },
    leef: { name: 'usrName', domain: 'domain', id: 'userId' },
  }),
  {
    part: 'account',
    name: 'fullName',
    kind: 'text',
    columns: ['AccountDisplayName'],
    ocsf: 'user.full_name',
    ecs: 'user.full_name',
    cef: null,
    leef: null,
  },
  ...account('actor', 'InitiatingProcessAccount', {
    ocsf: 'actor.user',
    ecs: ['process.parent.user', 'user'],
    cef: { name: 'suser', domain: 'sntdom', id: 'suid' },
    leef: { name: 'actorName', domain: 'actorDomain', id: 'actorId' },
  }),
  file('name', 'text', ['FileName'], ['file.name', 'file.name', 'fname', 'fileName']),
  file('path', 'text', ['FolderPath'], ['file.path', 'file.path', 'filePath', 'filePath']),
  file('size', 'count', ['FileSize'], ['file.size', 'file.size', 'fsize', 'fileSize']),
  file('sha256', 'lower', ['SHA256'], ['file.hashes.sha256', 'file.hash.sha256', 'fileHash', 'fileHash']),
  file('sha1', 'lower', ['SHA1'], ['file.hashes.sha1', 'file.hash.sha1', 'fileHash', 'fileHash']),
  file('md5', 'lower', ['MD5'], ['file.hashes.md5', 'file.hash.md5', 'fileHash', 'fileHash']),
  ...process('process', 'process', 'process', {
    name: [['FileName'], ['InitiatingProcessFileName'], 'dproc', 'processName'],
    pid: [['ProcessId'], ['InitiatingProcessId'], 'dpid', 'processId'],
    commandLine: [['ProcessCommandLine'], ['InitiatingProcessCommandLine'], 'cs4:commandLine', 'commandLine'],
    path: [['FolderPath'], ['InitiatingProcessFolderPath'], 'filePath', 'processPath'],
    sha256: [['SHA256'], ['InitiatingProcessSHA256'], 'fileHash', 'processHash'],
    sha1: [['SHA1'], ['InitiatingProcessSHA1'], 'fileHash', 'processHash'],
    md5: [['MD5'], ['InitiatingProcessMD5'], 'fileHash', 'processHash'],
    createdAt: [['ProcessCreationTime'], ['InitiatingProcessCreationTime'], null, null],
    uniqueId: [['ProcessUniqueId'], ['InitiatingProcessUniqueId'], null, null],
    integrity: [['ProcessIntegrityLevel'], ['InitiatingProcessIntegrityLevel'], null, null],
  }),
  ...process('parent', 'process.parent_process', 'process.parent', {
    name: [['InitiatingProcessFileName'], ['InitiatingProcessParentFileName'], 'sproc', 'parentName'],
    pid: [['InitiatingProcessId'], ['InitiatingProcessParentId'], 'spid', 'parentId'],
    commandLine: [['InitiatingProcessCommandLine'], [], 'cs5:parentCommandLine', 'parentCommandLine'],
    path: [['InitiatingProcessFolderPath'], [], null, null],
    sha256: [['InitiatingProcessSHA256'], [], null, null],
    sha1: [['InitiatingProcessSHA1'], [], null, null],
    md5: [['InitiatingProcessMD5'], [], null, null],
    createdAt: [['InitiatingProcessCreationTime'], ['InitiatingProcessParentCreationTime'], null, null],
    uniqueId: [['InitiatingProcessUniqueId'], [], null, null],
    integrity: [['InitiatingProcessIntegrityLevel'], [], null, null],
  }),
];

interface AccountPlaces {
  readonly ocsf: string;
  /** The object in ECS, and the one in rows that tell of a file where it is another. */
  readonly ecs: readonly [string, string | null];
  readonly cef: Readonly<Record<'name' | 'domain' | 'id', Field['cef']>>;
  readonly leef: Readonly<Record<'name' | 'domain' | 'id', string>>;
}

/** An account by the columns that begin with `prefix`. The first id that it has is its id; its sign-in name stands for a missing name. */
function account(part: 'account' | 'actor', prefix: string, { ocsf, ecs, cef, leef }: AccountPlaces): readonly Field[] {
  const [object, ofFiles] = ecs;
  return ACCOUNT_KEYS.map(([name, uid, key]) => {
    const column = ACCOUNT_COLUMNS[name];
    const slot = key === 'email' ? 'name' : key;
    return {
      part,
      name,
      kind: name === 'upn' ? 'mail' : 'text',
      ...(column !== null && { columns: [`${prefix}${column}`] }),
      ocsf: `${ocsf}.${uid}`,
      ecs: ofFiles !== null && NOT_OF_PROCESSES.includes(key) ? null : `${object}.${key}`,
      ...(ofFiles !== null && { ecsOfFiles: `${ofFiles}.${key}` }),
      cef: cef[slot],
      leef: leef[slot],
    };
  });
}

type Four = readonly [Field['ocsf'], Field['ecs'], Field['cef'], Field['leef']];

function file(name: string, kind: Field['kind'], columns: readonly string[], [ocsf, ecs, cef, leef]: Four): Field {
  return { part: 'file', name, kind, file: columns, ocsf, ecs, cef, leef };
}

type ProcessName = keyof typeof PROCESS_KEYS;
/** Columns in rows of processes, columns in all others, the key of CEF and the one of LEEF. */
type ProcessColumns = readonly [readonly string[], readonly string[], Field['cef'], Field['leef']];

function process(
  part: 'process' | 'parent',
  ocsf: string,
  ecs: string,
  places: Readonly<Record<ProcessName, ProcessColumns>>,
): readonly Field[] {
  return (Object.keys(places) as ProcessName[]).map((name) => {
    const [ofProcesses, ofFiles, cef, leef] = places[name];
    const [kind, inOcsf, inEcs] = PROCESS_KEYS[name];
    return {
      part,
      name,
      kind,
      process: ofProcesses,
      file: ofFiles,
      ocsf: `${ocsf}.${inOcsf}`,
      ecs: inEcs === null ? null : `${ecs}.${inEcs}`,
      cef,
      leef,
    };
  });
}
