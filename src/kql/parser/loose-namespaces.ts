import type { Foreign } from './foreign.ts';

/**
 * Lets the parser start sooner: each class of a namespace is put in the place of its getter when it is first used, and V8 copies a
 * whole namespace for each, which is a tenth of the time until a first query is analyzed. From an object that something was deleted
 * from it does not. Call it before the first parse; it changes nothing that can be seen.
 */
export function loosenNamespaces(language: Foreign): void {
  for (const { value } of Object.values(Object.getOwnPropertyDescriptors(language))) {
    if (typeof value !== 'object' || value === null || !Object.isExtensible(value)) continue;
    const namespace = value as Record<string, unknown>;
    // The last one that came would be taken away without a trace.
    for (const passing of ['$first', '$second']) namespace[passing] = null;
    for (const passing of ['$first', '$second']) delete namespace[passing];
  }
}
