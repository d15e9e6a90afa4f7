import type { Verb } from './cli.ts';

/** What the help tells of a verb, and how to load it: the command line starts with no more than the verb that was asked for. */
export interface ListedVerb {
  readonly name: string;
  /** The heading of the help below which it stands. */
  readonly group: string;
  readonly summary: string;
  readonly load: () => Promise<Verb>;
}

/** Every verb, in the order of the help. */
export const VERBS: readonly ListedVerb[] = [
  {
    name: 'init',
    group: 'Write:',
    summary:
      'Write a configuration, one rule with tests and a .gitignore, to start from, or a whole repository of rules.',
    load: async () => (await import('./init.ts')).init,
  },
  {
    name: 'lint',
    group: 'Write:',
    summary: 'Check rules: syntax, windows, thresholds and habits that lose or double hits.',
    load: async () => (await import('./lint.ts')).lint,
  },
  {
    name: 'test',
    group: 'Write:',
    summary: 'Run the tests inside rule files.',
    load: async () => (await import('./test.ts')).test,
  },
  {
    name: 'explain',
    group: 'Write:',
    summary: 'Show what the next run of a rule will do: times, window, query as sent, keys, alerts, overlays, cost.',
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    name: 'backtest',
    group: 'Write:',
    summary: 'Run one rule over past windows and show what it would have told; nothing is delivered.',
    load: async () => (await import('./backtest.ts')).backtest,
  },
  {
    name: 'attack',
    group: 'Write:',
    summary: 'Show ATT&CK techniques by rules; also as a layer for ATT&CK Navigator and as a page.',
    load: async () => (await import('./attack.ts')).attack,
  },
  {
    name: 'convert',
    group: 'Write:',
    summary: 'Write rules of Microsoft Sentinel, ARM templates and Defender custom detections in our format.',
    load: async () => (await import('./convert.ts')).convert,
  },
  {
    name: 'render',
    group: 'Write:',
    summary: 'Show exactly what a target would be sent, secrets masked; send nothing.',
    load: async () => (await import('./render.ts')).render,
  },
  {
    name: 'route',
    group: 'Write:',
    summary: 'Tell which targets an alert takes, and why.',
    load: async () => (await import('./route.ts')).route,
  },
  {
    name: 'query',
    group: 'Write:',
    summary: 'Run one query as it is, with no window, and print the rows.',
    load: async () => (await import('./query.ts')).query,
  },
  {
    name: 'data',
    group: 'Write:',
    summary: 'Local data: check shows how each file is read, and what is not.',
    load: async () => (await import('./data.ts')).data,
  },
  {
    name: 'schema',
    group: 'Write:',
    summary: 'Ask a source for the columns of its tables, and write a schema file.',
    load: async () => (await import('./schema.ts')).schema,
  },
  {
    name: 'lsp',
    group: 'Write:',
    summary: 'Serve an editor (Language Server Protocol): findings, completion, hover and tests while one writes.',
    load: async () => (await import('./lsp.ts')).lsp,
  },
  {
    name: 'run',
    group: 'Run:',
    summary: 'Run all rules on their schedules and deliver, until Ctrl-C or SIGTERM.',
    load: async () => (await import('./run.ts')).run,
  },
  {
    name: 'once',
    group: 'Run:',
    summary: 'Run every enabled rule once as of now, then try every pending delivery once.',
    load: async () => (await import('./once.ts')).once,
  },
  {
    name: 'plan',
    group: 'Run:',
    summary: 'Show what the schedules ask of the quota, hour by hour, and whether it fits; --compare with a branch.',
    load: async () => (await import('./plan.ts')).plan,
  },
  {
    name: 'gaps',
    group: 'Run:',
    summary: 'List past time that rules have not searched, and why; no lock and no secret needed.',
    load: async () => (await import('./gaps.ts')).gaps,
  },
  {
    name: 'backfill',
    group: 'Run:',
    summary: 'Search past time again with one rule and tell what is new; --dry-run shows the cost.',
    load: async () => (await import('./backfill.ts')).backfill,
  },
  {
    name: 'status',
    group: 'Watch:',
    summary: 'Show the runner, rules, tenants and targets as the state knows them; no lock and no secret needed.',
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'doctor',
    group: 'Watch:',
    summary: 'Check configuration, rules, network, token, permissions, quota and targets; send nothing.',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'report',
    group: 'Watch:',
    summary: 'Write a page of charts: runs, alerts, noise, latency, quota, gaps and coverage of some days.',
    load: async () => (await import('./report.ts')).reportDays,
  },
  {
    name: 'dlq',
    group: 'Watch:',
    summary: 'Dead letters: alerts that a target refused, or that nobody took for 72 hours.',
    load: async () => (await import('./dlq.ts')).dlq,
  },
  {
    name: 'silence',
    group: 'Watch:',
    summary: 'Silences: alerts that nobody is told of for a time.',
    load: async () => (await import('./silence.ts')).silence,
  },
  {
    name: 'audit',
    group: 'Watch:',
    summary: 'Who changed what: silences, acknowledgements, dead letters, reloads, runs and backfills by hand.',
    load: async () => (await import('./audit.ts')).audit,
  },
  {
    name: 'state',
    group: 'Watch:',
    summary: 'The state file: back it up, check, export and import it.',
    load: async () => (await import('./state.ts')).state,
  },
  {
    name: 'send-test',
    group: 'Watch:',
    summary: 'Send one alert, marked as a test, to a target and show its answer.',
    load: async () => (await import('./send-test.ts')).sendTest,
  },
  {
    name: 'action',
    group: 'Hosts:',
    summary: 'Do one action of the manifest: JSON in, JSON out.',
    load: async () => (await import('./action.ts')).action,
  },
  {
    name: 'mcp',
    group: 'Hosts:',
    summary: 'Serve assistants over standard input and output: tools to look, and to act where that is allowed.',
    load: async () => (await import('./mcp.ts')).mcp,
  },
  {
    name: 'emulate',
    group: 'Hosts:',
    summary:
      'Play Microsoft on loopback: the login host and the APIs that are hunted through, with their checks, quotas and faults.',
    load: async () => (await import('./emulate.ts')).emulate,
  },
  {
    name: 'demo',
    group: 'Hosts:',
    summary: 'Run the shipped rules against a made-up company on this machine, 60 times as fast as real time.',
    load: async () => (await import('./demo.ts')).demo,
  },
  {
    name: 'completion',
    group: 'Hosts:',
    summary: 'Print what bash, zsh or fish need to complete this command line.',
    load: async () => (await import('./completion.ts')).completion,
  },
];

/** The verb that `argv` asks for, ready, and of the others what the help tells. `help VERB` asks for it, too. */
export async function verbsFor(argv: readonly string[]): Promise<readonly Verb[]> {
  const asked = argv.find((word) => !word.startsWith('-') && word !== 'help');
  if (asked === 'completion') return allVerbs();
  const verbs: Verb[] = [];
  for (const listed of VERBS) verbs.push(listed.name === asked ? await ready(listed) : announced(listed));
  return verbs;
}

/** All verbs ready, for who wants to know their options. */
export async function allVerbs(): Promise<readonly Verb[]> {
  const verbs: Verb[] = [];
  for (const listed of VERBS) verbs.push(await ready(listed));
  return verbs;
}

async function ready(listed: ListedVerb): Promise<Verb> {
  const verb = await listed.load();
  return (program, world, done) => {
    verb(program, world, done);
    describe(program, listed);
  };
}

function announced(listed: ListedVerb): Verb {
  return (program) => {
    program.command(listed.name);
    describe(program, listed);
  };
}

function describe(program: Parameters<Verb>[0], { name, summary, group }: ListedVerb): void {
  program.commands
    .find((command) => command.name() === name)
    ?.description(summary)
    .helpGroup(group);
}
