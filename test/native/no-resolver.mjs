import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { isIP } from 'node:net';

/** Of a label, RFC 1035 2.3.4: longer ones are refused without a question to anybody. */
const LONGEST_LABEL = 63;

/**
 * Names that only the network knows are refused: a machine whose resolver does not answer would take 20 seconds for each, and what it answers is
 * not ours to decide. Every test file shares this, and each that asks fails by it.
 */
export function askNoResolver() {
  const { lookup } = dns;
  const { lookup: lookupLater } = dns.promises;
  dns.lookup = Object.assign((name, ...others) => {
    if (isKnownHere(name)) return lookup(name, ...others);
    process.nextTick(others.at(-1), refusal(name));
  }, lookup);
  dns.promises.lookup = async (name, ...others) => {
    if (isKnownHere(name)) return lookupLater(name, ...others);
    throw refusal(name);
  };
  syncBuiltinESMExports();
}

function isKnownHere(name) {
  return (
    !name || isIP(name) > 0 || name === 'localhost' || name.split('.').some(({ length }) => length > LONGEST_LABEL)
  );
}

function refusal(name) {
  const message = `a test asks the machine's resolver for ${name}: take NO_SUCH_NAME of test/lib/no-such-name.ts, or localhost`;
  return Object.assign(new Error(message), { code: 'ERR_TEST_RESOLVER', hostname: name });
}
