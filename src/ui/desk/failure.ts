// Why an act of somebody at a desk came to nothing. Used by the parts of src/ui/desk and the states of their pages.

export type Sentence = { zh: string; en: string };
/** `unreached`: the hub did not answer, so nothing is known of the act. */
export type Failure = { why: 'unreached' } | { why: 'refused'; sentence: Sentence };
