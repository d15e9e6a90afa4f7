import type { JsonObject } from '../preset.ts';
import type { AlertLink } from './alert-links.ts';
import { tableText } from './evidence-table.ts';
import type { AlertOutline, Fact } from './outline.ts';
import { evidenceTitle } from './outline-text.ts';

/**
 * The outline as a document of the Atlassian Document Format, version 1. Texts stand in it as they are: it has no markup that they could
 * break. An empty text is not allowed anywhere.
 */
export function outlineDocument({ description, facts, entities, details, evidence, links }: AlertOutline): JsonObject {
  const content = [
    ...paragraph(description.split('\n').map((line) => [textOf(line)])),
    ...paragraph(facts.map(factNodes)),
    ...section('Entities', paragraph(entities.map(factNodes))),
    ...section('Details', paragraph(details.map(factNodes))),
    ...(evidence ? section(evidenceTitle(evidence), [codeBlock(tableText(evidence))]) : []),
    ...section('Links', paragraph(links.map(linkNodes))),
  ];
  return { version: 1, type: 'doc', content };
}

type Node = JsonObject;

/** Lines with breaks between them; nothing where all are empty. */
function paragraph(lines: readonly (readonly (Node | null)[])[]): readonly Node[] {
  const content = lines.flatMap((nodes, at) => [
    ...(at > 0 ? [{ type: 'hardBreak' }] : []),
    ...nodes.filter((node) => node !== null),
  ]);
  return content.some(({ type }) => type === 'text') ? [{ type: 'paragraph', content }] : [];
}

function section(title: string, nodes: readonly Node[]): readonly Node[] {
  if (nodes.length === 0) return [];
  return [{ type: 'heading', attrs: { level: 3 }, content: [{ type: 'text', text: title }] }, ...nodes];
}

function factNodes({ name, value }: Fact): readonly Node[] {
  return [
    { type: 'text', text: name, marks: [{ type: 'strong' }] },
    { type: 'text', text: `: ${value}` },
  ];
}

function linkNodes({ text, href }: AlertLink): readonly Node[] {
  return [{ type: 'text', text, marks: [{ type: 'link', attrs: { href } }] }];
}

function codeBlock(text: string): Node {
  return { type: 'codeBlock', content: [{ type: 'text', text }] };
}

function textOf(text: string): Node | null {
  return text === '' ? null : { type: 'text', text };
}
