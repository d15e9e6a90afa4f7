import { countOf } from '../../../lib/text.ts';
import { ATTACK_RELEASE } from '../../../rules/attack/matrix.ts';
import type { AttackReport, RuledTechnique } from '../../../rules/attack/techniques-by-rules.ts';
import type { Frame, PageParts } from '../frame.ts';
import { type Markup, markup } from '../markup.ts';
import { address } from '../parts/form.ts';

/** Techniques by tactic, each with the rules that name it. */
export function attackParts({ techniques, tactics }: AttackReport, { base }: Frame): PageParts {
  const named = tactics.filter(
    ({ id, rules }) => rules.length > 0 || techniques.some((one) => one.tactics.includes(id)),
  );
  const columns = named.map((tactic) => {
    const own = techniques.filter((one) => one.tactics.includes(tactic.id));
    const link = address(`${base}/rules`, { tactic: tactic.short });
    return markup`<section class="tactic" aria-labelledby="${tactic.id}"><h3 id="${tactic.id}"><a href="${link}">${tactic.name}</a></h3><ul>${own.map((one) => cellOf(one, base))}</ul></section>`;
  });
  const on = techniques.filter(({ enabled }) => enabled > 0).length;
  return {
    title: 'ATT&CK',
    body: markup`<p>${countOf(on, 'technique')} ${on === 1 ? 'has' : 'have'} a rule that is on. A green edge: one of them has tests; a yellow one: none has; a grey one: no rule is on.</p>
<div class="matrix" role="region" aria-label="Techniques by tactic" tabindex="0">${named.length === 0 ? markup`<p class="none">No rule names a technique.</p>` : columns}</div>
<p class="none">ATT&CK ${ATTACK_RELEASE.version} of ${ATTACK_RELEASE.date}. ${ATTACK_RELEASE.notice}</p>`,
    still: true,
  };
}

function cellOf({ id, name, rules, enabled, tested }: RuledTechnique, base: string): Markup {
  const kind = enabled === 0 ? 'off' : tested ? 'tested' : '';
  const words = enabled === 0 ? 'no rule is on' : tested ? 'tested' : 'not tested';
  const link = address(`${base}/rules`, { technique: id });
  return markup`<li class="${kind}"><a href="${link}">${id}</a> ${name}<br>${countOf(rules.length, 'rule')}, ${words}</li>`;
}
