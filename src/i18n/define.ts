// The one language switch of a page and the helper that pairs Chinese with English texts. Every page makes its own texts
// file with `defineTexts`, so that it loads only what it says.

export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

let kept: { value: Language } = { value: 'zh' };

/**
 * Language of the page. Chinese is the master; the page that owns the screen restores and stores the choice. The gate paints
 * its screen anew after a change; pages made of signals keep it in one (live-language.ts).
 */
export const language = {
  get value(): Language {
    return kept.value;
  },
  set value(next: Language) {
    kept.value = next;
  },
};

/** From here on the language lies in `keeper`, with what it says now. */
export function keepLanguageIn(keeper: { value: Language }): void {
  keeper.value = kept.value;
  kept = keeper;
}

/** Value of the `lang` attribute for a language. */
export const langTag: Record<Language, string> = { zh: 'zh-CN', en: 'en' };

/** What a text may be filled with: `{name}` in the text becomes `params.name`. */
export type Params = Readonly<Record<string, string | number>>;

export type Texts<Key extends string> = {
  /** Text of `key` in the page's present language; reads `language`, so that a component which follows that follows it. */
  t(key: Key, params?: Params): string;
  /** The same in a language that is named: English beside Chinese on one screen. */
  tIn(language: Language, key: Key, params?: Params): string;
  /** Whether a string that came from outside (a reason code) has a text. */
  has(key: string): key is Key;
  keys: readonly Key[];
};

/** Puts values into `{name}` marks; a mark without a value stays visible, so that it is found. */
export function fill(text: string, params: Params | undefined): string {
  if (!params) return text;
  return text.replace(/\{(\w+)\}/g, (mark, name: string) => {
    const value = params[name];
    return value === undefined ? mark : String(value);
  });
}

/** Texts from a table of [Chinese, English]. */
export function pairTexts<Key extends string>(
  table: Readonly<Record<Key, readonly [zh: string, en: string]>>,
): Texts<Key> {
  const tIn = (which: Language, key: Key, params?: Params) => fill(table[key][which === 'zh' ? 0 : 1], params);
  return {
    t: (key, params) => tIn(language.value, key, params),
    tIn,
    has: (key): key is Key => Object.hasOwn(table, key),
    keys: Object.keys(table) as Key[],
  };
}

/** The same from two tables: the compiler refuses an `en` with a missing or a surplus key. */
export function defineTexts<const Zh extends Readonly<Record<string, string>>>(
  zh: Zh,
  en: { readonly [Key in keyof Zh]: string },
): Texts<keyof Zh & string> {
  type Key = keyof Zh & string;
  const pairs = Object.entries(zh).map(([key, text]) => [key, [text, en[key]]] as const);
  return pairTexts(Object.fromEntries(pairs) as Record<Key, [string, string]>);
}
