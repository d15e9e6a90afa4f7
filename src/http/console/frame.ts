import type { PageAbout } from '../../actions/pages/console-pages.ts';
import { type Markup, markup } from './markup.ts';
import { instantText } from './parts/time-text.ts';
import type { SignedIn } from './visits.ts';

/** For whom, where and when a page is made. */
export interface Frame {
  /** Begins with a slash and does not end with one. */
  readonly base: string;
  /** The path of the page below it. */
  readonly path: string;
  /** Epoch ms. */
  readonly now: number;
  readonly visit: SignedIn;
  readonly about: PageAbout;
}

export interface PageParts {
  readonly title: string;
  readonly body: Markup;
  /** Left out: the page is looked at again every few seconds. */
  readonly still?: true;
  /** Left out: 200. */
  readonly status?: number;
}

const PLACES = [
  ['/', 'Overview'],
  ['/rules', 'Rules'],
  ['/attack', 'ATT&CK'],
  ['/alerts', 'Alerts'],
  ['/tenants', 'Tenants'],
  ['/targets', 'Targets'],
  ['/letters', 'Dead letters'],
  ['/silences', 'Silences'],
  ['/machines', 'Machines'],
  ['/audit', 'Audit'],
  ['/try', 'Try'],
] as const;

/** Who is named by a proxy signs out there. */
const SIGN_OUT_BUTTON = markup`<button class="link">Sign out</button>`;

/** A whole page. Its parts with an id and `data-live` are brought up to date by the poller. */
export function framed(frame: Frame, { title, body, still }: PageParts): Markup {
  const { base, now, about, visit } = frame;
  return bare(
    base,
    title,
    markup`<a class="skip" href="#main">Skip to the content</a>
<header class="top"><a class="brand" href="${base}/">Huntwire</a>
<nav aria-label="Pages"><ul>${PLACES.map((place) => placeItem(frame, place))}</ul></nav></header>
<main id="main" tabindex="-1"${still ? null : markup` data-poll="10"`}><h1>${title}</h1>
${body}</main>
<footer id="age" data-live="">As of ${instantText(now)}, answered by ${about.machine} (process ${about.pid}, version ${about.version}).
<form method="post" action="${base}/sign-out" class="inline">${keyField(visit)}<span>Signed in as ${visit.by}. </span>${visit.token === null ? null : SIGN_OUT_BUTTON}</form></footer>`,
  );
}

function placeItem({ base, path }: Frame, [place, name]: (typeof PLACES)[number]): Markup {
  const isHere = place === '/' ? path === '/' : path === place || path.startsWith(`${place}/`);
  return markup`<li><a href="${base}${place}"${isHere ? markup` aria-current="page"` : null}>${name}</a></li>`;
}

/** A page without navigation, for who has not signed in. */
export function bare(base: string, title: string, body: Markup, refresh: string | null = null): Markup {
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${title} · Huntwire</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
${refresh === null ? null : markup`<meta http-equiv="refresh" content="0;url=${refresh}">`}
<link rel="icon" href="${base}/icon.svg" type="image/svg+xml"><link rel="stylesheet" href="${base}/style.css">
<script src="${base}/poll.js" defer></script></head><body>
${body}</body></html>`;
}

/** What every form that writes brings back. */
export function keyField({ formKey }: SignedIn): Markup {
  return markup`<input type="hidden" name="key" value="${formKey}">`;
}
