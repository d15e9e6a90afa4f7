import { describe, expect, it } from '@jest/globals';
import { PRESETS } from '../../../src/formats/presets/registry.ts';
import { FORMATS } from '../../../src/formats/registry.ts';
import { makeAlert } from '../../alerts/samples.ts';

const LINK = 'https://console.example/alerts/0123456789abcdef0123456789abcdef';
const LINKED = makeAlert({ links: { alert: LINK } });

/** Bodies that find or change what is there say nothing of their own. */
const FIRST_BODIES = ['event', 'issueDocument', 'issueText', 'record', 'message', 'mail', 'alert', 'document', 'row'];

describe('the link back to an alert', () => {
  it.each([...PRESETS])('stands in what %s is first told', (_, { severities, bodies }) => {
    const first = Object.entries(bodies).filter(([name]) => FIRST_BODIES.includes(name));
    expect(first).not.toEqual([]);
    for (const [, make] of first) expect(JSON.stringify(make(LINKED, { severities, settings: {} }))).toContain(LINK);
  });

  it('is the first of the links, the client of PagerDuty, the generator of Alertmanager and the external link of TheHive', () => {
    const body = (preset: string, name: string) => {
      const found = PRESETS.get(preset);
      return found?.bodies[name]?.(LINKED, { severities: found.severities, settings: {} });
    };
    expect(body('pagerduty', 'event')).toMatchObject({ client_url: LINK, links: [{ href: LINK, text: 'Alert' }, {}] });
    expect(body('alertmanager', 'alert')).toMatchObject({ generatorURL: LINK });
    for (const name of ['alert', 'change']) expect(body('thehive', name)).toMatchObject({ externalLink: LINK });
  });

  it.each(['native', 'ocsf', 'ecs', 'leef', 'cloudevents'])('stands in %s', (name) => {
    const body = FORMATS.get(name)?.format(LINKED, { maxBytes: null }).body;
    expect(body).toContain(LINK);
  });

  it('leaves a reference of the rule its place where there is none', () => {
    const body = (alert = LINKED) => JSON.parse(String(FORMATS.get('ocsf')?.format(alert, { maxBytes: null }).body));
    expect(body().finding_info.src_url).toBe(LINK);
    expect(body(makeAlert()).finding_info.src_url).toBe(makeAlert().rule.references[0]);
  });
});
