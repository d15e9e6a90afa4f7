import type { Path } from '../../lib/yaml/parse-yaml.ts';
import { translateGraphRule } from './detection-rule/translate-detection.ts';
import type { RuleReader } from './reader.ts';
import { startTranslation } from './vendor/translation.ts';
import { isVendorObject, type VendorMap, vendorMap } from './vendor/vendor-map.ts';

/** Custom detection rules of Defender, as Graph has them: one, a list, or a list's answer (`{"value": […]}`). */
export const graphRuleReader: RuleReader = {
  format: 'detection-rule',
  recognizes: (value) => rulesIn(value, []).length > 0,
  marks: /"?(?:queryCondition|detectionAction)"?\s*:/i,
  read: (document) =>
    rulesIn(document.value, []).map((rule) =>
      translateGraphRule(startTranslation(document, 'detection-rule', rule.path), rule),
    ),
};

/** Some tools put the rule into `properties`. */
function rulesIn(value: unknown, path: Path): readonly VendorMap[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => rulesIn(item, [...path, index]));
  if (!isVendorObject(value) || path.length > 4) return [];
  const map = vendorMap(value, path);
  if (map.has('queryCondition') || map.has('detectionAction')) return [map];
  return ['value', 'properties'].flatMap((key) => (map.has(key) ? rulesIn(map.value(key), map.at(key)) : []));
}
