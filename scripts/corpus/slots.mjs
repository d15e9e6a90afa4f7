import { constantOf } from './constants.mjs';
import { argumentsOf, childOf, nameOf, unwrap } from './nodes.mjs';
import { fieldOf, merge, newWish, rootOf } from './wish.mjs';

/** Functions whose result is close enough to their first argument that a wish for one is a wish for the other. */
const TRANSPARENT = new Set(
  `tostring tolower toupper toint tolong toreal todouble todecimal todatetime tobool toboolean toguid trim trim_start trim_end parse_json
  todynamic url_decode coalesce bin floor startofday startofhour startofweek startofmonth materialize base64_decode_tostring replace_string
  replace_regex replace totimespan column_ifexists take_any any min max make_set make_list makeset makelist make_set_if make_list_if
  set_difference array_sort_asc array_sort_desc todynamic dynamic_to_json format_datetime format_ipv4 abs round arg_max arg_min minif maxif
  take_anyif anyif array_slice array_reverse set_union array_concat array_distinct substring percentile`.split(/\s+/),
);

/** Aggregates whose value is an array of their argument. */
const COLLECTING = new Set(['make_set', 'make_list', 'makeset', 'makelist', 'make_set_if', 'make_list_if']);

/** The wish of a column in the scope. */
export function wishAt(wishes, name) {
  const known = wishes.get(name);
  if (known) return known;
  const made = newWish();
  wishes.set(name, made);
  return made;
}

/** The wish behind an expression: that of a column, of a part of one, or null where the value comes from elsewhere. */
export function slotOf(expression, wishes, context) {
  const node = unwrap(expression);
  const reader = SLOTS[node.kind];
  return reader ? reader(node, wishes, context) : null;
}

const SLOTS = {
  NameReference: (node, wishes, context) => {
    const bound = context.lets.get(nameOf(node));
    if (node.reference?.kind === 'column' || !node.reference) return wishAt(wishes, nameOf(node));
    return bound && bound !== node ? slotOf(bound, context.callerWishes ?? wishes, context) : null;
  },
  PathExpression: (node, wishes, context) => pathSlot(node, wishes, context),
  ElementExpression: (node, wishes, context) => {
    const selector = childOf(node, 'Selector');
    const key = selector ? constantOf(childOf(selector, 'Expression') ?? selector, context) : undefined;
    const whole = childOf(node, 'Expression');
    return key === undefined ? null : partSlot(whole, key, wishes, context);
  },
  FunctionCallExpression: (node, wishes, context) => callSlot(node, wishes, context),
};

function pathSlot(node, wishes, context) {
  const owner = childOf(node, 'Expression');
  const selector = childOf(node, 'Selector');
  if (!owner || !selector) return null;
  if (nameOf(owner) === '$left' || nameOf(owner) === '$right') return wishAt(wishes, nameOf(selector));
  if (selector.kind === 'FunctionCallExpression') return null;
  return partSlot(owner, nameOf(selector), wishes, context);
}

function partSlot(owner, key, wishes, context) {
  const node = unwrap(owner);
  const special = node.kind === 'FunctionCallExpression' ? PART_OF[nameOf(node)] : undefined;
  if (special) return special(argumentsOf(node), key, wishes, context);
  const whole = slotOf(node, wishes, context);
  return whole ? fieldOf(whole, key) : null;
}

/** Calls whose result is taken apart: how a part of it is a part of the argument. */
const PART_OF = {
  split: ([text, separator], key, wishes, context) => {
    const whole = text ? slotOf(text, wishes, context) : null;
    const by = separator ? constantOf(separator, context) : undefined;
    if (!whole || typeof by !== 'string') return null;
    const kept = rootOf(whole);
    kept.pieces ??= { separator: by, items: new Map() };
    return itemOf(kept.pieces.items, key);
  },
  parse_url: ([text], key, wishes, context) => {
    const whole = text ? slotOf(text, wishes, context) : null;
    if (!whole) return null;
    const kept = rootOf(whole);
    kept.pieces ??= { url: true, items: new Map() };
    return itemOf(kept.pieces.items, key);
  },
  geo_info_from_ip_address: ([address], key, wishes, context) => {
    const ip = address ? slotOf(address, wishes, context) : null;
    if (!ip) return null;
    const answer = context.functionRow('geo_info_from_ip_address', new Map([['IP', ip]]));
    return wishAt(answer, String(key));
  },
};

function itemOf(items, key) {
  const known = items.get(key);
  if (known) return known;
  const made = newWish();
  items.set(key, made);
  return made;
}

function callSlot(node, wishes, context) {
  const name = nameOf(node);
  const [first, second, third] = argumentsOf(node);
  if (name === 'extract' && third) return groupSlot(first, second, third, wishes, context);
  if (/^extract_?json$/.test(name) && second) return pathInText(first, second, wishes, context);
  if (name === 'geo_info_from_ip_address' && first) {
    PART_OF.geo_info_from_ip_address([first], 'country', wishes, context);
    return null;
  }
  if (name === 'column_ifexists' && first) return wishAt(wishes, String(constantOf(first, context) ?? nameOf(first)));
  if (!TRANSPARENT.has(name) || !first) return null;
  const slot = slotOf(first, wishes, context);
  if (!slot || !COLLECTING.has(name)) return slot;
  const array = newWish();
  rootOf(array).element = slot;
  return array;
}

/** `extractjson("$.a.b", text)`: plain names only. */
function pathInText(path, text, wishes, context) {
  const names = String(constantOf(path, context) ?? '').split('.');
  const whole = slotOf(text, wishes, context);
  if (!whole || names.shift() !== '$' || !names.every((name) => /^\w+$/.test(name))) return null;
  return names.reduce(fieldOf, whole);
}

function groupSlot(pattern, group, text, wishes, context) {
  const whole = slotOf(text, wishes, context);
  const [source, index] = [constantOf(pattern, context), constantOf(group, context)];
  if (!whole || typeof source !== 'string') return null;
  const made = newWish();
  rootOf(whole).groups.push({ source, index: Number(index ?? 1), wish: made });
  return made;
}

/** Both expressions are one value, as far as we can say. */
export function unite(first, second, wishes, context) {
  const [left, right] = [slotOf(first, wishes, context), slotOf(second, wishes, context)];
  if (left && right) merge(left, right);
}
