// Texts have one home: src/i18n for pages, texts.ts of device and hub for programs. Called by `npm run check`.
import { sourcesBelow } from './files.mjs';

const han = /[\u3400-\u9fff\uff00-\uffef]/;

/** Source without comments, line numbers kept; good enough for text scanning, not a parser. */
function withoutComments(source) {
  return source
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:'"`\\])\/\/[^\n]*/g, (line, before) => before + ' '.repeat(line.length - before.length));
}

/** Every place outside a text room that holds Chinese text, as a sentence; empty when all is well. */
export function textFaults(root, files = sourcesBelow(root, ['src', 'device', 'hub'])) {
  const faults = [];
  for (const [path, source] of files) {
    if (path.startsWith('src/i18n/') || /(^|\/)texts(-[a-z]+)?\.ts$/.test(path)) continue;
    withoutComments(source)
      .split('\n')
      .forEach((line, index) => {
        if (han.test(line))
          faults.push(
            `${path}:${index + 1}: text belongs into ${path.startsWith('src/') ? 'src/i18n' : 'texts.ts'}: ${line.trim()}`,
          );
      });
  }
  return faults;
}
