// Which builds run: the bridge, the gate page that it serves, and the one that this browser keeps. Rendered by PostPanel.
import type { Build, PostAnswer } from '../../contracts/post.ts';
import { postTexts } from '../../i18n/settings-post.ts';
import { dateTime, span } from './times.ts';

const { t } = postTexts;

/** As the gate's service worker names its caches (src/sw/shell.ts). */
const cachePrefix = 'mengang-gate-';
const short = (cache: string) => cache.replace(cachePrefix, '');

/** The gate's caches of this browser, without those that the browser does not show. */
export async function keptCaches(): Promise<string[]> {
  const names = 'caches' in globalThis ? await caches.keys() : [];
  return names.filter((name) => name.startsWith(cachePrefix));
}

/** `kept`: names of the gate's caches here; two while an update goes on or waits for its first start. */
export function Versions({ post, kept }: { post: PostAnswer; kept: readonly string[] }) {
  const { bridge, pages, startedWallMs, upMs } = post;
  return (
    <section class="card" data-testid="versions">
      <h2>{t('version-title')}</h2>
      <dl class="facts">
        <Fact word={t('version-bridge')} value={builtAs(bridge)} />
        <Fact
          word={t('version-pages')}
          value={pages === null ? t('built-unknown') : `${builtAs(pages)} · ${short(pages.cache)}`}
        />
        <Fact word={t('version-here')} value={keptAs(kept, pages?.cache ?? null)} />
        <Fact word={t('version-since')} value={t('since-ago', { time: dateTime(startedWallMs), ago: span(upMs) })} />
      </dl>
    </section>
  );
}

function Fact({ word, value }: { word: string; value: string }) {
  return (
    <div>
      <dt>{word}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function builtAs({ version, builtAtMs }: Build): string {
  if (version === null || builtAtMs === null) return t('built-unknown');
  return t('built-at', { version, time: dateTime(builtAtMs) });
}

function keptAs(kept: readonly string[], served: string | null): string {
  if (kept.length === 0) return t('here-none');
  const cache = kept.map(short).join(' + ');
  if (served === null) return cache;
  return t(kept.includes(served) ? 'here-newest' : 'here-other', { cache });
}
