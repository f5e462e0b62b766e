// The part of @preact/signals that the gate page uses, in a quarter of its size: the build of the gate page puts it in its
// place (vite.config.ts). test/gate/light-signals.test.ts holds it against the original, and the
// screens are tested upon it.

export const limits = { rounds: 100 } as const;

/** Something that is read: its version grows whenever its value changes. */
type Source = { version(): number };
/** What somebody read, with the version that was seen. */
type Seen = Map<Source, number>;
type Watcher = { seen: Seen; run(): void };
type Signal<T> = { value: T };

/** Whoever computes or paints at this moment. */
let reader: Seen | null = null;
const watchers = new Set<Watcher>();
let telling = false;

function read<T>(into: Seen, work: () => T): T {
  const outer = reader;
  reader = into;
  try {
    return work();
  } finally {
    reader = outer;
  }
}

function isStale(seen: Seen): boolean {
  for (const [source, version] of seen) if (source.version() !== version) return true;
  return false;
}

/** Runs whoever saw an older version, until nobody is left: what they write meanwhile is told in the next round. */
function tell(): void {
  if (telling) return;
  telling = true;
  try {
    let stale = [...watchers];
    for (let round = 0; stale.length > 0; round++) {
      if (round > limits.rounds) throw new Error('effects that wake each other for ever');
      for (const watcher of stale) if (watchers.has(watcher) && isStale(watcher.seen)) watcher.run();
      stale = [...watchers].filter(({ seen }) => isStale(seen));
    }
  } finally {
    telling = false;
  }
}

export function signal<T>(initial: T): Signal<T> {
  let held = initial;
  let version = 0;
  const source = { version: () => version };
  return {
    get value() {
      reader?.set(source, version);
      return held;
    },
    set value(next) {
      if (next === held) return;
      held = next;
      version++;
      tell();
    },
  };
}

/** Computed when it is read after one of its sources changed. */
export function computed<T>(work: () => T): { readonly value: T } {
  let held: { value: T; seen: Seen } | null = null;
  let version = 0;
  const current = () => {
    if (held !== null && !isStale(held.seen)) return held;
    const seen: Seen = new Map();
    const value = read(seen, work);
    if (held?.value !== value) version++;
    held = { value, seen };
    return held;
  };
  const source = {
    version() {
      current();
      return version;
    },
  };
  return {
    get value() {
      const { value } = current();
      reader?.set(source, version);
      return value;
    },
  };
}

/** Runs now and after every change of what it read; answers how to end it. */
export function effect(work: () => void): () => void {
  const watcher: Watcher = {
    seen: new Map([[{ version: () => 1 }, 0]]),
    run() {
      watcher.seen = new Map();
      read(watcher.seen, work);
    },
  };
  watchers.add(watcher);
  try {
    tell();
  } catch (error) {
    watchers.delete(watcher);
    throw error;
  }
  return () => void watchers.delete(watcher);
}

/** A component as signals see it. `own`: what it keeps between paintings; `ends`: what is to be done when it leaves. */
export type Painter = Watcher & { own: unknown[]; ends: Set<() => void> };
let painting: Painter | null = null;
let nextOwn = 0;

/** For a new component; `onStale` asks for its next painting. Called by light-preact. */
export function painterOf(onStale: () => void): Painter {
  const mine: Painter = {
    seen: new Map(),
    own: [],
    ends: new Set(),
    run() {
      // Not stale again before the painting that is asked for here.
      mine.seen = new Map();
      onStale();
    },
  };
  return mine;
}

/** Paints a component: what it reads wakes it from now on. */
export function paint<T>(painter: Painter, work: () => T): T {
  watchers.add(painter);
  painter.seen = new Map();
  painting = painter;
  nextOwn = 0;
  try {
    return read(painter.seen, work);
  } finally {
    painting = null;
  }
}

/** The component leaves the page. */
export function endPainter(painter: Painter): void {
  watchers.delete(painter);
  for (const end of painter.ends) end();
}

/**
 * Something of the component's own, made at its first painting and the same at every later one. Called in the same order at
 * each, like every hook. `onEnd` runs work when the component leaves the page.
 */
export function keep<T>(make: (onEnd: (work: () => void) => void) => T): T {
  if (painting === null) throw new Error('a hook outside of a painting');
  const { own, ends } = painting;
  const index = nextOwn++;
  if (!(index in own)) own[index] = make((work) => void ends.add(work));
  return own[index] as T;
}

/** A signal of the component's own. */
export function useSignal<T>(initial: T): Signal<T> {
  return keep(() => signal(initial));
}
