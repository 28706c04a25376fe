// The isolated side of Keystow in a document (world ISOLATED, document_start, listed before page.js): a pipe between page.js
// and the background, one runtime Port for each call. It reads no credential and decides nothing.
//
// How page.js stays right in a page that works against it:
// - It runs before the page's first script and uses only what it captured then. It never uses what looks a method up on a
//   prototype the page can patch: .call, .bind, spread, for-of, array patterns, async. Functions are applied by a captured
//   Reflect.apply, objects it reads optional members of have no prototype, arrays are only read at indexes they own.
// - What travels on the MessagePort is JSON text that page.js builds from strings, so no toJSON of the page is ever asked. The
//   port is handed over in one synchronous event before the page runs; a page that forges the event later gets a pipe
//   through which it can ask what it could ask anyway. Origin, frame and document are told by the browser to the background.
// - Options are read once, in WebIDL's order, along the prototype chain. Whatever is not ours, and whatever comes after a
//   broken link, is the browser's own function with the page's own receiver and arguments.
// - Results are objects whose attributes live on the native prototypes: the getters there are replaced when the first
//   Keystow credential is made, answer for objects in a WeakMap, and are the native getters for all others. Each function
//   put in place of a native one keeps, under Symbol.for("keystow"), what a second run of the script in the same realm
//   needs (Firefox runs it again after an update; an about:blank window is used again by its first real document).
//
// Messages, page.js to here: {id, call, mediation, options}, {id, abort}, {id, ping}; back: {id, ack}, {id, credential},
// {id, error}, {id, native}, and {gone} when this document has lost the extension for good.
// To the background: {ceremony, call, mediation, options}, {abort}; back: {ack}, then {credential}, {error} or {native}.
(() => {
  "use strict";
  const { runtime } = globalThis.browser ?? globalThis.chrome;

  // How often, and after how many milliseconds, a ceremony whose background died is taken up again.
  const RETRIES = [0, 100, 300, 900];

  document.addEventListener("keystow", takePort, { capture: true });

  function takePort(event) {
    const [port] = event.ports ?? [];
    if (!port) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    document.removeEventListener("keystow", takePort, { capture: true });
    new Pipe(port);
  }

  class Pipe {
    #page;
    #calls = new Map();

    constructor(page) {
      this.#page = page;
      page.onmessage = ({ data }) => this.#fromPage(data);
    }

    #fromPage(text) {
      let message;
      try {
        // A lone surrogate cannot be written in UTF-8, which everything after this is.
        message = JSON.parse(text, (_, value) => (typeof value === "string" ? value.toWellFormed() : value));
      } catch {
        return;
      }
      const { id, call, mediation, options } = message ?? {};
      if (!Number.isSafeInteger(id)) return;
      if (call !== undefined) this.#begin(id, { ceremony: randomId(), call, mediation, options });
      else if (message.ping) this.#toPage(this.#calls.has(id) && isAlive() ? { id, ack: true } : { id, native: true });
      else if (message.abort) this.#abort(id);
    }

    #toPage(message) {
      this.#page.postMessage(JSON.stringify(message));
    }

    #begin(id, request) {
      if (this.#calls.has(id)) return;
      this.#calls.set(id, { request, retries: 0, port: null });
      // document.open() takes listeners away, so it is added at each call; adding it again changes nothing.
      addEventListener("pagehide", this.#leave);
      this.#connect(id);
    }

    #connect(id) {
      const call = this.#calls.get(id);
      if (!call) return;
      try {
        call.port = runtime.connect({ name: "ceremony" });
        call.port.onMessage.addListener((message) => this.#fromBackground(id, message));
        call.port.onDisconnect.addListener(() => this.#disconnected(id));
        call.port.postMessage(call.request);
      } catch {
        this.#gone();
      }
    }

    #fromBackground(id, message) {
      if (!this.#calls.has(id)) return;
      if (message?.ack === true) return this.#toPage({ id, ack: true });
      const answer = answerFrom(message);
      if (!answer) return this.#gone();
      this.#end(id);
      this.#toPage({ id, ...answer });
    }

    #disconnected(id) {
      const call = this.#calls.get(id);
      if (!call) return;
      if (!isAlive() || call.retries === RETRIES.length) return this.#gone();
      setTimeout(() => this.#connect(id), RETRIES[call.retries++]);
    }

    // The page has settled its promise itself; what it still wants to know is that someone listens.
    #abort(id) {
      const port = this.#calls.get(id)?.port;
      try {
        port?.postMessage({ abort: true });
      } catch {
        // The port was closed already: the background sees that as an abort.
      }
      this.#end(id);
      this.#toPage({ id, native: true });
    }

    #end(id) {
      const port = this.#calls.get(id)?.port;
      this.#calls.delete(id);
      port?.disconnect();
    }

    #gone() {
      for (const id of [...this.#calls.keys()]) this.#end(id);
      this.#toPage({ gone: true });
    }

    // Firefox keeps ports open for a document in the back/forward cache, so leaving is told here.
    #leave = () => {
      for (const id of [...this.#calls.keys()]) {
        this.#end(id);
        this.#toPage({ id, error: { message: "The document was left.", name: "NotAllowedError" } });
      }
    };
  }

  // The answer with its members in the order WebIDL gives a dictionary, those that are null left out; null if it is none.
  function answerFrom(message) {
    const { credential, error, native } = message ?? {};
    if (native === true) return { native };
    if (typeof error?.name === "string" && typeof error.message === "string") {
      return { error: { message: error.message, name: error.name } };
    }
    const isCredential = credential?.type === "public-key" && typeof credential.id === "string" && isObject(credential.response);
    return isCredential ? { credential: inOrder(credential) } : null;
  }

  function inOrder(value) {
    if (!isObject(value) || Array.isArray(value)) return value;
    const names = Object.keys(value).sort().filter((name) => (value[name] ?? null) !== null);
    return Object.fromEntries(names.map((name) => [name, inOrder(value[name])]));
  }

  function isObject(value) {
    return typeof value === "object" && value !== null;
  }

  function isAlive() {
    try {
      return Boolean(runtime.id);
    } catch {
      return false;
    }
  }

  function randomId() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
})();
