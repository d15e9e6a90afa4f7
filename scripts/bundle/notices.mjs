/** What the licences of packages ask for whose code is in the bundle: their text goes with it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** `inputs`: paths from `root` of all files that are bundled. Throws where a package has no licence of its own. */
export function noticesOf(inputs, root) {
  const folders = new Set(inputs.flatMap((path) => PACKAGE.exec(path)?.[1] ?? []));
  return [...folders]
    .sort()
    .map((folder) => noticeOf(join(root, folder)))
    .join('\n');
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((one) => /^licen[cs]e\b/i.test(one));
  if (!file) throw new Error(`${name} has no licence to pass on: it cannot be bundled.`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}
