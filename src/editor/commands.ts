/** Commands of the server, as editors call them. */
export const COMMANDS = {
  runTest: 'huntwire.runTest',
  explain: 'huntwire.explain',
  backtest: 'huntwire.backtest',
} as const;
