import type { Command } from 'commander';
import { Option } from 'commander';

export const DEFAULT_CONFIG = 'huntwire.yaml';

export interface CommonOptions {
  readonly config: string;
  readonly format: string;
}

/** `--config FILE`, as every verb has it that reads the configuration. */
export function withConfig(command: Command): Command {
  return command.option('--config <file>', 'configuration file', DEFAULT_CONFIG);
}

/** `--format`: `text` for people, `json` for one document on stdout. */
export function withFormat(
  command: Command,
  choices: readonly string[] = ['text', 'json'],
  fallback = 'text',
): Command {
  return command.addOption(new Option('--format <format>', 'how to print').choices(choices).default(fallback));
}

/** Collects a repeatable option. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
