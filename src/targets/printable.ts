// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a terminal
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text of the other side without control characters, so that it can be shown on a terminal. */
export function printable(text: string): string {
  return text.replace(CONTROL, '\ufffd');
}
