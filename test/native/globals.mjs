/** What `@jest/globals` is to the file of tests for which this is loaded. */
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } =
  globalThis[Symbol.for('huntwire.jest')];
