import { type Recipe, replaced } from '../recipe.ts';

const FORMAT = `import type { Format, NamedFormat } from './format.ts';

/** Id, revision and status, for receivers that ask for the rest. */
export const formatBrief: Format = (alert) => ({
  body: \`\${alert.id} \${alert.revision} \${alert.status}\`,
  contentType: 'text/plain; charset=utf-8',
});

export const BRIEF: NamedFormat = {
  name: 'brief',
  description: 'Id, revision and status. Never has to shrink.',
  format: formatBrief,
};
`;

const TEST = `import { describe, expect, it } from '@jest/globals';
import { formatBrief } from '../../src/formats/brief.ts';
import { makeAlert } from '../alerts/samples.ts';

describe('the brief format', () => {
  it('says which alert it is, and how it stands', () => {
    const alert = makeAlert({ revision: 2, status: 'resolved' });
    expect(formatBrief(alert, { maxBytes: null }).body.split(' ')).toEqual([alert.id, '2', 'resolved']);
  });
});
`;

export const FORMAT_RECIPE: Recipe = {
  kind: 'format',
  most: { files: 3, lines: 2 },
  files: { 'src/formats/brief.ts': FORMAT, 'test/formats/brief.test.ts': TEST },
  edits: [
    replaced('src/formats/registry.ts', 'import { CEF }', "import { BRIEF } from './brief.ts';\nimport { CEF }"),
    replaced('src/formats/registry.ts', 'CLOUDEVENTS_BINARY]', 'CLOUDEVENTS_BINARY, BRIEF]'),
  ],
  steps: [
    { without: 'src/formats/registry.ts', check: 'every file of src is taken by another', says: 'formats/brief.ts' },
    { without: 'test/formats/brief.test.ts', check: 'every format has a test of its own', says: 'brief' },
    { without: 'docs/alerts.md', check: 'generated files are current', says: 'docs/alerts.md' },
    { without: 'schemas/config.schema.json', check: 'generated files are current', says: 'schemas/config.schema.json' },
    { without: 'manifest.json', check: 'generated files are current', says: 'manifest.json' },
  ],
};
