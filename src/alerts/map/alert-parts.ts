import type { Window } from '../../kql/window.ts';
import { cutText, wellFormed } from '../../lib/text.ts';
import type { Rule } from '../../rules/rule.ts';
import type { Alert } from '../alert.ts';
import { isoOfMs } from '../event-time.ts';

const MAX_TITLE = 512;
const MAX_DESCRIPTION = 8192;
/** Most texts hold neither control characters nor anything else that is dear to look for. */
const PLAIN = /^[ -~]*$/;
const CONTROL = /\p{Cc}+/gu;
const CONTROL_IN_TEXT = /[^\P{Cc}\n\t]/gu;

/** One line of at most 512 characters: tickets and headers are made of it. */
export function titleOf(text: string): string {
  return cutText((PLAIN.test(text) ? text : wellFormed(text).replace(CONTROL, ' ')).trim(), MAX_TITLE);
}

/** Text of at most 8,192 characters, line breaks kept, other control characters not. */
export function descriptionOf(text: string): string {
  const clean = PLAIN.test(text) ? text : wellFormed(text).replace(CONTROL_IN_TEXT, ' ');
  return cutText(clean.trim(), MAX_DESCRIPTION);
}

export function ruleOf(rule: Rule): Alert['rule'] {
  const { id, name, version, hash, references, runbook, falsePositives, tags, origin } = rule;
  return wholeTexts({ id, name, version, hash, references, runbook, falsePositives, tags, ...(origin && { origin }) });
}

/** Half of a surrogate pair, which is the only character that JSON writes so. */
const HALF_IN_JSON = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** A file may hold half characters as escapes (`"\ud800"`): they have no form in UTF-8, and receivers refuse them. */
function wholeTexts<Part extends object>(part: Part): Part {
  const text = JSON.stringify(part);
  const whole = text.replace(HALF_IN_JSON, '$1\ufffd');
  return whole === text ? part : JSON.parse(whole);
}

export function windowOf(window: Window | null): Alert['window'] {
  return window === null ? null : { from: isoOfMs(window.from), to: isoOfMs(window.to), basis: window.basis };
}
