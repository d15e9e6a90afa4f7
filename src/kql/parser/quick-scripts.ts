import { withQuickElements } from './quick-elements.ts';

/**
 * A script of the parser as a parser image takes it: the same program, written so that V8 has less to do. Numbers stand in the place of
 * names of constants, namespaces are looked up once, properties lie in their objects, not in an object beside each, a constructor asks for
 * what its class has to prepare only where there may be something, words are looked up in maps,
 * and what quick-elements.ts says. That is a fourth of an analysis. It takes 0.3 s, so that only an image is worth it. What is not found as it is expected stays as it is.
 */
export function quickScript(text: string): string {
  return withMaps(withSlots(withShortNames(withNumbers(withoutIdleStarts(withQuickElements(text))))));
}

/** `Bridge.define("Some.Name",{$kind:"enum",statics:{fields:{One:1,Two:2}}})` */
const ENUMERATION = /Bridge\.define\("([\w.]+)",\{\$kind:"(?:nested )?enum",statics:\{fields:\{([^{}]*)\}\}/g;
const MEMBER = /^(\w+):(-?\d+)$/;
/** A name of a constant that nothing is called or asked of. */
const QUALIFIED = /(?<!["\w.$])((?:[A-Z]\w*\.)+)([A-Z]\w*)(?![\w$(.]|\s*=[^=])/g;

/** Each use of a constant of an enumeration is its number. */
function withNumbers(text: string): string {
  const numbers = new Map<string, string>();
  for (const [, name, fields = ''] of text.matchAll(ENUMERATION)) {
    for (const field of fields.split(',')) {
      const [, member, number] = MEMBER.exec(field) ?? [];
      if (member && number) numbers.set(`${name}.${member}`, number.startsWith('-') ? `(${number})` : number);
    }
  }
  return numbers.size === 0 ? text : text.replace(QUALIFIED, (name) => numbers.get(name) ?? name);
}

/** Parts of the library's namespace; one that is a class, too, is none. */
const NAMESPACE = /Bridge\.define\("Kusto\.Language\.([A-Z]\w*)\.[\w.$]+"/g;

/** Namespaces are made first, and constants of the script stand for them. */
function withShortNames(text: string): string {
  const found = new Set([...text.matchAll(NAMESPACE)].map(([, name = '']) => name));
  const names = [...found].filter((name) => !text.includes(`"Kusto.Language.${name}"`));
  if (names.length === 0) return text;
  const uses = new RegExp(String.raw`(?<!["\w.$])Kusto\.Language\.(${names.join('|')})\.(?=[A-Z])`, 'g');
  const made = names.map((name) => `${name}:{}`).join(',');
  const constants = names.map((name) => `$Kusto${name}=Kusto.Language.${name}`).join(',');
  const rest = text.replace(uses, (_, name: string) => `$Kusto${name}.`);
  return `globalThis.Kusto={Language:{${made}}};const ${constants};${rest}`;
}

/** How the runtime keeps the value of a property: in an object beside each object, by a name that is looked up with each use. */
const BESIDE =
  'function(n,t,i,r){n.get=function(){var n=this.$init[i];return n===undefined?r:n};n.set=function(n){this.$init[i]=n}}(e,n,o,i)';
/** Of objects in a slot of their own, by code of its own; of classes as before (the outer `r`). */
const IN_SLOTS = `(r?${BESIDE.slice(0, -'(e,n,o,i)'.length)}:function(n,t,i,r){var k=JSON.stringify("$"+i);n.get=new Function("d","return function(){var v=this["+k+"];return v===undefined?d:v}")(r);n.set=new Function("v","this["+k+"]=v")})(e,n,o,i)`;

const SWAPS: readonly (readonly [string, string])[] = [
  [BESIDE, IN_SLOTS],
  // What an object is made with is asked for only where a class has something of that kind; a mark says that it was done.
  [
    'i.$initialize=Bridge.Class._initialize',
    'i.$initialize=i.$initMembers||e.$initMembers?Bridge.Class._initialize:Bridge.Class._nothing',
  ],
  [
    '_initialize:function(){this.$init||(this.$init={},',
    '_nothing:function(){},_initialize:function(){this.$init||(this.$init=!0,',
  ],
  // A class that adds nothing has that of the class that it is made from.
  ['(v||n&&!r&&t.$initMembers)&&', 'v&&'],
];

/** All or none: one needs the other. */
function withSlots(text: string): string {
  if (SWAPS.some(([from]) => text.split(from).length !== 2)) return text;
  return SWAPS.reduce((swapped, [from, to]) => swapped.replace(from, () => to), text);
}

/** A class of the parser, up to the next one. */
const CLASS = /(?=Bridge\.define\("Kusto\.)/;

/**
 * Each constructor of a chain asks its object to prepare itself, by a name that V8 looks up for each class anew. Where a class prepares
 * nothing itself, the constructor of the class that it is made from, which every constructor calls, asks the same.
 */
function withoutIdleStarts(text: string): string {
  const parts = text.split(CLASS);
  return parts.map((part) => (part.includes('ctors:{init:') ? part : part.replaceAll(START, '0'))).join('');
}

const START = 'this.$initialize()';

/** The runtime's dictionaries of words keep them as properties of an object, of which V8 makes a shape for each word. */
const MAP_SWAPS: readonly (readonly [from: string, to: string, times: number])[] = [
  ['this.simpleBuckets.hasOwnProperty(', 'this.simpleBuckets.has(', 3],
  ['delete this.simpleBuckets[i]', 'this.simpleBuckets.delete(i)', 1],
  ['this.simpleBuckets={}', 'this.simpleBuckets=new Map', 3],
  ['this.simpleBuckets[t]=u;', 'this.simpleBuckets.set(t,u);', 1],
  [
    'this.simpleBuckets[u[System.Array.index(f,u)].key]=f',
    'this.simpleBuckets.set(u[System.Array.index(f,u)].key,f)',
    1,
  ],
  ['this.simpleBuckets[t]', 'this.simpleBuckets.get(t)', 2],
  ['this.simpleBuckets[i]', 'this.simpleBuckets.get(i)', 1],
];

/** All or none, and none where it is asked for in yet another way. */
function withMaps(text: string): string {
  let swapped = text;
  for (const [from, to, times] of MAP_SWAPS) {
    const parts = swapped.split(from);
    if (parts.length !== times + 1) return text;
    swapped = parts.join(to);
  }
  return /simpleBuckets\[/.test(swapped) ? text : swapped;
}
