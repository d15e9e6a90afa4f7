/** Texts that match a regular expression, from the engine's own reading of it. */
export function createSamples(parseRegex) {
  const leaves = new Map();
  const state = { leaves };
  return {
    of(pattern, groups = new Map()) {
      try {
        return sampleOf(parseRegex(pattern).root, { ...state, groups, count: 0 });
      } catch {
        return pattern;
      }
    },
    matches(pattern, text) {
      try {
        return new RegExp(pattern.replace(/^\(\?i\)/, ''), 'i').test(text);
      } catch {
        return false;
      }
    },
  };
}

const SAMPLERS = {
  character: (node, state) => leafOf(node.source, state.leaves),
  assertion: () => '',
  sequence: (node, state) => node.items.map((item) => sampleOf(item, state)).join(''),
  choice: (node, state) => sampleOf(node.branches[0], state),
  repeat: (node, state) => {
    const times = Math.min(Math.max(node.minimum, node.maximum > 0 ? 1 : 0), 200);
    return sampleOf(node.body, state).repeat(times);
  },
  group: (node, state) => {
    if (!node.capturing) return sampleOf(node.body, state);
    state.count += 1;
    const given = state.groups.get(state.count);
    const sample = sampleOf(node.body, state);
    return given ?? sample;
  },
};

function sampleOf(node, state) {
  return SAMPLERS[node.kind](node, state);
}

const CANDIDATES =
  'aA1 ./\\-_:=@"\'%&?+#,;()[]{}<>|~!$^*`\tzZ09bcdefghijklmnopqrstuvwxyBCDEFGHIJKLMNOPQRSTUVWXY2345678\n';

function leafOf(source, leaves) {
  const known = leaves.get(source);
  if (known !== undefined) return known;
  const test = new RegExp(`^(?:${source})$`, 'u');
  const found = [...CANDIDATES].find((character) => test.test(character)) ?? (source.length === 1 ? source : '');
  leaves.set(source, found);
  return found;
}
