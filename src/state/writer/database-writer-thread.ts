import { parentPort, workerData } from 'node:worker_threads';
import type { DatabaseWriterSettings } from './messages.ts';
import { serveDatabase } from './serve-database.ts';

/** The entry of the thread that writes a state in a database. */
if (parentPort) serveDatabase(parentPort, workerData as DatabaseWriterSettings);
