import { rowsOf, section } from '../markdown.ts';
import { inOrder, type ParityCheck, pageOf } from './check.ts';

/** Codes of errors and of health alerts, in every list that has them. */
export const CODE_CHECKS: readonly ParityCheck[] = [
  {
    name: 'errors.md has a row for every error code, in the order of the list',
    complaints: (subject) => {
      const rows = rowsOf(pageOf(subject, 'docs/errors.md'), 'code');
      const listed = rows.map(([code = '']) => code);
      return inOrder('errors.md', listed, subject.catalogue.codes.errors);
    },
  },
  {
    name: 'errors.md says the exit codes that verbs have',
    complaints: (subject) => {
      const { exitOf, errors } = subject.catalogue.codes;
      const rows = rowsOf(pageOf(subject, 'docs/errors.md'), 'code');
      return rows
        .filter(([code = '', , , , exit]) => errors.includes(code) && exit !== String(exitOf(code)))
        .map(([code = '']) => `${code} is ${exitOf(code)}`);
    },
  },
  {
    name: 'alerts.md, operations.md and the schema have every health code',
    complaints: (subject) => {
      const { health } = subject.catalogue.codes;
      const lists = {
        'alerts.md': section(pageOf(subject, 'docs/alerts.md'), '## Health alerts'),
        'operations.md': section(pageOf(subject, 'docs/operations.md'), '## When a health alert comes'),
      };
      const schema = JSON.parse(subject.tree.read('schemas/alert.schema.json') ?? '{}');
      return [
        ...Object.entries(lists).flatMap(([name, page]) =>
          inOrder(
            name,
            rowsOf(page, 'code').map(([code = '']) => code),
            health,
          ),
        ),
        ...inOrder('the schema', schema.properties?.health?.properties?.code?.enum ?? [], health),
      ];
    },
  },
];
