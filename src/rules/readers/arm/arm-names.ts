import type { SentinelNames } from '../sentinel/translate-sentinel.ts';
import { type VendorMap, vendorMaps, vendorScalar } from '../vendor/vendor-map.ts';
import { type ArmScope, armValue } from './arm-expression.ts';
import type { ArmResource } from './arm-resources.ts';

const UUID = /[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}/g;

/** Id and kind of a rule, which a template keeps beside its properties. The id is the UUID in its name or id, wherever it stands there. */
export function armNames(map: VendorMap, scope: ArmScope): SentinelNames {
  const texts = ['name', 'id', 'contentId'].flatMap((key) => {
    const text = vendorScalar(map.value(key));
    if (text === null) return [];
    const worked = armValue(text, scope);
    return worked === null ? [text] : [String(worked.value)];
  });
  const ids = texts.flatMap((text) => [...text.matchAll(UUID)].at(-1)?.[0] ?? []);
  return { id: ids[0], kind: vendorScalar(map.value('kind')) ?? undefined };
}

/** The properties as a rule's; a saved search keeps some of them in its tags. */
export function ruleProperties({ map, properties }: ArmResource): Readonly<Record<string, unknown>> {
  if (!/savedsearches$/i.test(vendorScalar(map.value('type')) ?? '')) return properties;
  const { tags, category: _, version: __, ...named } = properties;
  const tagged = vendorMaps(tags, []).flatMap((tag) => {
    const name = vendorScalar(tag.value('name'))?.toLowerCase() ?? '';
    return ['description', 'tactics', 'techniques'].includes(name) ? [[name, tag.value('value')] as const] : [];
  });
  return { ...named, ...Object.fromEntries(tagged) };
}
