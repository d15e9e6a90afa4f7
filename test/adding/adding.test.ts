import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root, section } from '../markdown.ts';
import { loadCatalogue } from '../parity/catalogue.ts';
import { pageOf, type Subject } from '../parity/check.ts';
import { PARITY_CHECKS } from '../parity/checks.ts';
import { madeFiles } from '../parity/file-checks.ts';
import { editedTree, openTree } from '../parity/tree.ts';
import { changedText, newLines, type Recipe, type Step } from './recipe.ts';
import { ACTION_RECIPE } from './recipes/action.ts';
import { FORMAT_RECIPE } from './recipes/format.ts';
import { AGGREGATE_RECIPE, FUNCTION_RECIPE, OPERATOR_RECIPE } from './recipes/language.ts';
import { LINT_CHECK_RECIPE } from './recipes/lint-check.ts';
import { SOURCE_RECIPE } from './recipes/source.ts';
import { TARGET_RECIPE } from './recipes/target.ts';
import { VERB_RECIPE } from './recipes/verb.ts';
import { makeScratch, type Scratch } from './scratch.ts';

const RECIPES = [
  TARGET_RECIPE,
  SOURCE_RECIPE,
  FORMAT_RECIPE,
  LINT_CHECK_RECIPE,
  VERB_RECIPE,
  ACTION_RECIPE,
  FUNCTION_RECIPE,
  AGGREGATE_RECIPE,
  OPERATOR_RECIPE,
];
/** Copying, compiling and running tests: minutes only on a machine that is busy with much else. */
const LONG_MS = 240_000;
/** Tests of the repository that hold for whatever is added. */
const HOUSE_TESTS = ['test/architecture.test.ts', 'test/config/documented-config.test.ts'];

const before = openTree(root);
const steps = RECIPES.flatMap((recipe) =>
  recipe.steps.map((step) => [recipe.kind, step.without, step.check, recipe, step] as const),
);

let scratch: Scratch;
let problems = '';
let subject: Subject;

/** All recipes at once: the files that are new, and those that are there with what is added to them. */
function performed(): ReadonlyMap<string, string> {
  const paths = new Set(RECIPES.flatMap((recipe) => recipe.edits.map((edit) => edit.path)));
  const changed = [...paths].map((path) => [path, changedText(before.read(path) ?? '', path, RECIPES)] as const);
  return new Map([...RECIPES.flatMap((recipe) => Object.entries(recipe.files)), ...changed]);
}

beforeAll(async () => {
  scratch = makeScratch();
  scratch.write(performed());
  problems = await scratch.compile();
  const catalogue = await loadCatalogue(join(scratch.folder, 'src'), 'ts');
  scratch.write(madeFiles({ tree: openTree(scratch.folder), catalogue }));
  subject = { tree: openTree(scratch.folder), catalogue };
}, LONG_MS);

afterAll(() => scratch?.remove());

function titleOf(kind: string): string {
  return /^[aeiou]/.test(kind) ? `An ${kind}` : `A ${kind}`;
}

/** The copy as if one step of one recipe had been forgotten. */
function forgetting(recipe: Recipe, { without }: Step): Subject {
  const left = without in recipe.files ? null : changedText(before.read(without) ?? '', without, RECIPES, recipe);
  return { ...subject, tree: editedTree(subject.tree, { [without]: left }) };
}

describe('a copy with one more of each kind', () => {
  it('compiles', () => {
    expect(problems).toBe('');
  });

  it.each(PARITY_CHECKS.map((check) => [check.name, check] as const))('keeps to parity: %s', (_, check) => {
    expect(check.complaints(subject)).toEqual([]);
  });

  it(
    'passes its tests',
    async () => {
      const own = RECIPES.flatMap(({ files }) => Object.keys(files).filter((path) => path.endsWith('.test.ts')));
      const { code, text } = await scratch.test([...own, ...HOUSE_TESTS]);
      expect(code === 0 ? '' : text).toBe('');
    },
    LONG_MS,
  );
});

describe('a step that is forgotten is told', () => {
  it.each(steps)('%s without %s: %s', (_, __, name, recipe, step) => {
    const [check] = PARITY_CHECKS.filter((one) => one.name === name);
    expect(check?.complaints(forgetting(recipe, step)).join('\n')).toContain(step.says);
  });

  it.each(RECIPES.map((recipe) => [recipe.kind, recipe] as const))(
    'every file of the recipe counts: %s',
    (_, recipe) => {
      const mentioned = recipe.steps.map((step) => step.without);
      const unheld = Object.keys(recipe.files).filter((path) => !mentioned.includes(path) && !path.startsWith('src/'));
      expect(unheld).toEqual([]);
    },
  );
});

describe('docs/adding.md', () => {
  const titled = RECIPES.map((recipe) => [recipe.kind, recipe] as const);

  it.each(titled)('tells of every check that holds the recipe: %s', (kind, recipe) => {
    const { text } = section(pageOf({ tree: before }, 'docs/adding.md'), `## ${titleOf(kind)}`);
    const named = text.replaceAll(/\s+/g, ' ');
    const checks = new Set(recipe.steps.map((step) => step.check));
    expect([...checks].filter((check) => !named.includes(`[${check}]`))).toEqual([]);
  });

  it.each(titled.filter(([, { most }]) => most))('promises no less work than there is: %s', (_, recipe) => {
    const paths = [...new Set(recipe.edits.map((edit) => edit.path))];
    const added = paths.map((path) => {
      const text = before.read(path) ?? '';
      return newLines(text, changedText(text, path, [recipe]));
    });
    expect(Object.keys(recipe.files).length).toBeLessThanOrEqual(recipe.most?.files ?? 0);
    expect(added.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(recipe.most?.lines ?? 0);
  });
});
