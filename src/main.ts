#!/usr/bin/env node
import { createWorld } from './cli/terminal/real-world.ts';

const [major = 0, minor = 0, patch = 0] = process.versions.node.split('.').map(Number);
if (major * 1e6 + minor * 1e3 + patch < 20_018_001) {
  process.stderr.write(`huntwire needs Node 20.18.1 or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 2;
} else {
  const { runCli } = await import('./cli/cli.ts');
  const { verbsFor } = await import('./cli/verbs.ts');
  const argv = process.argv.slice(2);
  process.exitCode = await runCli(argv, createWorld(process), await verbsFor(argv));
}
