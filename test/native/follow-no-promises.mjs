import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Jest follows each test through every promise that it makes, to know later whose error one is; Node 20 writes to each promise for that, which
 * makes an `await` four times as dear. Tests of a file run one after another, so what runs is known without it.
 */
export function followNoPromises() {
  const { run, getStore } = AsyncLocalStorage.prototype;
  const running = new WeakMap();
  AsyncLocalStorage.prototype.getStore = function getRunning() {
    return running.has(this) ? running.get(this) : getStore.call(this);
  };
  AsyncLocalStorage.prototype.run = function runPlainly(store, work, ...given) {
    if (!running.has(this) && !isAskedByJest()) return run.call(this, store, work, ...given);
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

function isAskedByJest() {
  return /[\\/]jest-circus[\\/]/.test(new Error('who asks').stack ?? '');
}
