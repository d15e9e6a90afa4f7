/** What the picture of the demo says of itself, and how wide its terminal is. */
export const DEMO_PICTURE = {
  title: 'huntwire demo in a terminal: alerts as they arrive, then which planted attack was found by which rule',
  columns: 110,
};

/** A cell of the grid, and what stands around it, in px. */
const CELL = { width: 8, height: 18 };
const MARGIN = 16;
const FONT = 13;
const COLOURS = { background: '#0d1117', text: '#e6edf3', dim: '#9198a1' };
/** By the code of SGR. */
const TINTS = { 31: '#ff7b72', 32: '#56d364', 33: '#e3b341', 34: '#79c0ff', 35: '#d2a8ff', 36: '#76e3ea' };
const ESCAPE = String.fromCharCode(27);
const CODES = new RegExp(`${ESCAPE}\\[([0-9;]*)m`);
const OTHER_CODES = new RegExp(`${ESCAPE}\\[[0-9;?]*[A-Za-ln-z]|${ESCAPE}[()][A-Z0-9]|\r`, 'g');

/**
 * What a terminal shows of a text, as SVG: colours, bold and dim; whatever moves the cursor is left out. Every run of characters has its
 * place and width, so that columns stand under one another in whatever font there is.
 */
export function drawTerminal(text, { title, columns = 100 }) {
  const lines = text.replaceAll(OTHER_CODES, '').replace(/\n+$/, '').split('\n');
  const { drawn, rows } = drawLines(lines, columns);
  const width = columns * CELL.width + 2 * MARGIN;
  const height = rows * CELL.height + 2 * MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">
<title id="title">${escaped(title)}</title>
<rect width="${width}" height="${height}" rx="8" fill="${COLOURS.background}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="${FONT}">
${drawn.join('\n')}
</g>
</svg>
`;
}

/** A line that is too long goes on in the next row, as terminals have it. */
function drawLines(lines, columns) {
  const drawn = [];
  let style = {};
  let row = 0;
  for (const line of lines) {
    let column = 0;
    for (const [at, part] of line.split(CODES).entries()) {
      // Codes stand at odd places.
      if (at % 2 === 1) style = styled(style, part);
      else
        for (const piece of piecesOf([...part], columns - column, columns)) {
          if (column === columns) [row, column] = [row + 1, 0];
          drawn.push(...drawRuns(piece, row, column, style));
          column += [...piece].length;
        }
    }
    row += 1;
  }
  return { drawn, rows: row };
}

function piecesOf(characters, room, columns) {
  const first = characters.slice(0, room).join('');
  const rest = characters.slice(room);
  const others = Array.from({ length: Math.ceil(rest.length / columns) }, (_, at) =>
    rest.slice(at * columns, (at + 1) * columns).join(''),
  );
  return [first, ...others].filter((piece) => piece !== '');
}

/** What lies between several spaces has a place of its own: not every viewer keeps spaces. */
function drawRuns(text, row, column, style) {
  return [...text.matchAll(/\S+(?: \S+)*/g)].map(({ 0: run, index }) =>
    drawRun(run, row, column + [...text.slice(0, index)].length, style),
  );
}

function drawRun(run, row, column, { colour, isDim, isBold }) {
  const x = MARGIN + column * CELL.width;
  const y = MARGIN + (row + 1) * CELL.height - 5;
  const fill = colour ?? (isDim ? COLOURS.dim : COLOURS.text);
  const weight = isBold ? ' font-weight="bold"' : '';
  const length = [...run].length * CELL.width;
  return `<text x="${x}" y="${y}" fill="${fill}"${weight} textLength="${length}" lengthAdjust="spacingAndGlyphs">${escaped(run)}</text>`;
}

function styled(before, codes) {
  let style = before;
  for (const code of codes === '' ? ['0'] : codes.split(';')) {
    if (code === '0') style = {};
    else if (code === '1') style = { ...style, isBold: true };
    else if (code === '2') style = { ...style, isDim: true };
    else if (code === '22') style = { ...style, isBold: false, isDim: false };
    else if (code === '39') style = { ...style, colour: undefined };
    else if (TINTS[code]) style = { ...style, colour: TINTS[code] };
  }
  return style;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
