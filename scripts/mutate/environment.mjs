import RealmEnvironment from './realm-environment.mjs';

/** Notes which functions a test file enters (see `withReach`), and stops a file at its first failed test. */
export default class MutationEnvironment extends RealmEnvironment {
  async setup() {
    await super.setup();
    const reached = new Set();
    this.global.__reached = (name) => void reached.add(name);
    globalThis.mutationReached = reached;
  }

  handleTestEvent(event) {
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') this.failed = true;
    if (event.name === 'test_start' && this.failed) event.test.mode = 'skip';
  }
}
