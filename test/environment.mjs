import { TestEnvironment } from 'jest-environment-node';

/**
 * The Node environment, plus Microsoft's KQL parser handed in from the outer realm when a file asks for it with
 * `@jest-environment-options {"kql": true}`: a worker then builds the grammar once (2 s) and not once a file.
 */
export default class Environment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.wantsKql = config.projectConfig.testEnvironmentOptions.kql === true;
  }

  async setup() {
    await super.setup();
    if (!this.wantsKql) return;
    await import('@kusto/language-service-next/bridge.min.js');
    await import('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
    Object.assign(this.global, { Bridge: globalThis.Bridge, System: globalThis.System, Kusto: globalThis.Kusto });
  }
}
