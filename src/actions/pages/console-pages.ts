import { createDaySums } from './day-sums-of-rules.ts';
import { type OverviewPage, overviewPage } from './overview.ts';
import type { PageDeps } from './page-deps.ts';
import { createRuleSights } from './rule-sights.ts';

/** Who answers. */
export type PageAbout = PageDeps['self'];

/** What each page of the console tells; nothing here knows how it is shown. */
export interface ConsolePages {
  readonly about: PageAbout;
  overview(): Promise<OverviewPage>;
}

/** `signal` ends what goes on in the background. */
export function createConsolePages(deps: PageDeps, signal: AbortSignal): ConsolePages {
  const sights = createRuleSights(deps);
  createDaySums(deps, signal);
  return {
    about: deps.self,
    overview: () => overviewPage(deps, sights),
  };
}
