/**
 * Checks deploy/kubernetes against the schemas of Kubernetes, as the package kubernetes-models (MIT) has them. It is no dependency of this
 * project: its present versions need a newer Node than ours and bring 19 packages.
 * npm install --no-save --ignore-scripts kubernetes-models && node scripts/check-manifests.mjs
 * Exit 1 where a document does not fit, or where one that is misspelt on purpose would.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const FOLDER = join(import.meta.dirname, '../deploy/kubernetes');
const failures = [];

for (const file of readdirSync(FOLDER)) {
  for (const document of parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8'))) {
    const manifest = document.toJS();
    const subject = `${file}: ${manifest.kind} ${manifest.metadata.name}`;
    const complaint = await complaintOf(manifest);
    if (complaint) failures.push(`${subject}: ${complaint}`);
    else if (!(await complaintOf({ ...manifest, metadata: { ...manifest.metadata, name: 5 } })))
      failures.push(`${subject}: a name that is a number goes through: nothing is checked`);
    else console.log(`ok   ${subject}`);
  }
}
for (const failure of failures) console.error(`FAIL ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;

/** null: it fits. */
async function complaintOf(manifest) {
  const { apiVersion, kind } = manifest;
  const module = await import(`kubernetes-models/${apiVersion}/${kind}`);
  try {
    new module[kind](manifest).validate();
    return null;
  } catch (thrown) {
    return thrown.message;
  }
}
