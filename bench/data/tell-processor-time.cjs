const { readFileSync, writeSync } = require('node:fs');

/** `--require` it: at its end the process tells on descriptor 3 how much processor time it and its ended children took, in ms. */
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  writeSync(3, String((user + system) / 1000 + ofChildren()));
});

/** In steps of 10 ms, where the system tells it (Linux); else none are counted. */
function ofChildren() {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return 0;
  }
}
