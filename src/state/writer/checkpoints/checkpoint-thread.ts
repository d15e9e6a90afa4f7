import { parentPort, workerData } from 'node:worker_threads';
import { openConnection } from '../../sqlite/connection.ts';

/** The entry of the thread that copies the log: `copy` and `close` are all that it is told, and it says when it has done so. What fails ends it. */
if (parentPort) {
  const port = parentPort;
  const connection = openConnection(String(workerData));
  port.on('message', (asked: 'copy' | 'close') => {
    if (asked === 'copy') connection.script('PRAGMA wal_checkpoint(PASSIVE)');
    else connection.close();
    port.postMessage('done');
  });
}
