/**
 * Looks at the page again every few seconds and puts what has changed of its live parts in their place. A part with the focus or a
 * selection stays as it is, and nothing is asked while nobody sees the page. Pages work without it.
 */
export const POLLER = `'use strict';
(() => {
  const main = document.querySelector('main[data-poll]');
  if (!main) return;
  const everyMs = Number(main.dataset.poll) * 1000;
  let busy = false;
  const inUse = (part) => {
    const selection = document.getSelection();
    return part.contains(document.activeElement) || (selection && !selection.isCollapsed && part.contains(selection.anchorNode));
  };
  const open = (part) => [...part.querySelectorAll('details')].map((one) => one.open);
  const replace = (fresh) => {
    const part = document.getElementById(fresh.id);
    if (!part || inUse(part)) return;
    const opened = open(part);
    [...fresh.querySelectorAll('details')].forEach((one, at) => { if (opened[at]) one.open = true; });
    if (part.innerHTML !== fresh.innerHTML) part.replaceWith(document.adoptNode(fresh));
  };
  const look = async () => {
    if (busy || document.hidden) return;
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html', 'x-poll': '1' }, cache: 'no-store', redirect: 'error' });
      if (answer.ok) new DOMParser().parseFromString(await answer.text(), 'text/html').querySelectorAll('[id][data-live]').forEach(replace);
    } catch {
      // The next look may find it again; the page says how old it is.
    } finally {
      busy = false;
    }
  };
  setInterval(look, everyMs);
  document.addEventListener('visibilitychange', look);
})();
`;
