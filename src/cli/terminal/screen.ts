import { guarded } from './guard.ts';

/** A terminal as a whole page that is drawn anew, instead of lines that follow each other. */
export interface Screen {
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Shows these lines and nothing else; those that do not fit are left out. Lines must fit in width. */
  readonly draw: (lines: readonly string[]) => void;
  /** Puts back what stood there before. Done twice it is done once. */
  readonly close: () => void;
}

const OPEN = '\u001b[?1049h\u001b[?25l';
const CLOSE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
/** Before a line, and not behind it: the cursor stays on the last place of a line that fills the terminal, and would take that away. */
const WHOLE_LINE = '\u001b[2K';
const REST_OF_SCREEN = '\u001b[J';

/** ECMA-48 and the alternate screen of xterm, which all terminals of today know. */
export function openScreen(stream: Pick<NodeJS.WriteStream, 'write' | 'columns' | 'rows'>): Screen {
  let isOpen = true;
  stream.write(OPEN);
  const size = () => ({ columns: stream.columns || 80, rows: stream.rows || 24 });
  return {
    size,
    draw: (lines) => {
      const { rows } = size();
      const shown = lines.slice(0, rows).map((line) => WHOLE_LINE + guarded(line));
      const rest = shown.length < rows ? `\r\n${REST_OF_SCREEN}` : '';
      if (isOpen) stream.write(HOME + shown.join('\r\n') + rest);
    },
    close: () => {
      if (isOpen) stream.write(CLOSE);
      isOpen = false;
    },
  };
}
