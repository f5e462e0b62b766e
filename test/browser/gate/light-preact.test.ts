// src/ui/light-preact.ts, which stands in preact's place in the built gate page, against preact in a real Chromium: the same
// row of trees gives the same page, and the same elements stay where preact keeps them.
import fc from 'fast-check';
import { h, Fragment as RealFragment, render as realRender } from 'preact';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useEffect, useState } from '../../../src/ui/light-hooks.ts';
import { Fragment, jsx, render } from '../../../src/ui/light-preact.ts';
import { signal, useSignal } from '../../../src/ui/light-signals.ts';

type Tree =
  | string
  | number
  | boolean
  | null
  | { tag: string; props: Record<string, unknown>; kids: Tree[]; key?: string | undefined }
  | { list: Tree[] };

const { tree } = fc.letrec<{ tree: Tree }>((tie) => {
  const props = fc.record(
    {
      class: fc.constantFrom('a', 'b'),
      'data-on': fc.boolean(),
      'aria-label': fc.constantFrom('x', 'y'),
      disabled: fc.boolean(),
      lang: fc.option(fc.constantFrom('zh-CN', 'en'), { nil: undefined }),
      style: fc.constantFrom({ '--columns': 2 }, { translate: '1px 2px' }),
    },
    { requiredKeys: [] },
  );
  const kids = fc.array(tie('tree'), { maxLength: 4 });
  return {
    tree: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom('text', 'other', 7, 0, '', null, true, false),
      fc.record({ tag: fc.constantFrom('div', 'p', 'button', 'Part', 'Many', 'svg'), props, kids }),
      fc.record({ list: kids }),
      // A list with keys in any order, as chips are.
      fc
        .shuffledSubarray(['k1', 'k2', 'k3', 'k4'])
        .map((keys) => ({ list: keys.map((key) => ({ tag: 'li', props: {}, kids: [key], key })) })),
    ),
  };
});

const parts = (fragment: unknown, make: (type: unknown, props: object) => unknown) => ({
  Part: (props: { children?: unknown }) => make('section', { children: props.children }),
  Many: (props: { children?: unknown }) => make(fragment, { children: ['before ', props.children, make('i', {})] }),
});
const realParts = parts(RealFragment, (type, props) => h(type as 'div', props));
const lightParts = parts(Fragment, (type, props) => jsx(type as 'div', props as never));

function build(tree: Tree, kit: 'real' | 'light'): unknown {
  if (typeof tree !== 'object' || tree === null) return tree;
  if ('list' in tree) return tree.list.map((one) => build(one, kit));
  const kids = tree.kids.map((one) => build(one, kit));
  const named = kit === 'real' ? realParts : lightParts;
  const type = tree.tag === 'Part' || tree.tag === 'Many' ? named[tree.tag] : tree.tag;
  const props = { ...tree.props, children: kids };
  return kit === 'real' ? h(type as 'div', { ...props, key: tree.key }) : jsx(type as 'div', props as never, tree.key);
}

function root(): HTMLElement {
  const made = document.createElement('div');
  document.body.append(made);
  return made;
}
afterEach(() => document.body.replaceChildren());
const settled = () => new Promise((resolve) => setTimeout(resolve, 30));
const paintLight = (what: unknown, where: Element) => render(what as never, where);

/** Neighbouring texts are one to a reader; attributes come in any order; `disabled` says all by being there. */
function shape(node: Node): unknown {
  if (!(node instanceof Element)) return node.textContent;
  node.normalize();
  const attributes = [...node.attributes]
    .map(({ name, value }) => (name === 'disabled' ? name : `${name}=${value.replace(/\s+|;$/g, '')}`))
    // preact empties a property where the small one takes the attribute away.
    .filter((one) => one !== 'lang=')
    .sort();
  return [node.namespaceURI, node.localName, attributes, [...node.childNodes].map(shape)];
}

describe('the small painter of the gate page', () => {
  it('shows what preact shows after each of a row of trees', () => {
    fc.assert(
      fc.property(fc.array(tree, { minLength: 1, maxLength: 4 }), (trees) => {
        const [mine, theirs] = [root(), root()];
        for (const one of trees) {
          render(build(one, 'light') as never, mine);
          realRender(build(one, 'real') as never, theirs);
          expect(shape(mine.cloneNode(true))).toEqual(shape(theirs.cloneNode(true)));
        }
        render(null, mine);
        expect(mine.childNodes).toHaveLength(0);
        mine.remove();
        theirs.remove();
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the element of a key when the list is put into another order, and of a place beside one that comes and goes', () => {
    const where = root();
    const list = (keys: string[]) => jsx('ul', { children: keys.map((key) => jsx('li', { children: key }, key)) });
    paintLight(list(['a', 'b', 'c']), where);
    const [a, b, c] = where.querySelectorAll('li');
    paintLight(list(['c', 'x', 'a', 'b']), where);
    const after = [...where.querySelectorAll('li')];
    expect([after[0], after[2], after[3]]).toEqual([c, a, b]);
    paintLight(jsx('div', { children: [null, jsx('p', { children: 'stays' })] }), where);
    const stays = where.querySelector('p');
    paintLight(jsx('div', { children: [jsx('b', {}), jsx('p', { children: 'stays' })] }), where);
    expect(where.querySelector('p')).toBe(stays);
  });

  it('paints a component again when a signal that it read changes, alone and once for many changes', async () => {
    const where = root();
    const word = signal('one');
    const more = signal(0);
    let outer = 0;
    let inner = 0;
    const Inner = () => {
      inner++;
      return jsx('b', { children: `${word.value} ${more.value}` });
    };
    const Outer = () => {
      outer++;
      return jsx('div', { children: ['< ', jsx(Inner, {}), ' >'] });
    };
    paintLight(jsx(Outer, {}), where);
    word.value = 'two';
    more.value = 2;
    await settled();
    expect([where.textContent, outer, inner]).toEqual(['< two 2 >', 1, 2]);
    render(null, where);
    word.value = 'three';
    await settled();
    expect(inner).toBe(2);
  });

  it('keeps what a component holds while it stays, and gives a new one its own', async () => {
    const where = root();
    const Count = ({ name }: { name?: string }) => {
      const [count, setCount] = useState(0);
      const own = useSignal(name);
      return jsx('button', { onClick: () => setCount((before) => before + 1), children: `${own.value} ${count}` });
    };
    const two = (keys: string[]) => keys.map((name) => jsx(Count as never, { name }, name));
    paintLight(two(['a', 'b']), where);
    where.querySelector('button')?.click();
    await settled();
    expect(where.textContent).toBe('a 1b 0');
    paintLight(two(['b', 'a', 'c']), where);
    expect(where.textContent).toBe('b 0a 1c 0');
  });

  it('runs an effect after the painting, undoes it before the next and at the end, and leaves it while its inputs stay', async () => {
    const where = root();
    const told: string[] = [];
    const Effect = ({ to, other }: { to?: string; other?: number }) => {
      useEffect(() => {
        told.push(`do ${to} in ${where.textContent}`);
        return () => void told.push(`undo ${to}`);
      }, [to]);
      return `${to}${other}`;
    };
    const show = async (to: string, other: number) => {
      paintLight(jsx(Effect as never, { to, other }), where);
      await settled();
    };
    await show('a', 1);
    await show('a', 2);
    await show('b', 3);
    render(null, where);
    await settled();
    expect(told).toEqual(['do a in a1', 'undo a', 'do b in b3', 'undo b']);
  });

  it('calls the newest listener of an element, once', () => {
    const where = root();
    const [first, second] = [vi.fn(), vi.fn()];
    for (const onClick of [first, second]) paintLight(jsx('button', { onClick }), where);
    where.querySelector('button')?.click();
    expect([first, second].map((one) => one.mock.calls.length)).toEqual([0, 1]);
    paintLight(jsx('button', {}), where);
    where.querySelector('button')?.click();
    expect(second).toHaveBeenCalledOnce();
  });
});
