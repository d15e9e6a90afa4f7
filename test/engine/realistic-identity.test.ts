import { describe, expect, it } from '@jest/globals';
import { hunt } from './company.ts';

type Case = readonly [name: string, query: string, rows: readonly (readonly unknown[])[]];

const LOGONS: readonly Case[] = [
  [
    'failures and then success',
    `DeviceLogonEvents
     | summarize Failed = countif(ActionType == "LogonFailed"), Success = maxif(Timestamp, ActionType == "LogonSuccess"),
         LastFailure = maxif(Timestamp, ActionType == "LogonFailed") by AccountName, DeviceName
     | where Failed > 5 and Success > LastFailure
     | project AccountName, Failed`,
    [['admin', 6]],
  ],
  [
    'the same with a join',
    `let Failures = DeviceLogonEvents | where ActionType == "LogonFailed" | summarize Failed = count() by DeviceId, AccountName;
     DeviceLogonEvents
     | where ActionType == "LogonSuccess"
     | join kind=inner (Failures | where Failed >= 5) on DeviceId, AccountName
     | project AccountName, DeviceId1, Failed`,
    [['admin', 'srv1', 6]],
  ],
  [
    'nobody who failed',
    `DeviceProcessEvents
     | distinct AccountName
     | join kind=leftanti (DeviceLogonEvents | where ActionType == "LogonFailed") on AccountName
     | sort by AccountName asc`,
    [['ana'], ['system']],
  ],
  [
    'a set of names in a subquery',
    `DeviceProcessEvents
     | where AccountName in ((DeviceLogonEvents | where ActionType == "LogonSuccess" | project AccountName))
     | summarize N = count() by AccountName | sort by AccountName asc`,
    [
      ['admin', 1],
      ['bob', 2],
    ],
  ],
  [
    'more than the average',
    `let Average = toscalar(DeviceLogonEvents | summarize N = count() by AccountName | summarize avg(N));
     DeviceLogonEvents | summarize N = count() by AccountName | where N > Average`,
    [['admin', 7]],
  ],
  [
    'the first outcome of each account',
    `DeviceLogonEvents
     | partition hint.strategy=native by AccountName (top 1 by Timestamp asc)
     | project AccountName, ActionType | sort by AccountName asc`,
    [
      ['admin', 'LogonFailed'],
      ['bob', 'LogonFailed'],
    ],
  ],
  [
    'a row number in each group',
    `DeviceLogonEvents
     | sort by AccountName asc, Timestamp asc
     | extend N = row_number(1, AccountName != prev(AccountName))
     | summarize max(N) by AccountName`,
    [
      ['admin', 7],
      ['bob', 2],
    ],
  ],
  [
    'attempts in steps of time, with the empty ones',
    `DeviceLogonEvents
     | where AccountName == "bob"
     | make-series N = count() default=0 on Timestamp from datetime(2026-01-01 08:59) to datetime(2026-01-01 09:03) step 1m
     | project N`,
    [[[0, 1, 1, 0]]],
  ],
  [
    'outcomes side by side',
    `DeviceLogonEvents
     | evaluate pivot(ActionType, count(), AccountName)
     | project AccountName, LogonFailed, LogonSuccess | sort by AccountName asc`,
    [
      ['admin', 6, 1],
      ['bob', 1, 1],
    ],
  ],
];

const MAIL_AND_CLOUD: readonly Case[] = [
  [
    'a delivered mail with a macro attachment',
    `EmailEvents
     | where EmailDirection == "Inbound" and DeliveryAction == "Delivered"
     | join kind=inner (EmailAttachmentInfo | where FileType in ("docm", "xlsm")) on NetworkMessageId
     | project RecipientEmailAddress, FileName, Subject`,
    [['ana@corp.example', 'invoice.docm', 'URGENT: invoice 2291']],
  ],
  [
    'one sender to many',
    `EmailEvents
     | summarize Recipients = dcount(RecipientEmailAddress), Blocked = countif(isnotempty(ThreatTypes)) by SenderFromAddress
     | where Recipients > 1
     | extend Share = round(100.0 * Blocked / Recipients, 1)`,
    [['billing@evil.example', 2, 1, 50]],
  ],
  [
    'mails with neither address nor attachment',
    `EmailEvents
     | join kind=leftanti EmailUrlInfo on NetworkMessageId
     | join kind=leftouter EmailAttachmentInfo on NetworkMessageId
     | project NetworkMessageId, FileName | sort by NetworkMessageId asc`,
    [
      ['m1', 'invoice.docm'],
      ['m2', 'invoice.docm'],
    ],
  ],
  [
    'the mail before the process',
    `let Mails = EmailEvents | where Subject has "invoice" and DeliveryAction == "Delivered"
       | extend AccountName = tostring(split(RecipientEmailAddress, "@")[0]) | project MailTime = Timestamp, AccountName;
     DeviceProcessEvents
     | where InitiatingProcessFileName =~ "winword.exe"
     | join kind=inner Mails on AccountName
     | where (Timestamp - MailTime) between (0min .. 30min)
     | project AccountName, Minutes = (Timestamp - MailTime) / 1m`,
    [['ana', 10]],
  ],
  [
    'words in a subject',
    `EmailEvents
     | extend Words = extract_all(@"([A-Za-z]+)", Subject)
     | mv-expand Word = Words to typeof(string)
     | summarize Mails = dcount(NetworkMessageId) by Word = tolower(Word)
     | sort by Mails desc, Word asc | take 1`,
    [['invoice', 2]],
  ],
  [
    'a rule that forwards mail',
    `CloudAppEvents
     | where ActionType in ("New-InboxRule", "Set-InboxRule")
     | mv-expand Parameter = RawEventData.Parameters
     | where Parameter.Name == "ForwardTo"
     | project AccountId, Target = tostring(Parameter.Value)`,
    [['ana@corp.example', 'x@evil.example']],
  ],
  [
    'who it was',
    `CloudAppEvents
     | where ActionType == "New-InboxRule"
     | join kind=leftouter (IdentityInfo | summarize arg_max(Timestamp, *) by AccountUpn) on $left.AccountId == $right.AccountUpn
     | project AccountId, Department`,
    [['ana@corp.example', 'Finance']],
  ],
  [
    'a number inside raw data',
    `CloudAppEvents | extend Size = tolong(RawEventData.Size) | where Size > 10 | project ActionType, Size`,
    [['FileAccessed', 12]],
  ],
  [
    'nested fields of an event',
    `DeviceEvents
     | where ActionType startswith "Asr"
     | extend Fields = parse_json(AdditionalFields)
     | project Rule = tostring(Fields.RuleId), Target = tostring(Fields.Target.Name), Pid = toint(Fields.Target.Pid)`,
    [['9e6c4e1f', 'lsass.exe', 640]],
  ],
  [
    'fields as columns',
    `DeviceEvents
     | where ActionType == "NamedPipeEvent"
     | extend Fields = parse_json(AdditionalFields)
     | evaluate bag_unpack(Fields) : (Timestamp: datetime, FileOperation: string, PipeName: string)
     | project FileOperation, Pipe = tostring(split(PipeName, @"\\")[-1])`,
    [['File created', 'msagent_7f']],
  ],
];

const ACROSS: readonly Case[] = [
  [
    'all that one device did, in order',
    `union withsource=Source DeviceProcessEvents, DeviceNetworkEvents, DeviceEvents
     | where DeviceId == "pc1" and Timestamp between (datetime(2026-01-01 10:03) .. 3m)
     | sort by Timestamp asc
     | project Source, ActionType`,
    [
      ['DeviceProcessEvents', 'ProcessCreated'],
      ['DeviceEvents', 'AsrLsassCredentialTheftBlocked'],
      ['DeviceNetworkEvents', 'ConnectionSuccess'],
      ['DeviceNetworkEvents', 'ConnectionSuccess'],
    ],
  ],
  [
    'a word anywhere',
    `search in (DeviceProcessEvents, DeviceFileEvents) "vssadmin" | project $table, DeviceName`,
    [['DeviceProcessEvents', 'srv1.corp']],
  ],
  [
    'tables that may be missing',
    `union isfuzzy=true DeviceFileEvents, NoSuchTable_CL | where FileName endswith ".locked" | count`,
    [[2]],
  ],
  [
    'a score over several signs',
    `let Signs = datatable(FileName: string, Points: int) ["whoami.exe", 1, "nltest.exe", 3, "vssadmin.exe", 5];
     DeviceProcessEvents
     | lookup kind=inner Signs on FileName
     | summarize Score = sum(Points), Evidence = make_list(FileName) by DeviceId
     | where Score >= 4
     | sort by Score desc`,
    [
      ['srv1', 5, ['vssadmin.exe']],
      ['pc1', 4, ['whoami.exe', 'nltest.exe']],
    ],
  ],
  [
    'devices that are silent',
    `DeviceInfo
     | summarize arg_max(Timestamp, *) by DeviceId
     | where DeviceId !in ((DeviceNetworkEvents | distinct DeviceId))
     | project DeviceId`,
    [['srv1']],
  ],
  [
    'results as a bag',
    `DeviceFileEvents
     | where ActionType == "FileRenamed"
     | summarize Details = make_bag(bag_pack(FileName, FolderPath)) by DeviceId
     | project DeviceId, Names = array_sort_asc(bag_keys(Details))`,
    [['srv1', ['plan.docx.locked', 'sheet.xlsx.locked']]],
  ],
  ['nothing, but with a count', `DeviceRegistryEvents | where RegistryKey has "Run" | count`, [[0]]],
];

describe.each([
  ['logons', LOGONS],
  ['mail and cloud', MAIL_AND_CLOUD],
  ['across tables', ACROSS],
])('hunting: %s', (_area, cases) => {
  it.each(cases.map((one) => [...one] as const))('%s', async (_name, query, rows) => {
    expect(await hunt(query)).toEqual(rows);
  });
});
