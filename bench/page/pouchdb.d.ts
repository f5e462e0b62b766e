// The part of PouchDB that the benchmark calls; the package brings no types.
declare module 'pouchdb-browser' {
  export default class PouchDB {
    constructor(name: string, options?: { auto_compaction?: boolean });
    put(document: { _id: string }): Promise<unknown>;
  }
}
