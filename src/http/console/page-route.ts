import type { Context } from 'hono';
import type { TokenScope } from '../tokens.ts';
import type { ConsoleDeps } from './console-deps.ts';
import type { Frame, PageParts } from './frame.ts';
import type { SignedIn } from './visits.ts';

/** What a page is asked with. */
export interface PageAsked {
  /** Of the address; of several values of a name the first. What is empty is left out. */
  readonly query: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly deps: ConsoleDeps;
}

export type PageMaker = (frame: Frame, asked: PageAsked) => Promise<PageParts>;

/** A form that was sent by who has signed in, from a page of ours. */
export interface FormSent {
  readonly frame: Frame;
  readonly visit: SignedIn;
  readonly form: FormData;
  readonly params: Readonly<Record<string, string>>;
  readonly deps: ConsoleDeps;
}

export interface PageRoute {
  readonly path: string;
  /** What who asks must be allowed beside looking; left out: nothing. */
  readonly scope?: TokenScope;
  readonly make: PageMaker;
  /** What its form does: a page, or where to go on; left out: it has none. */
  readonly write?: (context: Context, sent: FormSent) => Promise<Response | PageParts>;
}
