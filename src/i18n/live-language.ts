// Keeps the language in a signal, so that components which say a text follow it. Imported for this by the texts of pages that
// are made of signals; the gate paints its whole screen and does without.
import { signal } from '@preact/signals';
import { keepLanguageIn, type Language } from './define.ts';

keepLanguageIn(signal<Language>('zh'));
