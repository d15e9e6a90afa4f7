import type { Context } from 'hono';
import type { ConsoleDeps } from './console-deps.ts';
import type { Frame, PageParts } from './frame.ts';
import { overviewParts } from './pages/overview.ts';
import type { SignedIn } from './visits.ts';

/** What a page is asked with. */
export interface PageAsked {
  /** Of the address; of several values of a name the first. */
  readonly query: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly deps: ConsoleDeps;
  readonly visit: SignedIn;
}

export type PageMaker = (frame: Frame, asked: PageAsked) => Promise<PageParts>;

/** A form that was sent by who has signed in, from a page of ours. */
export interface FormSent {
  readonly visit: SignedIn;
  readonly form: FormData;
  readonly deps: ConsoleDeps;
}

export interface PageRoute {
  readonly path: string;
  readonly make: PageMaker;
  /** What its form does; left out: it has none. */
  readonly write?: (context: Context, sent: FormSent) => Promise<Response>;
}

export const HOME: PageMaker = async (frame, { deps }) => overviewParts(await deps.pages.overview(), frame);

export const PAGES: readonly PageRoute[] = [{ path: '/', make: HOME }];
