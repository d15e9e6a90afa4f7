import type { Path, Place, YamlDocument } from '../../lib/yaml/parse-yaml.ts';
import type { OverlaidPart, SourceMap } from '../rule.ts';

/** The places of a rule that stands in several files: what an overlay says has its place there. */
export function overlaidMap(own: SourceMap, parts: readonly OverlaidPart[]): SourceMap {
  const found = (path: Path): { readonly document: YamlDocument; readonly path: Path } | null => {
    const part = parts.findLast((one) => holds(one, path));
    return part ? { document: part.document, path: [...part.at, ...innerOf(part, path)] } : null;
  };
  const placed = (document: YamlDocument, place: Place): Place => ({ ...place, file: document.file });
  return Object.freeze({
    ...own,
    placeOf: (path: Path) => {
      const part = found(path);
      return part ? placed(part.document, part.document.keyPlace(part.path)) : own.placeOf(path);
    },
    textPlace: (path: Path, offset: number) => {
      const part = found(path);
      return part ? placed(part.document, part.document.textPlace(part.path, offset)) : own.textPlace(path, offset);
    },
    overlaid: Object.freeze(parts),
  });
}

function holds({ path, first }: OverlaidPart, asked: Path): boolean {
  if (!path.every((step, index) => asked[index] === step)) return false;
  if (first === null) return true;
  const index = asked[path.length];
  return typeof index === 'number' && index >= first;
}

function innerOf({ path, first }: OverlaidPart, asked: Path): Path {
  const [index, ...rest] = asked.slice(path.length);
  if (index === undefined) return [];
  return [first !== null && typeof index === 'number' ? index - first : index, ...rest];
}
