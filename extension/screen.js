// The page loader of every screen: starts the WebAssembly module, and in it the screen that the document names.

import init, * as keystow from './keystow.js';

init().then(() => keystow[document.documentElement.dataset.screen]());
