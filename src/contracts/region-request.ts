// What the office may send as its list of regions. Used by the hub's route and the office page's form.
import * as z from 'zod/mini';
import { contract } from './kit.ts';
import { limits, regions } from './region.ts';

/** No control or format characters, no blank at either end, and no bar: that parts the two names in the office's form. */
export const namePattern = /^[^\s\p{C}|\uff5c](?:[^\p{C}|\uff5c]*[^\s\p{C}|\uff5c])?$/u;

const name = z.string().check(z.maxLength(limits.nameChars), z.regex(namePattern));

/** PUT /hub/office/regions: the whole list; a Chinese name stands in it once, an English one may be empty. */
export const regionsRequest = z.object({
  regions: z.array(z.object({ zh: name, en: z.union([z.literal(''), name]) })).check(
    z.maxLength(limits.regions),
    z.refine((all) => new Set(all.map(({ zh }) => zh)).size === all.length),
  ),
});
export const regionsAnswer = z.object({ contract, regions });
