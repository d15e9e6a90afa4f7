/** Who may use the quota first: severities, then runs that catch up. */
export const LANES = ['critical', 'high', 'medium', 'low', 'informational', 'backlog'] as const;
export type Lane = (typeof LANES)[number];

/**
 * The share of each limit that a lane may fill. What a lower lane leaves free is there for a higher one at once, whatever the order
 * in which they ask; with the quota hardly used, all lanes run alike.
 */
const SHARES: Readonly<Record<Lane, number>> = {
  critical: 1,
  high: 1,
  medium: 0.9,
  low: 0.85,
  informational: 0.8,
  backlog: 0.6,
};

export function laneShare(lane: Lane): number {
  return SHARES[lane];
}
