// The part of preact that the gate page uses: functions as components, elements, lists with keys. The build of the gate page
// puts it in preact's place (vite.config.ts); test/browser/gate/light-preact.test.ts holds it against preact.
import { endPainter, type Painter, paint, painterOf } from './light-signals.ts';

type Child = VNode | string | number | boolean | null | undefined | readonly Child[];
type Props = Record<string, unknown> & { children?: Child };
type VNode = { type: string | ((props: Props) => Child); props: Props; key: unknown };

export function jsx(type: VNode['type'], props: Props, key?: unknown): VNode {
  return { type, props, key };
}
export { jsx as jsxDEV, jsx as jsxs };

export const Fragment = ({ children }: Props): Child => children;

/** What a place holds: an element or component, a text, or nothing (kept, so that its neighbours keep their places). */
type What = VNode | string | null;

/** One place of the tree as it stands in the page. */
type Place = {
  what: What;
  depth: number;
  /** The nearest place above with an element. */
  host: Place | null;
  /** Null for components and for nothing. */
  node: Element | Text | null;
  kids: Place[];
  painter: Painter | null;
};

const roots = new WeakMap<Element, Place>();

/** Paints `child` into `element`; null empties it. */
export function render(child: Child, element: Element): void {
  const root = roots.get(element) ?? { what: null, depth: 0, host: null, node: element, kids: [], painter: null };
  roots.set(element, root);
  settleKids(root, [child]);
  arrange(root);
}

function whatOf(child: Child): What {
  if (child === null || child === undefined || typeof child === 'boolean') return null;
  if (typeof child !== 'object') return String(child);
  return 'type' in child ? child : jsx(Fragment, { children: child });
}
const listOf = (children: Child): readonly Child[] => (Array.isArray(children) ? children : [children]);
const keyOf = (what: What) => (what === null || typeof what === 'string' ? undefined : what.key);
const typeOf = (what: What) => (what === null || typeof what === 'string' ? typeof what : what.type);

/** Each child takes the place of the same type with its key, or without keys the one at its index; what is left goes. */
function settleKids(parent: Place, children: readonly Child[]): void {
  const before = parent.kids;
  const left = new Set(before);
  parent.kids = children.map((child, index) => {
    const what = whatOf(child);
    const key = keyOf(what);
    const old = key === undefined ? before[index] : before.find((one) => keyOf(one.what) === key);
    const stays = old && left.has(old) && typeOf(old.what) === typeOf(what) && keyOf(old.what) === key;
    const place = stays ? old : newPlace(what, parent);
    left.delete(place);
    refresh(place, what);
    return place;
  });
  for (const place of left) {
    for (const node of nodesOf([place])) node.remove();
    end(place);
  }
}

function newPlace(what: What, parent: Place): Place {
  const host = parent.node === null ? parent.host : parent;
  let node: Place['node'] = null;
  if (typeof what === 'string') node = document.createTextNode(what);
  else if (typeof what?.type === 'string') {
    const above = host?.node instanceof Element ? host.node.namespaceURI : null;
    node = document.createElementNS(what.type === 'svg' ? 'http://www.w3.org/2000/svg' : above, what.type);
  }
  return { what: null, depth: parent.depth + 1, host, node, kids: [], painter: null };
}

function refresh(place: Place, what: What): void {
  const before = place.what;
  const { node } = place;
  place.what = what;
  if (what === null) return;
  if (typeof what === 'string') {
    if (node && before !== what) node.textContent = what;
  } else if (node instanceof Element) {
    setAll(node, before === null || typeof before === 'string' ? {} : before.props, what.props);
    settleKids(place, listOf(what.props.children));
    arrange(place);
  } else repaint(place);
}

function repaint(place: Place): void {
  stale.delete(place);
  const { what } = place;
  if (what === null || typeof what === 'string' || typeof what.type === 'string') return;
  const { type, props } = what;
  place.painter ??= painterOf(() => repaintSoon(place));
  settleKids(place, listOf(paint(place.painter, () => type(props))));
}

/** Components whose signals changed; painted together after the present work, those above first. */
const stale = new Set<Place>();
let isAsked = false;
function repaintSoon(place: Place): void {
  stale.add(place);
  if (isAsked) return;
  isAsked = true;
  queueMicrotask(() => {
    isAsked = false;
    for (const one of [...stale].sort((a, b) => a.depth - b.depth)) {
      // One above may have painted it, or taken it off the page.
      if (!stale.has(one)) continue;
      repaint(one);
      if (one.host) arrange(one.host);
    }
  });
}

function end(place: Place): void {
  stale.delete(place);
  if (place.painter) endPainter(place.painter);
  place.kids.forEach(end);
}

function* nodesOf(places: readonly Place[]): Generator<Element | Text> {
  for (const place of places) {
    if (place.node) yield place.node;
    else yield* nodesOf(place.kids);
  }
}

/** Puts the nodes below an element into the order of the places; what stands right is not touched. */
function arrange({ node: element, kids }: Place): void {
  let next = element?.firstChild ?? null;
  for (const node of nodesOf(kids)) {
    if (node === next) next = node.nextSibling;
    else element?.insertBefore(node, next);
  }
}

function setAll(element: Element, before: Props, props: Props): void {
  for (const name in { ...before, ...props }) {
    if (name !== 'children' && before[name] !== props[name]) set(element, name, before[name], props[name]);
  }
}

function set(element: Element, name: string, before: unknown, value: unknown): void {
  if (name.startsWith('on')) {
    const event = name.slice(2).toLowerCase();
    element.removeEventListener(event, before as EventListener);
    element.addEventListener(event, value as EventListener);
  } else if (name === 'style') {
    const { style } = element as HTMLElement;
    const wanted = Object(value);
    for (const key in { ...Object(before), ...wanted }) style.setProperty(key, wanted[key] ?? '');
  } else if (value === null || value === undefined || (value === false && name[4] !== '-')) {
    // data- and aria- say false in words; other attributes by not being there.
    element.removeAttribute(name);
  } else element.setAttribute(name, String(value));
}
