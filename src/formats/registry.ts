import { CEF } from './cef.ts';
import { CLOUDEVENTS } from './cloudevents.ts';
import { CLOUDEVENTS_BINARY } from './cloudevents-binary.ts';
import { ECS } from './ecs.ts';
import type { NamedFormat } from './format.ts';
import { LEEF } from './leef.ts';
import { NATIVE } from './native.ts';
import { OCSF } from './ocsf.ts';

/** Every format by the name it has in the configuration. */
export const FORMATS: ReadonlyMap<string, NamedFormat> = new Map(
  [NATIVE, OCSF, ECS, CEF, LEEF, CLOUDEVENTS, CLOUDEVENTS_BINARY].map((one) => [one.name, one]),
);
