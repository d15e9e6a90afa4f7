import { parseJsonFile } from '../../lib/json/parse-json.ts';
import type { YamlDocument } from '../../lib/yaml/parse-yaml.ts';
import { type ArmResource, armResources } from '../readers/arm/arm-resources.ts';
import { resolveArmValues } from '../readers/arm/arm-values.ts';
import { queryText, vendorMap, vendorScalar } from '../readers/vendor/vendor-map.ts';
import type { readYamlFunction } from './read-yaml-function.ts';
import { bodyEnd, FUNCTION_NAME } from './saved-function.ts';

type ReadFunctions = ReturnType<typeof readYamlFunction>;

/** What gives away a template with functions; other JSON, broken or not, is no business of ours. */
const MARK = /"functionAlias"\s*:/i;

/** The saved searches of ARM templates and exports that have an alias, which is how a workspace keeps its functions. */
export function readArmFunctions(file: string, text: string): ReadFunctions {
  if (!MARK.test(text)) return { functions: [], problems: [] };
  const { documents, problems } = parseJsonFile(file, text, 'RULE_INVALID');
  const found = documents.flatMap((document) =>
    armResources(document.value).functions.map((resource) => readResource(document, resource)),
  );
  return {
    functions: found.flatMap((one) => one.functions),
    problems: [...problems, ...found.flatMap((one) => one.problems)],
  };
}

function readResource(document: YamlDocument, { properties, path, scope }: ArmResource): ReadFunctions {
  const { value } = resolveArmValues(properties, scope);
  const map = vendorMap(value, path);
  const { file } = document;
  const refuse = (key: string, message: string): ReadFunctions => ({
    functions: [],
    problems: [{ file, ...document.valuePlace(map.at(key)), code: 'RULE_INVALID', message }],
  });
  const name = vendorScalar(map.value('functionAlias')) ?? '';
  if (!FUNCTION_NAME.test(name)) return refuse('functionAlias', `"${name}" is no name of a function.`);
  const query = queryText(map.value('query'));
  if (query === null || bodyEnd(query) === 0) return refuse('query', '"query" holds no query.');
  const parameters = `(${vendorScalar(map.value('functionParameters')) ?? ''})`;
  const place = (offset: number) => document.textPlace(map.at('query'), offset);
  const head = document.valuePlace(path);
  const body = query.slice(0, bodyEnd(query));
  return { functions: [Object.freeze({ name, file, parameters, body, head, place })], problems: [] };
}
