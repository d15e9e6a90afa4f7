import { htmlText } from '../../lib/html/html-text.ts';
import { ATTACK_RELEASE, type Technique, techniquesInUse } from '../../rules/attack/matrix.ts';
import type { AttackReport, RuledTactic, RuledTechnique } from '../../rules/attack/techniques-by-rules.ts';

const STYLE = `
body { font: 14px/1.4 system-ui, sans-serif; margin: 24px; color: #1b1f23; background: #fff }
.matrix { display: flex; gap: 8px; align-items: flex-start; overflow-x: auto }
.tactic { min-width: 150px; flex: 1 }
h2 { font-size: 13px; margin: 0 0 6px }
.cell { border: 1px solid #d0d7de; border-radius: 4px; margin: 0 0 4px; padding: 4px 6px; font-size: 12px }
.part { margin-left: 12px }
.off { background: #fdf0cd } .r1 { background: #d9efd6 } .r2 { background: #a8d5a2 } .r3 { background: #6fb36b }
.none { color: #6e7781 } .untested { border-style: dashed; border-color: #9a6700 }
footer { margin-top: 24px; color: #57606a; font-size: 12px }
`;

/** One page with the enterprise matrix as a heat map; it loads nothing and runs nothing. Titles of cells name the rules. */
export function attackPage(report: AttackReport): string {
  const named = new Map(report.techniques.map((one) => [one.id, one]));
  const columns = report.tactics.map((tactic) => columnOf(tactic, named)).join('\n');
  const covered = report.techniques.filter((one) => one.enabled > 0).length;
  const astray = report.techniques.filter((one) => one.tactics.length === 0 || one.retired !== null);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>ATT&amp;CK techniques by rules</title><style>${STYLE}</style></head><body>
<h1>ATT&amp;CK techniques by rules</h1>
<p>${covered} techniques have a rule that is on. The greener, the more rules; yellow: only rules in testing or disabled ones; a dashed border: no test.</p>
<main class="matrix">
${columns}
</main>
${astray.length === 0 ? '' : `<p>Named by rules and not in use in this matrix: ${htmlText(astray.map(({ id }) => id).join(', '))}.</p>\n`}<footer>ATT&amp;CK ${htmlText(ATTACK_RELEASE.version)} of ${htmlText(ATTACK_RELEASE.date)}. ${htmlText(ATTACK_RELEASE.notice)}</footer>
</body></html>
`;
}

/** Techniques that rules name come first, with their parts; then the others by name. */
function columnOf(tactic: RuledTactic, named: ReadonlyMap<string, RuledTechnique>): string {
  const own = techniquesInUse().filter((one) => one.tactics.includes(tactic.id));
  const wholes = own.filter(({ id }) => !id.includes('.'));
  const cells = wholes.map((whole) => {
    const parts = own.filter(({ id }) => id.startsWith(`${whole.id}.`) && named.has(id));
    const isNamed = named.has(whole.id) || parts.length > 0;
    const html = [
      cellOf(whole, named.get(whole.id), ''),
      ...parts.map((one) => cellOf(one, named.get(one.id), ' part')),
    ];
    return { isNamed, name: whole.name, html: html.join('\n') };
  });
  cells.sort((a, b) => Number(b.isNamed) - Number(a.isNamed) || (a.name < b.name ? -1 : 1));
  const count = cells.filter(({ isNamed }) => isNamed).length;
  const direct =
    tactic.rules.length === 0
      ? ''
      : ` <span title="${htmlText(tactic.rules.join(', '))}">+${tactic.rules.length}</span>`;
  return `<section class="tactic"><h2>${htmlText(tactic.name)} <small>${count}/${wholes.length}</small>${direct}</h2>\n${cells.map(({ html }) => html).join('\n')}\n</section>`;
}

function cellOf({ id, name }: Technique, ruled: RuledTechnique | undefined, more: string): string {
  const title = ruled ? ` title="${htmlText(ruled.rules.join(', '))}"` : '';
  const count = ruled ? ` <b>${ruled.enabled}</b>` : '';
  return `<div class="cell${more} ${shadeOf(ruled)}"${title}>${htmlText(name)} <small>${htmlText(id)}</small>${count}</div>`;
}

function shadeOf(ruled: RuledTechnique | undefined): string {
  if (!ruled) return 'none';
  const shade = ruled.enabled === 0 ? 'off' : `r${Math.min(3, ruled.enabled)}`;
  return ruled.tested ? shade : `${shade} untested`;
}
