import { loginHost } from '../../src/sources/api-traits.ts';
import { CLOUDS, REGIONS } from '../../src/sources/clouds.ts';
import { rowsOf, section } from '../markdown.ts';
import { codeWords, differing, inOrder, type ParityCheck, pageOf, type Subject, testsBelow } from './check.ts';
import { manifestOf } from './manifest.ts';

function mentions(subject: Subject, folder: string, words: readonly string[]): boolean {
  return testsBelow(subject, folder).some(({ text }) => words.every((word) => text.includes(word)));
}

/** What targets, sources, formats and lint checks need beside their registries. */
export const PLUGIN_CHECKS: readonly ParityCheck[] = [
  {
    name: 'every target has a test on the shared contract',
    complaints: (subject) =>
      [...subject.catalogue.targets.keys()].filter(
        (type) => !pageOf(subject, `test/targets/${type}.test.ts`).text.includes('describeTarget('),
      ),
  },
  {
    name: 'every target has a page that says what delivered means',
    complaints: (subject) =>
      [...subject.catalogue.targets.keys()].filter((type) => {
        const { text } = pageOf(subject, `docs/targets/${type}.md`);
        return !text.startsWith(`# ${type}\n`) || !text.includes('\n**Delivered** means ');
      }),
  },
  {
    name: 'every source has a test on the shared contract',
    complaints: (subject) =>
      [...subject.catalogue.sources.keys()].filter(
        (name) => !mentions(subject, 'sources', ['describeSource(', `'${name}'`]),
      ),
  },
  {
    name: 'configuration.md names every source',
    complaints: (subject) => {
      const rows = rowsOf(section(pageOf(subject, 'docs/configuration.md'), '## source'), 'key');
      const [, , meaning] = rows.find(([key]) => key === 'api') ?? [];
      return inOrder('configuration.md', codeWords(meaning), [...subject.catalogue.sources.keys()]);
    },
  },
  {
    name: 'architecture.md names every source in its words',
    complaints: (subject) => {
      const rows = rowsOf(pageOf(subject, 'docs/architecture.md'), 'word');
      const [, meaning] = rows.find(([word]) => word === 'source') ?? [];
      return inOrder('architecture.md', codeWords(meaning), [...subject.catalogue.sources.keys()]);
    },
  },
  {
    name: 'every source has its permission in the manifest',
    complaints: (subject) => {
      const asked = manifestOf(subject).permissions.map(({ api, ...one }) => permission(api, one));
      const wanted = subject.catalogue.traits.map((traits) => permission(traits.api, traits.permission));
      return inOrder('the manifest', asked, wanted);
    },
  },
  {
    name: 'the manifest has every host that is asked',
    complaints: (subject) => {
      const { egress } = manifestOf(subject).network;
      const listed = egress.map(({ cloud, host, port, for: what }) => `${cloud} ${what} ${host}:${port}`);
      return differing('the manifest', listed, hostsOf(subject));
    },
  },
  {
    name: 'every format has a test of its own',
    complaints: (subject) =>
      [...subject.catalogue.formats.keys()].filter(
        (name) => subject.tree.read(`test/formats/${name}.test.ts`) === null,
      ),
  },
  {
    name: 'every format is held to the shared contract',
    complaints: (subject) => (mentions(subject, 'formats', ['FORMATS', 'describeFormat(']) ? [] : ['no test does it']),
  },
  {
    name: 'every lint check has a test',
    complaints: (subject) => subject.catalogue.lintChecks.filter((id) => !mentions(subject, 'rules/lint', [`'${id}'`])),
  },
];

function permission(api: string, { application, delegated }: Readonly<Record<'application' | 'delegated', string>>) {
  return `${api}: ${application}, ${delegated}`;
}

/** Hosts of the login, of each source and of the regions, cloud by cloud. */
function hostsOf({ catalogue }: Subject): readonly string[] {
  const own = CLOUDS.flatMap((cloud) => [
    `${cloud} login ${hostAndPort(loginHost(cloud))}`,
    ...catalogue.traits.flatMap(({ api, hosts }) =>
      hosts[cloud] ? [`${cloud} ${api} ${hostAndPort(hosts[cloud])}`] : [],
    ),
  ]);
  const regions = REGIONS.map(
    (region) => `public region ${hostAndPort(`https://${region}.api.security.microsoft.com`)}`,
  );
  return [...own, ...regions];
}

function hostAndPort(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || '443'}`;
}
