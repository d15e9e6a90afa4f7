/**
 * Lives that stop dead, many in one process: one that has come to the point of its end does nothing any more, its connections stay as
 * they are, and the process is killed when all have come to theirs. To each state that is what a kill at its point would be.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import Database from 'libsql';

/** What a life waits for that has stopped. */
export const NEVER = new Promise(() => undefined);

/**
 * A life on a state file. `isEnd` is asked at each point that it passes; `over` resolves when it stops. Whoever kills holds all lives
 * until then: a connection that nobody knows any more would be closed.
 */
export function createLife(state, isEnd) {
  const life = { state, isEnd, working: '', digest: null, held: [] };
  life.over = new Promise((resolve) => {
    life.stop = () => {
      life.digest = digestOf(state);
      resolve();
    };
  });
  return life;
}

export const hasStopped = (life) => life.digest !== null;

/** Whether anything was written to the files of a life since it stopped. */
export const isTouched = (life) => hasStopped(life) && life.digest !== digestOf(life.state);

/** Whether a life has stopped, at this point or before. */
export function stopsAt(life, point) {
  if (!hasStopped(life) && life.isEnd(point)) life.stop();
  return hasStopped(life);
}

/** Of the state and its log; their shared memory is the system's. */
function digestOf(state) {
  const hash = createHash('sha256');
  for (const path of [state, `${state}-wal`]) hash.update(existsSync(path) ? readFileSync(path) : '-').update('|');
  return hash.digest('hex');
}

let opening = null;
const livesByDatabase = new WeakMap();
const { exec } = Database.prototype;
Database.prototype.exec = function execOfALife(text) {
  if (opening) livesByDatabase.set(this, opening);
  const life = livesByDatabase.get(this);
  if (life && stopsAt(life, text === 'COMMIT' ? `inside ${life.working}` : '')) throw new Error('stopped');
  return exec.call(this, text);
};

/** The store that `open` opens, with points before and after each of its methods, and inside those that write. */
export function openDeadlyStore(life, open) {
  opening = life;
  try {
    const store = open();
    life.held.push(store);
    return deadly(life, store);
  } finally {
    opening = null;
  }
}

function deadly(life, store) {
  const failed = (error) => (hasStopped(life) ? NEVER : Promise.reject(error));
  const callOf =
    (name, method) =>
    async (...given) => {
      if (stopsAt(life, `before ${name}`)) return NEVER;
      life.working = name;
      const result = await method(...given).catch(failed);
      life.working = '';
      return stopsAt(life, `after ${name}`) ? NEVER : result;
    };
  return new Proxy(store, {
    get: (whole, name) => {
      const member = whole[name];
      if (typeof member === 'object') return deadly(life, member);
      return typeof member !== 'function' || name === 'outboxNow' ? member : callOf(name, member);
    },
  });
}
