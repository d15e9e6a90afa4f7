import type { Source } from '../sources/source.ts';

/** What to say of an API that is to be switched off; null for one that is not. */
export function retirementNotice(source: Pick<Source, 'api' | 'retiresOn'>): string | null {
  if (source.retiresOn === null) return null;
  return `The API "${source.api}" stops on ${source.retiresOn}; set source.api to graph and grant the application ThreatHunting.Read.All.`;
}
