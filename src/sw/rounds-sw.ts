// The rounds page's service worker, built to /rounds-sw.js with the scope /rounds: a round goes on where the network ends. The list
// of files is put in by vite.config.ts.
import { type ShellFile, serveShell } from './app-shell.ts';
import { roundsShell } from './shell.ts';

declare const self: ServiceWorkerGlobalScope & { readonly __PRECACHE__: readonly ShellFile[] };

serveShell(roundsShell, self.__PRECACHE__, () => Promise.resolve());
