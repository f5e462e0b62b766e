// The office's list of regions that the travel question asks for beside Hubei (R5), as gates and the clinic show it; what the office may
// send stands in list-request.ts, so that a gate does not load it. Used by the hub, the downlink, the notices and the pages.
import * as z from 'zod/mini';
import { listOf, upTo } from './kit.ts';

export const limits = { regions: 60, nameChars: 40 } as const;

const name = upTo(limits.nameChars);

/** One region by name; `en` empty: it is shown in Chinese. */
export const region = z.object({ zh: name, en: name });
export type Region = z.infer<typeof region>;

/** In the office's order; empty: Hubei alone is asked for by name. */
export const regions = listOf(region, limits.regions);
