import { parentPort, workerData } from 'node:worker_threads';
import { startCheckpointThread } from './checkpoints/thread.ts';
import type { WriterSettings } from './messages.ts';
import { serveWrites } from './serve-writes.ts';

/** The entry of the thread that writes the state. */
if (parentPort) serveWrites(parentPort, workerData as WriterSettings, startCheckpointThread);
