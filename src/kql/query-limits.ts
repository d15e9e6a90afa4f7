/** Ten times the longest rule that we have seen, in characters; the parser needs about a second for this much. */
export const MAX_QUERY_LENGTH = 256 * 1024;
