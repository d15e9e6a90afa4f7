import type { Alert } from '../../alerts/alert.ts';
import { wellFormed } from '../../lib/text.ts';
import { revisionId } from '../message-id.ts';

/** Context attributes of CloudEvents 1.0; those behind `time` are extensions. */
export interface CloudAttributes {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly severity: string;
  readonly revision: number;
}

/** Source and id together are what a receiver drops repeats by; the subject is the same for all revisions of an alert. */
export function cloudAttributes(alert: Alert): CloudAttributes {
  return {
    specversion: '1.0',
    id: revisionId(alert),
    source: `urn:huntwire:${encodeURIComponent(wellFormed(alert.tenant))}`,
    type: `huntwire.${alert.kind}.${alert.status}`,
    subject: alert.id,
    time: alert.time,
    datacontenttype: 'application/json',
    severity: alert.severity,
    revision: alert.revision,
  };
}
