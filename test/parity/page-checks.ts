import { EXTRA, TABLE } from '../import-table.ts';
import { brokenLinks, linkedPages, rowsOf } from '../markdown.ts';
import { allPages, differing, type ParityCheck, pageOf } from './check.ts';

/** What the pages say of themselves and of the map of the code. */
export const PAGE_CHECKS: readonly ParityCheck[] = [
  {
    name: 'no page has a broken link',
    complaints: ({ tree }) =>
      allPages({ tree }).flatMap((page) => brokenLinks(page, tree).map((link) => `${page.name}: ${link}`)),
  },
  {
    name: 'every page is found from README.md',
    complaints: (subject) => {
      const found = new Set(['README.md']);
      for (const name of found) for (const link of linkedPages(pageOf(subject, name))) found.add(link);
      const docs = allPages(subject).filter(({ name }) => name.startsWith('docs/'));
      return docs.map(({ name }) => name).filter((name) => !found.has(name));
    },
  },
  {
    name: 'architecture.md has the import table that is enforced',
    complaints: (subject) => {
      const rows = rowsOf(pageOf(subject, 'docs/architecture.md'), 'folder');
      const documented = rows.map(([folder, , imports = '']) => {
        const names = imports === '–' ? [] : imports.split(',').map((name) => name.trim().replace(' (t)', '(t)'));
        return `${folder}: ${names.join(', ')}`;
      });
      const enforced = Object.entries(TABLE).map(([folder, names]) => `${folder}: ${names.join(', ')}`);
      return differing('architecture.md', documented, enforced);
    },
  },
  {
    name: 'architecture.md says what every folder does and may not',
    complaints: (subject) =>
      rowsOf(pageOf(subject, 'docs/architecture.md'), 'folder')
        .filter(([, does, , mayNot]) => !does || !mayNot)
        .map(([folder = '']) => folder),
  },
  {
    name: 'architecture.md names every file that may more than its folder, and what',
    complaints: (subject) => {
      const words = Object.entries(EXTRA).flatMap(([file, more]) => [file, ...more]);
      const { text } = pageOf(subject, 'docs/architecture.md');
      return words.filter((word) => !text.includes(`\`${word}\``));
    },
  },
  {
    name: 'every benchmark takes the size and the build that bench/all.mjs gives it',
    complaints: ({ tree }) =>
      tree
        .list('bench')
        .filter((path) => /^bench\/[^/]+\.mjs$/.test(path) && !path.endsWith('/all.mjs'))
        .filter((path) => !/--size[\s\S]*\bdist\b/.test(tree.read(path) ?? '')),
  },
  {
    name: 'benchmarks.md has a row for every benchmark',
    complaints: (subject) => {
      const files = subject.tree
        .list('bench')
        .filter((path) => /^bench\/[^/]+\.mjs$/.test(path) && !path.endsWith('/all.mjs'));
      const rows = rowsOf(pageOf(subject, 'docs/benchmarks.md'), 'benchmark').map(([name = '']) => name);
      return differing(
        'benchmarks.md',
        new Set(rows),
        files.map((path) => path.slice('bench/'.length, -'.mjs'.length)),
      );
    },
  },
];
