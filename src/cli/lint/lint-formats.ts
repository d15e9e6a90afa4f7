export const LINT_FORMATS = ['text', 'json', 'sarif', 'junit', 'github'] as const;
