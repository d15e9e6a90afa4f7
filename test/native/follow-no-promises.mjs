import { AsyncLocalStorage } from 'node:async_hooks';

/** Storages that packages use in earnest. */
const used = new Set();

/**
 * Jest follows each test through every promise that it makes, to know later whose error one is; Node 20 writes to each promise for that, which
 * makes an `await` four times as dear. Tests of a file run one after another, so what runs is known without it.
 */
export function followNoPromises() {
  const { run, enterWith, getStore } = AsyncLocalStorage.prototype;
  const running = new WeakMap();
  AsyncLocalStorage.prototype.enterWith = function enterNoted(store) {
    used.add(this);
    enterWith.call(this, store);
  };
  AsyncLocalStorage.prototype.getStore = function getRunning() {
    return running.has(this) ? running.get(this) : getStore.call(this);
  };
  AsyncLocalStorage.prototype.run = function runPlainly(store, work, ...given) {
    if (!running.has(this) && !isAskedByJest()) {
      used.add(this);
      return run.call(this, store, work, ...given);
    }
    const before = running.get(this);
    running.set(this, store);
    const end = () => running.set(this, before);
    try {
      const result = work(...given);
      if (typeof result?.then !== 'function') end();
      else result.then(end, end);
      return result;
    } catch (thrown) {
      end();
      throw thrown;
    }
  };
}

/** Has Node follow no promises any more, until one of those storages is used again: it would do so in every later file of the worker. */
export function endFollowing() {
  for (const storage of used) storage.disable();
  used.clear();
}

function isAskedByJest() {
  return /[\\/]jest-circus[\\/]/.test(new Error('who asks').stack ?? '');
}
