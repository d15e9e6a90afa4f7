import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';

/**
 * The modules of a script by join-modules.mjs, for processes that live shortly and often: loading 400 modules takes longer than such a
 * life. `keep` leaves what V8 has made of the script by now to the lives after this one.
 */
export function loadJoined(file) {
  const place = `${file}.code`;
  const cachedData = existsSync(place) ? readFileSync(place) : undefined;
  const script = new Script(readFileSync(file, 'utf8'), { filename: file, cachedData });
  const modules = script.runInThisContext()(createRequire(import.meta.url));
  const keep = () => {
    if (cachedData) return;
    writeFileSync(`${place}.${process.pid}`, script.createCachedData());
    renameSync(`${place}.${process.pid}`, place);
  };
  return { modules, keep };
}
