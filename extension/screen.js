// The page loader of every screen: how the user wants screens to look and to speak, then the WebAssembly module, and in it the screen
// that the document names.

import init, * as keystow from './keystow.js';

const root = document.documentElement;
const { storage } = globalThis.browser ?? globalThis.chrome;

const told = storage.local.get('preferences').then(async ({ preferences: { theme, language } = {} }) => {
  if (theme) root.dataset.theme = theme;
  return language ? (await fetch(`_locales/${language}/messages.json`)).json() : null;
}).catch(() => null); // Without preferences the browser's language will do.

Promise.all([told, init()]).then(([words]) => {
  keystow.speak(words);
  keystow[root.dataset.screen]();
});
