import { HuntwireError, type Problem } from '../../lib/errors.ts';
import { countOf } from '../../lib/text.ts';

/** The failure of a configuration: CONFIG_SECRET_UNREADABLE where nothing else is wrong than what its values refer to. */
export function invalidConfig(file: string, problems: readonly Problem[]): HuntwireError {
  const onlySecrets = problems.every((problem) => problem.code === 'CONFIG_SECRET_UNREADABLE');
  const code = onlySecrets ? 'CONFIG_SECRET_UNREADABLE' : 'CONFIG_INVALID';
  const count = countOf(problems.length, 'problem');
  const [first] = problems;
  const place = first?.line ? `${first.line}:${first.column}: ` : '';
  return new HuntwireError(code, `${file} has ${count}: ${place}${first?.message ?? ''}`, { problems });
}

/** Why the file cannot be read, by the code of the failure. */
export function whyUnreadable(code: unknown): string {
  if (code === 'ENOENT') return 'There is no such file. Write one with "huntwire init", or name yours with --config.';
  if (code === 'EISDIR') return 'This is a folder. Name the configuration file in it with --config.';
  if (code === 'EACCES') return 'This user may not read the configuration (EACCES): check its owner and mode.';
  return `The configuration cannot be read${typeof code === 'string' ? ` (${code})` : ''}.`;
}
