import { type Alias, type Document, isAlias, type Node, visit } from 'yaml';

/** The node that each alias stands for; none for an alias whose anchor does not stand before it. */
export type AliasTargets = ReadonlyMap<Alias, Node>;

/** In one walk of the document: the library's own `resolve` walks it once for every alias. */
export function aliasTargets(document: Document): AliasTargets {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node: (_key, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target) targets.set(node, target);
      } else if (node.anchor) anchors.set(node.anchor, node);
    },
  });
  return targets;
}
