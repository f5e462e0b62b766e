// How loud a kiosk is, and which clips it takes.
import { describe, expect, it } from 'vitest';
import { createClips, defaultSound, listed, readSound, volumeAt } from '../../src/ui/sound-settings.ts';

describe('loudness', () => {
  it.each([
    [null, defaultSound],
    ['', defaultSound],
    ['80 30', { dayPercent: 80, nightPercent: 30 }],
    ['0 0', { dayPercent: 0, nightPercent: 0 }],
    ['101 30', defaultSound],
    ['80', defaultSound],
    ['80 x', defaultSound],
    ['80 30 1', defaultSound],
  ])('%j is read as %j', (kept, settings) => {
    expect(readSound(kept)).toEqual(settings);
  });

  it('is the night’s from 22:00 to 06:00', () => {
    const settings = { dayPercent: 80, nightPercent: 30 };
    expect([5, 6, 21, 22].map((hour) => volumeAt(settings, hour))).toEqual([0.3, 0.8, 0.8, 0.3]);
  });
});

describe('recorded clips', () => {
  it('are those with a plain file name', () => {
    const list = {
      zh: { admit: 'go.mp3', again: '../x.mp3', deny: 'a/b.ogg', fault: 'x.exe' },
      en: { admit: 3 },
      x: null,
    };
    expect(listed(list)).toEqual([['zh admit', 'go.mp3']]);
    expect(listed('nothing')).toEqual([]);
    expect(listed({})).toEqual([]);
  });

  it('are read once, in the language of the page; one that is missing leaves the tones', async () => {
    const asked: string[] = [];
    const faults: unknown[] = [];
    let language: 'zh' | 'en' = 'zh';
    const files: Record<string, () => Response> = {
      '/clips/clips.json': () => Response.json({ zh: { admit: 'go.mp3', refer: 'gone.mp3' } }),
      '/clips/go.mp3': () => new Response('sound'),
    };
    const fetch = async (url: string) => {
      asked.push(url);
      return files[url]?.() ?? new Response('', { status: 404 });
    };
    const clips = createClips(
      fetch as typeof globalThis.fetch,
      () => language,
      (error) => faults.push(error),
    );
    const context = { decodeAudioData: async (bytes: ArrayBuffer) => ({ length: bytes.byteLength }) };
    await clips.load(context as unknown as BaseAudioContext);
    await clips.load(context as unknown as BaseAudioContext);
    expect(asked).toEqual(['/clips/clips.json', '/clips/go.mp3', '/clips/gone.mp3']);
    expect(clips.of('admit')).toEqual({ length: 5 });
    expect(clips.of('refer')).toBeNull();
    expect(faults).toHaveLength(1);
    language = 'en';
    expect(clips.of('admit')).toBeNull();
  });
});
