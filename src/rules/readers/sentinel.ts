import type { RuleReader } from './reader.ts';
import { translateSentinel } from './sentinel/translate-sentinel.ts';
import { startTranslation } from './vendor/translation.ts';
import { isVendorObject, vendorMap } from './vendor/vendor-map.ts';

const MARKS = [
  'queryFrequency',
  'queryPeriod',
  'triggerOperator',
  'triggerThreshold',
  'requiredDataConnectors',
  'relevantTechniques',
  'entityMappings',
  'inputEntityType',
].map((key) => key.toLowerCase());

/** Much else has tactics; beside a query they are a rule's. */
function isQueryOfTactics(keys: readonly string[]): boolean {
  return keys.includes('tactics') && keys.includes('query');
}

const KIND = /^(?:scheduled|nrt|fusion|mlbehavioranalytics|microsoftsecurityincidentcreation)$/i;

/** Analytics rules and hunting queries of Microsoft Sentinel, as its public repository has them. */
export const sentinelReader: RuleReader = {
  format: 'sentinel',
  recognizes: (value) => {
    if (!isVendorObject(value)) return false;
    const keys = Object.keys(value).map((key) => key.toLowerCase());
    const isMarked =
      keys.some((key) => MARKS.includes(key)) ||
      isQueryOfTactics(keys) ||
      KIND.test(String(vendorMap(value, []).value('kind')));
    return isMarked && !keys.includes('schedule');
  },
  marks: /^\s*"?(?:queryFrequency|triggerOperator|requiredDataConnectors|relevantTechniques|entityMappings)"?\s*:/im,
  read: (document) => {
    const translation = startTranslation(document, 'sentinel', []);
    return [translateSentinel(translation, vendorMap(document.value, []))];
  },
};
