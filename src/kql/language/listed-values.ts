/** Values that columns have, by table and column, and by column for those that hold the same in every table. Facts of the public reference. */
const BY_TABLE: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  DeviceProcessEvents: { ActionType: ['ProcessCreated', 'OpenProcess'] },
  DeviceFileEvents: { ActionType: ['FileCreated', 'FileDeleted', 'FileModified', 'FileRenamed'] },
  DeviceImageLoadEvents: { ActionType: ['ImageLoaded'] },
  DeviceLogonEvents: { ActionType: ['LogonAttempted', 'LogonFailed', 'LogonSuccess'] },
  DeviceRegistryEvents: {
    ActionType: [
      ...['RegistryKeyCreated', 'RegistryKeyDeleted', 'RegistryKeyRenamed'],
      ...['RegistryValueDeleted', 'RegistryValueSet'],
    ],
  },
  DeviceNetworkEvents: {
    ActionType: [
      ...['ConnectionAcknowledged', 'ConnectionAttempt', 'ConnectionFailed', 'ConnectionFound', 'ConnectionRequest'],
      ...['ConnectionSuccess', 'DnsConnectionInspected', 'FtpConnectionInspected', 'HttpConnectionInspected'],
      ...[
        'IcmpConnectionInspected',
        'InboundConnectionAccepted',
        'InboundConnectionBlocked',
        'ListeningConnectionCreated',
      ],
      ...['NetworkSignatureInspected', 'SmtpConnectionInspected', 'SshConnectionInspected', 'SslConnectionInspected'],
    ],
  },
  DeviceEvents: {
    ActionType: [
      ...[
        'AntivirusDetection',
        'AntivirusScanCompleted',
        'AntivirusScanCancelled',
        'AntivirusReport',
        'AppControlCodeIntegrityPolicyBlocked',
      ],
      ...[
        'AsrLsassCredentialTheftAudited',
        'AsrLsassCredentialTheftBlocked',
        'AsrOfficeChildProcessAudited',
        'AsrOfficeChildProcessBlocked',
      ],
      ...[
        'AsrPsexecWmiChildProcessAudited',
        'AsrPsexecWmiChildProcessBlocked',
        'AuditPolicyModification',
        'BrowserLaunchedToOpenUrl',
      ],
      ...[
        'ClrUnbackedModuleLoaded',
        'ControlledFolderAccessViolationBlocked',
        'CreateRemoteThreadApiCall',
        'DpapiAccessed',
        'DriverLoad',
      ],
      ...[
        'ExploitGuardNetworkProtectionBlocked',
        'FirewallInboundConnectionBlocked',
        'GetClipboardData',
        'LdapSearch',
        'MemoryRemoteProtect',
      ],
      ...[
        'NamedPipeEvent',
        'NtAllocateVirtualMemoryApiCall',
        'OpenProcessApiCall',
        'OtherAlertRelatedActivity',
        'PasswordChangeAttempt',
      ],
      ...[
        'PnpDeviceConnected',
        'PowerShellCommand',
        'ProcessCreatedUsingWmiQuery',
        'QueueUserApcRemoteApiCall',
        'ReadProcessMemoryApiCall',
      ],
      ...[
        'RemoteDesktopConnection',
        'ScheduledTaskCreated',
        'ScheduledTaskDeleted',
        'ScheduledTaskUpdated',
        'ScreenshotTaken',
      ],
      ...[
        'SecurityGroupCreated',
        'SecurityLogCleared',
        'SensitiveFileRead',
        'ServiceInstalled',
        'ShellLinkCreateFileEvent',
      ],
      ...[
        'SmartScreenAppWarning',
        'SmartScreenUrlWarning',
        'SmartScreenUserOverride',
        'TamperingAttempt',
        'UntrustedWifiConnection',
      ],
      ...[
        'UsbDriveDriveLetterChanged',
        'UsbDriveMounted',
        'UsbDriveUnmounted',
        'UserAccountAddedToLocalGroup',
        'UserAccountCreated',
      ],
      ...[
        'UserAccountDeleted',
        'UserAccountModified',
        'UserAccountRemovedFromLocalGroup',
        'WmiBindEventFilterToConsumer',
      ],
    ],
  },
  IdentityLogonEvents: { ActionType: ['LogonFailed', 'LogonSuccess'] },
  UrlClickEvents: {
    ActionType: [
      'ClickAllowed',
      'ClickBlocked',
      'ClickBlockedByTenantPolicy',
      'PendingDetonationVerdict',
      'UrlErrorPage',
      'UrlScanInProgress',
    ],
  },
  EmailPostDeliveryEvents: {
    ActionType: [
      'Admin Remediation',
      'Automated Remediation',
      'Dynamic Delivery',
      'Malware ZAP',
      'Phish ZAP',
      'Spam ZAP',
    ],
  },
  AlertInfo: { Severity: ['High', 'Informational', 'Low', 'Medium'] },
};

const EVERYWHERE: Readonly<Record<string, readonly string[]>> = {
  DeliveryAction: ['Blocked', 'Delivered', 'Junked', 'Replaced'],
  EmailDirection: ['Inbound', 'Intra-org', 'Outbound', 'Unknown'],
  InitiatingProcessIntegrityLevel: ['High', 'Low', 'Medium', 'System', 'Untrusted'],
  ProcessIntegrityLevel: ['High', 'Low', 'Medium', 'System', 'Untrusted'],
  LogonType: [
    'Batch',
    'CachedInteractive',
    'Interactive',
    'Network',
    'NetworkCleartext',
    'RemoteInteractive',
    'Service',
    'Unlock',
  ],
  OSPlatform: [
    'Android',
    'iOS',
    'Linux',
    'macOS',
    'Windows10',
    'Windows11',
    'WindowsServer2016',
    'WindowsServer2019',
    'WindowsServer2022',
    'WindowsServer2025',
  ],
  Protocol: ['Icmp', 'Tcp', 'Udp'],
  RegistryValueType: ['Binary', 'Dword', 'ExpandString', 'MultiString', 'None', 'Qword', 'String'],
  RemoteIPType: [
    'Broadcast',
    'FourToSixMapping',
    'LinkLocal',
    'Loopback',
    'Multicast',
    'Private',
    'Public',
    'Reserved',
    'Teredo',
  ],
};

/** What a column of these tables may hold, as far as that is listed. */
export function listedValues(column: string, tables: readonly string[]): readonly string[] {
  const own = tables.flatMap((table) => BY_TABLE[table]?.[column] ?? []);
  return [...new Set(own.length > 0 ? own : (EVERYWHERE[column] ?? []))];
}
