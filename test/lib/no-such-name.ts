/**
 * A host name that no machine resolves, and that none needs to ask about: its first label is longer than the 63 octets that RFC 1035 (2.3.4)
 * allows. A name under `.invalid` alone is asked of the machine's resolver, which may take 20 seconds to give no answer.
 */
export const NO_SUCH_NAME = `${'a'.repeat(64)}.invalid`;
