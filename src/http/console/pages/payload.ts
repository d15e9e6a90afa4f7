import type { RenderedRequest } from '../../../actions/pages/page-deps.ts';
import type { Frame, PageParts } from '../frame.ts';
import { markup } from '../markup.ts';
import { inPieces, pathOf } from '../parts/shown-words.ts';

/** What a target is sent for an alert; secrets are masked. */
export function payloadParts(
  requests: readonly RenderedRequest[],
  { id, target }: { readonly id: string; readonly target: string },
  { base }: Frame,
): PageParts {
  const shown = requests.map(({ method, url, headers, body }) => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`);
    const head = method === null ? '' : `${method} ${url}\n`;
    return markup`<pre tabindex="0">${head}${lines}
${readable(body)}</pre>`;
  });
  return {
    title: `As ${target} gets it`,
    body: markup`<p><a href="${base}/alerts${pathOf(id)}">Back to the alert</a>. Nothing was sent.</p>${shown}`,
    still: true,
  };
}

/** JSON for people, in pieces that are each shown whole. */
function readable(body: string): readonly string[] {
  let text = body;
  try {
    text = JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    // It is no JSON: shown as it is.
  }
  return inPieces(text);
}
