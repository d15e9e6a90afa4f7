import { messageId } from '../../../src/alerts/alert.ts';
import type { Message } from '../../../src/state/outbox-store.ts';
import { HOUR } from '../scenario.ts';
import { createFaults } from '../service/faults.ts';
import type { JournalRecord } from '../world/journal.ts';
import type { Week } from '../world/play.ts';
import { DETOURS } from '../world/ways.ts';
import { digestMessages } from './digests.ts';
import { type Finding, iso } from './finding.ts';

interface Sent {
  readonly at: number;
  readonly life: number;
  readonly heard: boolean;
}

interface Mail {
  readonly message: Message;
  readonly committedAt: number;
  readonly order: number;
  readonly accepted: Sent[];
}

/** Every message that was committed is received at least once by its target or lies in the dead letters; nothing else is received. */
export function checkDeliveries(week: Week): readonly Finding[] {
  const findings: Finding[] = [];
  const mails = new Map<string, Mail>();
  const detours = new Set<string>(Object.values(DETOURS));
  const together = new Set(digestMessages(week.records).map(({ target, messageId }) => `${target} ${messageId}`));
  let order = 0;
  let putBack = false;
  for (const record of week.records) {
    if (record.kind === 'put-back') putBack = true;
    if (record.kind === 'commit' || record.kind === 'health') {
      for (const message of record.commit.messages) {
        const key = `${message.target} ${message.messageId}`;
        if (together.has(key)) continue;
        if (!mails.has(key)) mails.set(key, { message, committedAt: record.at, order: order++, accepted: [] });
      }
    }
    if (record.kind !== 'attempt' || detours.has(record.target)) continue;
    const mail = mails.get(`${record.target} ${record.messageId}`);
    if (!mail)
      findings.push({
        kind: 'never-committed',
        subject: record.target,
        message: `${record.messageId} was sent and never committed`,
      });
    else if (record.result === 'delivered') mail.accepted.push(record);
  }
  const dead = new Set(week.final.deadLetters.map((letter) => `${letter.target} ${letter.messageId}`));
  for (const [key, mail] of mails) {
    if (mail.accepted.length === 0 && !dead.has(key) && !putBack) {
      const { target, messageId } = mail.message;
      findings.push({
        kind: 'undelivered',
        subject: target,
        message: `${messageId} of ${iso(mail.committedAt)} never came and is no dead letter`,
      });
    }
    if (mail.accepted.length > 1 && !putBack) findings.push(...repeatFindings(mail, week.records));
  }
  findings.push(...unaddressed(week), ...pestering(week), ...(putBack ? [] : swallowed(week)));
  return [...findings, ...(putBack ? [] : orderFindings([...mails.values()], dead)), ...pendingFindings(week)];
}

/** Every alert of a run has an entry for every target. */
function unaddressed({ records, scenario }: Week): readonly Finding[] {
  const names = scenario.targets.map((target) => target.name);
  return records.flatMap((record) => {
    if (record.kind !== 'commit') return [];
    const entries = new Set(record.commit.messages.map((message) => `${message.target} ${message.messageId}`));
    return record.commit.alerts.flatMap((alert) =>
      names
        .filter((name) => !entries.has(`${name} ${messageId(alert)}`))
        .map(
          (name): Finding => ({
            kind: 'undelivered',
            subject: name,
            message: `${messageId(alert)} was committed without an entry for it`,
          }),
        ),
    );
  });
}

/** A message goes out once: what a later alert under its id says that it did not say would be lost. */
export function swallowed({ records }: Pick<Week, 'records'>): readonly Finding[] {
  const said = new Map<string, Set<string>>();
  return records.flatMap((record) => {
    if (record.kind !== 'commit') return [];
    return record.commit.alerts.flatMap((alert): readonly Finding[] => {
      if (alert.kind !== 'detection') return [];
      const id = messageId(alert);
      const before = said.get(id);
      const rows = alert.evidence.map((row) => JSON.stringify(row));
      const isNews = before && (alert.overflow !== undefined || rows.some((row) => !before.has(row)));
      said.set(id, new Set([...(before ?? []), ...rows]));
      if (!isNews) return [];
      const message = `${id} was committed once more, with what it had not said, and goes out once`;
      return [{ kind: 'undelivered', subject: alert.rule.id, message }];
    });
  });
}

/** What a receiver said with its 429 holds for all that goes to it: until then only what was under way still comes. */
function pestering({ records, scenario }: Week): readonly Finding[] {
  const start = Date.parse(scenario.start);
  const throttles = createFaults(scenario)
    .all('target')
    .filter((fault) => fault.failure === 'throttled');
  const closed = new Map<string, { readonly from: number; readonly to: number }>();
  return records.flatMap((record): readonly Finding[] => {
    if (record.kind === 'end') closed.clear();
    if (record.kind !== 'attempt') return [];
    const { target, began, at } = record;
    const span = closed.get(target);
    const second = (began - start) / 1000;
    const fault = throttles.find((one) => one.target === target && one.from <= second && second < one.to);
    if (fault?.retryAfter) closed.set(target, { from: at, to: at + Math.min(fault.retryAfter, HOUR) * 1000 });
    if (!span || began <= span.from || began >= span.to) return [];
    return [
      {
        kind: 'pestered',
        subject: target,
        message: `${iso(began)}: sent although the receiver had asked to wait until ${iso(span.to)}`,
      },
    ];
  });
}

/** A message that was taken and heard of is sent again only where its process ended before it had written that down. */
function repeatFindings({ message, accepted }: Mail, records: readonly JournalRecord[]): readonly Finding[] {
  const ends = records.filter((record) => record.kind === 'end' && record.how !== 'stopped');
  return accepted.slice(1).flatMap((sent, index): readonly Finding[] => {
    const before = accepted[index] as Sent;
    const excused =
      !before.heard || ends.some((end) => before.at <= end.at && end.at <= sent.at && end.at - before.at < 60_000);
    if (excused) return [];
    return [
      {
        kind: 'sent-twice',
        subject: message.target,
        message: `${message.messageId} was taken at ${iso(before.at)} and again at ${iso(sent.at)}`,
      },
    ];
  });
}

/** Messages of one order key are first received in the order of their commits. */
function orderFindings(mails: readonly Mail[], dead: ReadonlySet<string>): readonly Finding[] {
  const findings: Finding[] = [];
  const latest = new Map<string, Mail>();
  for (const mail of mails) {
    const { target, orderKey, messageId } = mail.message;
    const key = `${target} ${orderKey}`;
    const before = latest.get(key);
    const [mine, other] = [mail.accepted[0]?.at, before?.accepted[0]?.at];
    if (
      before &&
      mine !== undefined &&
      (other === undefined ? !dead.has(`${target} ${before.message.messageId}`) : other > mine)
    ) {
      findings.push({
        kind: 'out-of-order',
        subject: target,
        message: `${messageId} came before ${before.message.messageId}`,
      });
    }
    latest.set(key, mail);
  }
  return findings;
}

function pendingFindings({ final }: Week): readonly Finding[] {
  return final.pending
    .filter((one) => one.pending > 0)
    .map(({ target, pending }) => ({
      kind: 'undelivered',
      subject: target,
      message: `${pending} entries are still pending after a calm day`,
    }));
}
