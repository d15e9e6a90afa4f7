import type { Action } from '../../actions/action.ts';
import { performAction } from '../../actions/perform-action.ts';
import { RULE_ID } from '../../actions/schema.ts';
import { HuntwireError } from '../../lib/errors.ts';
import type { Allowance, Tool } from '../tool.ts';

/** An action of the manifest, under its name. */
export function actionTool(action: Action, needs: readonly Allowance[]): Tool {
  return {
    ...{ name: action.slug, title: action.name, description: action.description, needs },
    ...{ input: action.input, answer: action.results },
    call: (given, { actionDeps }, signal) => performAction(action, given, actionDeps(signal)),
  };
}

const LONGEST_RULE = 200_000;

const YAML = {
  type: 'string',
  minLength: 1,
  maxLength: LONGEST_RULE,
  description: 'The text of a rule file that is not saved yet; the configured rules where left out.',
};

/** The same for an action that looks at rules: also at one whose text is given. `rule`, where the action takes one, may then be left out. */
export function ruleTextTool(action: Action, needs: readonly Allowance[]): Tool {
  const { input } = action;
  const takesRule = input.required.includes('rule');
  const properties = { ...input.properties, yaml: YAML, ...(takesRule && { rule: RULE_OR_TEXT }) };
  return {
    ...actionTool(action, needs),
    input: { ...input, properties, required: input.required.filter((name) => name !== 'rule') },
    call: (given, deps, signal) => {
      const { yaml, ...asked } = given;
      if (takesRule && (yaml === undefined) === (asked.rule === undefined))
        throw new HuntwireError('USAGE', 'Give "rule", the id of a configured rule, or "yaml", the text of one.');
      if (yaml === undefined) return performAction(action, asked, deps.actionDeps(signal));
      return deps.rehearseText({ slug: action.slug, yaml: String(yaml), input: asked }, signal);
    },
  };
}

const RULE_OR_TEXT = { ...RULE_ID, description: 'Id of a configured rule; left out where its text is given.' };
