import { countOf } from '../../lib/text.ts';
import type { YamlDocument } from '../../lib/yaml/parse-yaml.ts';
import { armNames, ruleProperties } from './arm/arm-names.ts';
import { type ArmResource, armResources } from './arm/arm-resources.ts';
import { resolveArmValues } from './arm/arm-values.ts';
import type { ReadRule, RuleReader } from './reader.ts';
import { translateSentinel } from './sentinel/translate-sentinel.ts';
import { refuseAt, startTranslation } from './vendor/translation.ts';
import { isVendorObject, vendorMap } from './vendor/vendor-map.ts';
import { noRuleIn } from './verdict.ts';

/** What nobody has to work out, because it does not decide what the rule does or the file gives it elsewhere. */
const FREE = [
  'alertruletemplatename',
  'templateversion',
  'incidentconfiguration',
  'requireddataconnectors',
  'lastmodifiedutc',
];

/** Deployment templates, exports of the portal and answers of the API with rules of Microsoft Sentinel; one file may hold thousands. */
export const armReader: RuleReader = {
  format: 'arm',
  recognizes: (value) => {
    const [first] = Array.isArray(value) ? value : [value];
    if (!isVendorObject(first)) return false;
    const map = vendorMap(first, []);
    if (/deploymentTemplate/i.test(String(map.value('$schema')))) return true;
    return map.has('resources') || armResources(value).rules.length > 0;
  },
  marks: /"\$schema"\s*:\s*"[^"]*deploymentTemplate|"resources"\s*:/i,
  read: (document) => {
    const { rules, others } = armResources(document.value);
    return rules.length > 0 ? rules.map((resource) => readResource(document, resource)) : [noRule(document, others)];
  },
};

function noRule({ file }: YamlDocument, others: number): ReadRule {
  const held = others === 0 ? 'no resource and' : `${countOf(others, 'other resource')} and`;
  return { rule: null, problems: [], verdict: noRuleIn(file, `The template holds ${held} no rule.`, 'arm') };
}

function readResource(document: YamlDocument, resource: ArmResource): ReadRule {
  const { map, path, scope } = resource;
  const translation = startTranslation(document, 'arm', path);
  const { value, open } = resolveArmValues(ruleProperties(resource), scope);
  for (const at of open.filter(([key]) => !FREE.includes(String(key).toLowerCase()))) {
    const name = at.filter((step) => typeof step === 'string').join('.');
    refuseAt(translation, [...path, ...at], `ARM expression in ${name}: only a deployment can work it out.`);
  }
  return translateSentinel(translation, vendorMap(value, path), armNames(map, scope));
}
