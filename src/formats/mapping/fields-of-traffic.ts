import type { Field } from './field.ts';

/** Mails; before accounts and processes, because CEF and LEEF have one place for whoever sends and whoever gets. */
export const MAIL_FIELDS: readonly Field[] = [
  mail(
    'sender',
    'mail',
    ['SenderFromAddress', 'SenderMailFromAddress'],
    ['email.from', 'email.from.address[]', 'suser', 'sender'],
  ),
  mail('recipient', 'mail', ['RecipientEmailAddress'], ['email.to[]', 'email.to.address[]', 'duser', 'usrName']),
  mail('name', 'text', ['Subject', 'EmailSubject'], ['email.subject', 'email.subject', null, 'subject']),
  mail('id', 'text', ['NetworkMessageId'], ['email.uid', 'email.message_id', null, 'messageId']),
  mail('internetId', 'text', ['InternetMessageId'], ['email.message_uid', 'email.local_id', null, null]),
];

/** Addresses, links, registry keys, applications, and what the row says of itself. */
export const TRAFFIC_FIELDS: readonly Field[] = [
  {
    part: 'source',
    name: 'name',
    kind: 'ip',
    columns: ['IPAddress', 'IpAddress', 'SenderIPv4', 'SenderIPv6', 'RequestSourceIP'],
    outbound: ['LocalIP'],
    inbound: ['RemoteIP'],
    ocsf: 'src_endpoint.ip',
    ecs: 'source.ip',
    cef: 'src',
    leef: 'src',
  },
  {
    part: 'source',
    name: 'port',
    kind: 'port',
    columns: ['RequestSourcePort'],
    outbound: ['LocalPort'],
    inbound: ['RemotePort'],
    ocsf: 'src_endpoint.port',
    ecs: 'source.port',
    cef: 'spt',
    leef: 'srcPort',
  },
  {
    part: 'source',
    name: 'host',
    kind: 'text',
    inbound: ['RemoteDeviceName', 'DestinationDeviceName', 'TargetDeviceName'],
    ocsf: 'src_endpoint.hostname',
    ecs: 'source.domain',
    cef: 'shost',
    leef: 'remoteHost',
  },
  {
    part: 'destination',
    name: 'name',
    kind: 'ip',
    columns: ['DestinationIPAddress'],
    outbound: ['RemoteIP'],
    inbound: ['LocalIP'],
    ocsf: 'dst_endpoint.ip',
    ecs: 'destination.ip',
    cef: 'dst',
    leef: 'dst',
  },
  {
    part: 'destination',
    name: 'port',
    kind: 'port',
    columns: ['DestinationPort'],
    outbound: ['RemotePort'],
    inbound: ['LocalPort'],
    ocsf: 'dst_endpoint.port',
    ecs: 'destination.port',
    cef: 'dpt',
    leef: 'dstPort',
  },
  {
    part: 'destination',
    name: 'host',
    kind: 'text',
    outbound: ['RemoteDeviceName', 'DestinationDeviceName', 'TargetDeviceName'],
    ocsf: 'dst_endpoint.hostname',
    ecs: 'destination.domain',
    cef: 'shost',
    leef: 'remoteHost',
  },
  { ...other('source', 'also', ['SenderIPv6'], [null, null, 'c6a2:Source IPv6 Address', null]), kind: 'ip' },
  { ...other('destination', 'also', [], [null, null, 'c6a3:Destination IPv6 Address', null]), kind: 'ip' },
  other('url', 'name', ['RemoteUrl', 'Url', 'RequestUri'], ['url.url_string', 'url.original', 'request', 'url']),
  other('url', 'domain', ['UrlDomain'], ['url.hostname', 'url.domain', null, null]),
  other('origin', 'name', ['FileOriginUrl'], ['file.url.url_string', 'file.origin_url', 'request', 'url']),
  other('registry', 'name', ['RegistryKey'], ['reg_key.path', 'registry.key', 'cs6:registryKey', 'registryKey']),
  other('registry', 'valueName', ['RegistryValueName'], ['reg_value.name', 'registry.value', null, 'registryValue']),
  other(
    'registry',
    'valueData',
    ['RegistryValueData'],
    ['reg_value.data', 'registry.data.strings[]', null, 'registryData'],
  ),
  other(
    'app',
    'name',
    ['Application', 'AppName'],
    ['api.service.name', 'cloud.service.name', 'sourceServiceName', 'application'],
  ),
  other(
    'app',
    'id',
    ['ApplicationId', 'OAuthApplicationId'],
    ['api.service.uid', null, 'sourceServiceName', 'application'],
  ),
  other('row', 'action', ['ActionType'], ['api.operation', 'event.action', 'act', 'action']),
  other('row', 'protocol', ['Protocol'], ['connection_info.protocol_name', 'network.transport', 'proto', 'proto']),
  other(
    'row',
    'userAgent',
    ['UserAgent'],
    ['http_request.user_agent', 'user_agent.original', 'requestClientApplication', 'userAgent'],
  ),
  other(
    'row',
    'sourceAlertId',
    ['AlertId'],
    ['finding_info.related_events[].uid', 'huntwire.source_alert_id', 'huntwireSourceAlertId', 'sourceAlertId'],
  ),
  other('row', 'objectName', ['ObjectName'], ['resources[].name', null, null, 'resource']),
  other('row', 'objectType', ['ObjectType'], ['resources[].type', null, null, null]),
  other('row', 'objectId', ['ObjectId'], ['resources[].uid', null, null, null]),
  other('row', 'reportId', ['ReportId'], ['uid', null, null, null]),
  other('host', 'os', ['OSPlatform'], ['device.os.name', 'host.os.name', null, null]),
  other('host', 'osVersion', ['OSVersion'], ['device.os.version', 'host.os.version', null, null]),
  other('host', 'deviceType', ['DeviceType'], ['device.type', 'host.type', null, null]),
  { ...other('host', 'address', ['PublicIP'], ['device.ip', 'host.ip[]', 'dvc', 'identSrc']), kind: 'ip' },
  { ...other('host', 'mac', ['MacAddress'], ['device.mac', 'host.mac[]', 'dmac', 'identMAC']), kind: 'mac' },
];

type Four = readonly [Field['ocsf'], Field['ecs'], Field['cef'], Field['leef']];

function other(part: Field['part'], name: string, columns: readonly string[], [ocsf, ecs, cef, leef]: Four): Field {
  return { part, name, kind: 'text', columns, ocsf, ecs, cef, leef };
}

function mail(name: string, kind: Field['kind'], columns: readonly string[], places: Four): Field {
  return { ...other('mail', name, columns, places), kind };
}
