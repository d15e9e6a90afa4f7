/** Who asks for a change, and when. */
export interface ChangedBy {
  /** The name of a token, of a user of this machine, or what made a process do it: `signal`, `files`. */
  readonly who: string;
  /** Epoch ms of our clock. */
  readonly at: number;
}

/** A change that somebody made. What it was before and is now is JSON; null where there is nothing to say. */
export interface AuditEntry extends ChangedBy {
  /** As the action of the manifest is called. */
  readonly action: string;
  /** What it was about: the id of a silence, an alert, a rule; `dead letters`, `configuration`. */
  readonly subject: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface AuditRowSeen {
  readonly row: number;
  readonly entry: AuditEntry;
}

export interface AuditQuery {
  /** At most so many, the latest ones. */
  readonly limit: number;
  /** Epoch ms; only what came since. */
  readonly since?: number;
  readonly action?: string;
  readonly who?: string;
}

/** Who changed what. Changes to the state itself are noted by who makes them, in the same transaction; everything else through `noteAudit`. */
export interface AuditStore {
  noteAudit(entry: AuditEntry): Promise<void>;
  /** In the order in which they were made. */
  audit(query: AuditQuery): Promise<readonly AuditEntry[]>;
  /** Newest first; `before`: only those whose row is lower. */
  auditPage(query: AuditQuery & { readonly before: number | null }): Promise<readonly AuditRowSeen[]>;
}
