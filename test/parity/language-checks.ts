import { type ParityCheck, type Subject, testsBelow } from './check.ts';

function engineTests(subject: Subject): string {
  return testsBelow(subject, 'engine')
    .map(({ text }) => text)
    .join('\n');
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Called somewhere, or named in quotes as an argument of a table of cases. */
function isCalled(name: string, tests: string): boolean {
  return tests.includes(`${name}(`) || new RegExp(`['"\`]${escaped(name)}['"\`]`).test(tests);
}

/** Behind a pipe, or at the beginning of a query. */
function isPiped(name: string, tests: string): boolean {
  return new RegExp(`\\| *${escaped(name)}\\b|['"\`(\\n] *${escaped(name)}[ (]`).test(tests);
}

/** What the engine knows of the language has a test below test/engine. */
export const LANGUAGE_CHECKS: readonly ParityCheck[] = [
  {
    name: 'every KQL function has a test',
    complaints: (subject) => {
      const tests = engineTests(subject);
      return subject.catalogue.support.functions.filter((name) => !isCalled(name, tests));
    },
  },
  {
    name: 'every KQL aggregate has a test',
    complaints: (subject) => {
      const tests = engineTests(subject);
      return subject.catalogue.support.aggregates.filter((name) => !isCalled(name, tests));
    },
  },
  {
    name: 'every KQL operator has a test',
    complaints: (subject) => {
      const tests = engineTests(subject);
      const { operators, plugins, scalarOperators } = subject.catalogue.support;
      return [
        ...operators.filter((name) => !isPiped(name, tests)),
        ...plugins.filter((name) => !isCalled(name, tests)),
        ...scalarOperators.filter((name) => !tests.includes(` ${name} `) && !isCalled(name, tests)),
      ];
    },
  },
];
