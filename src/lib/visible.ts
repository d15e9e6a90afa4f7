/** Marks that turn the order of characters around: what a person reads is then not what stands there. */
const BIDI = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';
/** What some take for the end of a line, and DEL with the C1 controls, of which U+009B begins a command as ESC [ does. */
const OTHERS = '\\u2028\\u2029\\u007f-\\u009f';
const HIDDEN = new RegExp(`[\\u0000-\\u0008\\u000b-\\u001f${OTHERS}${BIDI}]`, 'g');
const HIDDEN_IN_JSON = new RegExp(`[${OTHERS}${BIDI}]`, 'g');
const HIDDEN_IN_LINE = new RegExp(`[\\u0000-\\u001f${OTHERS}]+`, 'g');
const TURNING = new RegExp(`[${BIDI}]`, 'g');
const BUILD_COMMAND = /##(?=(?:vso|teamcity)?\[)/g;

/** Text of another side as a terminal may show it: line feed and tab stay, all else that no one sees becomes U+FFFD. */
export function visible(text: string): string {
  return text.replace(HIDDEN, '\ufffd');
}

/** The same for a piece of a line: line breaks and other controls become one space. */
export function visibleLine(text: string): string {
  return text.replace(HIDDEN_IN_LINE, ' ').replace(TURNING, '\ufffd');
}

/** Without the marks that turn the order of characters around. */
export function withoutTurns(text: string): string {
  return text.replace(TURNING, '');
}

/** JSON that says the same, with escapes for what a terminal would obey or hide and for what a build service takes for a command. */
export function visibleJson(json: string): string {
  const escaped = json.replace(HIDDEN_IN_JSON, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return escaped.replace(BUILD_COMMAND, '\\u0023#');
}
