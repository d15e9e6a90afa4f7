/** From here a process that starts from a parser image goes on: a CommonJS file, because the image takes no other. */
import('./worker.ts').catch((error: unknown) => {
  process.stderr.write(`huntwire lsp: ${String(error)}\n`);
  process.exit(1);
});
