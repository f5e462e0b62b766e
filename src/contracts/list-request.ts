// What the office may send as its telephone numbers and as its list of regions: the new one, and the one that was on its screen. Used
// by the hub's routes and the office page's forms; apart from notice.ts and region.ts, so that a gate does not load it.
import * as z from 'zod/mini';
import { contract } from './kit.ts';
import { phones } from './notice.ts';
import { limits, regions } from './region.ts';

/** No control or format characters, no blank at either end, and no bar: that parts the two names in the office's form. */
export const namePattern = /^[^\s\p{C}|\uff5c](?:[^\p{C}|\uff5c]*[^\s\p{C}|\uff5c])?$/u;

const name = z.string().check(z.maxLength(limits.nameChars), z.regex(namePattern));

/**
 * PUT /hub/office/regions: the whole list; a Chinese name stands in it once, an English one may be empty. `was`: the list that was
 * changed; when the hub's is another by now, the answer is 409 `list-moved`.
 */
export const regionsRequest = z.object({
  regions: z.array(z.object({ zh: name, en: z.union([z.literal(''), name]) })).check(
    z.maxLength(limits.regions),
    z.refine((all) => new Set(all.map(({ zh }) => zh)).size === all.length),
  ),
  was: regions,
});
export const regionsAnswer = z.object({ contract, regions });

/** PUT /hub/office/phones: all numbers; `was` as with the regions. */
export const phonesRequest = z.object({ phones, was: phones });
