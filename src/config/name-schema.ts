export const NAME = '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$';
export const NAME_HINT = 'letters, digits, dots, hyphens and underscores, at most 128';

/** The schema of a name that people give something in the configuration. */
export const name = { type: 'string', pattern: NAME, 'x-hint': NAME_HINT };
