// The background: moves messages between the ports and the WebAssembly module, and decides nothing.
//
// Every listener is registered before anything is awaited, because the browser starts this script for an event and drops the event if
// nobody listens when the script has run. Chromium's worker allows neither top-level await nor dynamic import.

import init, * as keystow from './keystow.js';

const api = globalThis.browser ?? globalThis.chrome;

const ready = init({ module_or_path: api.runtime.getURL('keystow_bg.wasm') }).then(() => keystow.start(takeHost));
// `then` on one promise runs in the order of registration: events arrive in the module in the order in which they happened.
const whenReady = (deliver, failed = () => {}) => ready.then(deliver, failed);

// The native host starts while the module is still being compiled.
let earlyHost = null;
let started = false;
whenReady(() => { started = true; });

function openHost() {
  const port = api.runtime.connectNative('org.keystow.host');
  port.onMessage.addListener((value) => whenReady(() => keystow.host_message(port, value)));
  port.onDisconnect.addListener(() => {
    void api.runtime.lastError; // read, or Chromium reports it as unchecked: a host that is not installed is no error here
    whenReady(() => keystow.host_gone(port));
  });
  return port;
}

function takeHost() {
  const port = earlyHost ?? openHost();
  earlyHost = null;
  return port;
}

api.runtime.onConnect.addListener((port) => {
  if (!started && port.name === 'ceremony') earlyHost ??= openHost();
  port.onMessage.addListener((value) => whenReady(() => keystow.message(port, value)));
  port.onDisconnect.addListener(() => {
    void api.runtime.lastError;
    whenReady(() => keystow.disconnect(port));
  });
  // Without the module there is nobody to serve the page: its call goes to the browser.
  whenReady(() => keystow.connect(port), () => port.disconnect());
});

api.runtime.onInstalled.addListener(({ reason }) => {
  if (reason === 'install') void api.tabs.create({ url: api.runtime.getURL('welcome.html') });
});

api.runtime.onStartup.addListener(() => {}); // so that the background starts with the browser: the module does the rest
api.windows.onRemoved.addListener((id) => { whenReady(() => keystow.window_removed(id)); });
api.tabs.onRemoved.addListener((id) => { whenReady(() => keystow.tab_removed(id)); });
