/**
 * Has V8 give back what it holds of memory and no longer needs: by itself it does so only where it has rested for long. All waits for it, a
 * tenth of a second or some: for a moment when nothing else is to be done. Where this Node has no inspector, everything stays as it is.
 */
export async function giveBackMemory(): Promise<void> {
  const inspector = await import('node:inspector').catch(() => null);
  if (inspector === null) return;
  const session = new inspector.Session();
  session.connect();
  await new Promise((resolve) => session.post('HeapProfiler.collectGarbage', resolve));
  session.disconnect();
}
