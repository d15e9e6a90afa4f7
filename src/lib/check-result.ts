/** One finding of `doctor`. */
export interface CheckResult {
  readonly name: string;
  readonly subject: string;
  readonly ok: boolean;
  readonly message: string;
  /** What to do where it is not ok; null where nothing is to be done. */
  readonly fix: string | null;
}

export function passed(name: string, subject: string, message: string): CheckResult {
  return { name, subject, ok: true, message, fix: null };
}

export function failed(name: string, subject: string, message: string, fix: string | null): CheckResult {
  return { name, subject, ok: false, message, fix };
}
