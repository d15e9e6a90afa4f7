/** Replaces `[start, end)` of a text; `start === end` inserts. Edits do not overlap; at one place, insertions stand in the order given. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Piece {
  readonly sentStart: number;
  readonly sentEnd: number;
  readonly originalStart: number;
  /** Whether the piece is original text, character by character. */
  readonly copied: boolean;
}

export interface EditedText {
  readonly text: string;
  /** The place in the original of a place in the edited text; what was put in stands for the place where it was put. */
  toOriginal(offset: number): number;
  /** Whether the character there is the original's own. */
  isOriginal(offset: number): boolean;
}

export function applyEdits(original: string, edits: readonly Edit[]): EditedText {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const pieces: Piece[] = [];
  let text = '';
  let at = 0;
  const add = (part: string, originalStart: number, copied: boolean): void => {
    if (part === '') return;
    pieces.push({ sentStart: text.length, sentEnd: text.length + part.length, originalStart, copied });
    text += part;
  };
  for (const edit of ordered) {
    add(original.slice(at, edit.start), at, true);
    add(edit.text, edit.start, false);
    at = edit.end;
  }
  add(original.slice(at), at, true);
  return {
    text,
    toOriginal: (offset) => locate(pieces, offset, original.length),
    isOriginal: (offset) => pieceAt(pieces, offset)?.copied ?? false,
  };
}

function pieceAt(pieces: readonly Piece[], offset: number): Piece | undefined {
  return pieces.find((one) => offset >= one.sentStart && offset < one.sentEnd);
}

function locate(pieces: readonly Piece[], offset: number, length: number): number {
  const piece = pieceAt(pieces, offset);
  if (!piece) return offset < 0 ? 0 : length;
  return piece.copied ? piece.originalStart + offset - piece.sentStart : piece.originalStart;
}
