/** What an access token says of itself. It is read, not verified: the API does that. */
export interface TokenClaims {
  /** Application permissions. */
  readonly roles: readonly string[];
  /** Delegated permissions. */
  readonly scopes: readonly string[];
  readonly audience: string | null;
}

/** The claims of a JWT; null where the token is opaque. */
export function tokenClaims(token: string): TokenClaims | null {
  const payload = token.split('.')[1];
  if (!payload) return null;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? claimsOf(claims) : null;
  } catch {
    return null;
  }
}

/** The permission that the token lacks, or null where it has one of those that do, or is opaque. */
export function missingPermission(token: string, permission: Permission): string | null {
  const claims = tokenClaims(token);
  if (!claims) return null;
  if (claims.scopes.length > 0) return claims.scopes.includes(permission.delegated) ? null : permission.delegated;
  return claims.roles.includes(permission.application) ? null : permission.application;
}

/** The permission that a query needs, for an application by itself and on behalf of a person. */
export interface Permission {
  readonly application: string;
  readonly delegated: string;
}

function claimsOf(claims: object): TokenClaims {
  const { roles, scp, aud } = claims as { roles?: unknown; scp?: unknown; aud?: unknown };
  return {
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
    scopes: typeof scp === 'string' ? scp.split(' ').filter(Boolean) : [],
    audience: typeof aud === 'string' ? aud : null,
  };
}
