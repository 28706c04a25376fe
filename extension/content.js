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
//   call is Keystow's to answer, before anything is asked, answer for objects in a WeakMap, and are the native getters for all others. Each function
//   put in place of a native one keeps, under Symbol.for("keystow"), what a second run of the script in the same realm
//   needs (Firefox runs it again after an update; an about:blank window is used again by its first real document).
//
// Messages, page.js to here: {id, call, mediation, options}, {id, abort}, {id, ping}, and {locked: [...]}, what another extension has locked
// or put itself in front of. Back: {id, ack}, then one of {id, credential}, {id, error}, {id, native}, {id, capabilities} and {id, done};
// {gone} when this document has lost the extension for good; {check}, which asks for {locked} anew.
// To the background, over one Port for each call: {ceremony, call, mediation, options, frame, ancestorOrigins}, {abort}; back: {ack}, then {credential},
// {error}, {native}, {capabilities} or {done}; {credential, saved} where a passkey was saved without a window.
// And over a Port for one message: {offer, badge}, {withdraw}, {undo}, {password}, {locked}.
//
// A conditional get is parked: the page knows of nothing, no Port is open, and the background may stop. Keystow asks what it holds when
// the user comes to a field for it (invitation.js); where the page has none, the toolbar carries the offer. Taking it opens a Port;
// whatever then comes of it but a credential, the request is parked again.
(() => {
  "use strict";
  const { runtime } = globalThis.browser ?? globalThis.chrome;
  const { Invitation, frame, hasField, showSaved } = globalThis.keystow;

  // How often, and after how many milliseconds, a ceremony whose background died is taken up again.
  const RETRIES = [0, 100, 300, 900];

  // So long after the page is loaded it may still put up its fields; in milliseconds.
  const SETTLING = 1000;

  // No two notes of a password closer together than this; in milliseconds.
  const NOTES = 30_000;

  document.addEventListener("keystow", takePort, { capture: true });

  function takePort(event) {
    const [port] = event.ports ?? [];
    if (!port) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    document.removeEventListener("keystow", takePort, { capture: true });
    const pipe = new Pipe(port);
    runtime.onMessage.addListener((message) => pipe.fromToolbar(message));
    watchForPasswords();
  }

  class Pipe {
    #page;
    #calls = new Map();
    // Whether the toolbar waits for what the page says of its functions; nobody else needs to know.
    #isLookedAt = false;

    constructor(page) {
      this.#page = page;
      page.onmessage = ({ data }) => this.#fromPage(data);
    }

    fromToolbar({ check, use }) {
      const parked = this.#parked();
      if (check) {
        this.#isLookedAt = true;
        this.#toPage({ check: true });
        if (parked) this.#offer(parked, false);
      } else if (use && parked) this.#take(parked);
    }

    #fromPage(text) {
      let message;
      try {
        // A lone surrogate cannot be written in UTF-8, which everything after this is.
        message = JSON.parse(text, (_, value) => (typeof value === "string" ? value.toWellFormed() : value));
      } catch {
        return;
      }
      const { id, call, mediation, options, locked } = message ?? {};
      if (Array.isArray(locked)) return this.#tellLocked(locked);
      if (!Number.isSafeInteger(id)) return;
      if (call !== undefined) this.#begin(id, { call, mediation, options });
      else if (message.ping) this.#toPage(this.#calls.has(id) && isAlive() ? { id, ack: true } : { id, native: true });
      else if (message.abort) this.#abort(id);
    }

    #tellLocked(locked) {
      if (this.#isLookedAt) tell({ locked });
      this.#isLookedAt = false;
    }

    #toPage(message) {
      this.#page.postMessage(JSON.stringify(message));
    }

    #begin(id, request) {
      if (this.#calls.has(id)) return;
      const call = { id, invitation: null, isParked: false, offer: null, port: null, request, retries: 0 };
      this.#calls.set(id, call);
      // document.open() takes listeners away, so it is added at each call; adding it again changes nothing.
      addEventListener("pagehide", this.#leave);
      if (request.call === "get" && request.mediation === "conditional") {
        this.#toPage({ id, ack: true });
        this.#park(call);
      } else this.#send(call);
    }

    async #send(call) {
      const { request } = call;
      call.request = { ...request, ceremony: randomId(), ...(await frame(request.call)) };
      this.#connect(call);
    }

    #connect(call) {
      if (!this.#isOpen(call)) return;
      try {
        const port = (call.port = runtime.connect({ name: "ceremony" }));
        port.onMessage.addListener((message) => this.#fromBackground(call, message));
        port.onDisconnect.addListener(() => this.#disconnected(call));
        port.postMessage(call.request);
      } catch {
        this.#gone();
      }
    }

    #fromBackground(call, message) {
      const { id, invitation, request } = call;
      if (!this.#isOpen(call)) return;
      if (message?.ack === true) return this.#toPage({ id, ack: true });
      const answer = answerFrom(message);
      if (invitation && !answer?.credential) return this.#parkAgain(call);
      if (!answer) return this.#gone();
      this.#end(call);
      this.#toPage({ id, ...answer });
      if (answer.credential && typeof message.saved?.rpId === "string") {
        showSaved(message.saved.rpId, async () => (await tell({ undo: request.ceremony }))?.done === true);
      }
    }

    #disconnected(call) {
      if (!this.#isOpen(call)) return;
      call.port = null;
      if (!isAlive()) return this.#gone();
      if (call.retries === RETRIES.length) return call.invitation ? this.#parkAgain(call) : this.#gone();
      setTimeout(() => this.#connect(call), RETRIES[call.retries++]);
    }

    // The page has settled its promise itself; what it still wants to know is that someone listens.
    #abort(id) {
      const call = this.#calls.get(id);
      try {
        call?.port?.postMessage({ abort: true });
      } catch {
        // The port was closed already: the background sees that as an abort.
      }
      if (call) this.#end(call);
      this.#toPage({ id, native: true });
    }

    #end(call) {
      this.#calls.delete(call.id);
      call.port?.disconnect();
      call.invitation?.end();
      this.#withdraw(call);
    }

    #isOpen(call) {
      return this.#calls.get(call.id) === call;
    }

    #gone() {
      for (const call of [...this.#calls.values()]) this.#end(call);
      this.#toPage({ gone: true });
    }

    // Firefox keeps ports open for a document in the back/forward cache, so leaving is told here. What is parked stays: if the document
    // comes back, so does the offer.
    #leave = () => {
      for (const call of [...this.#calls.values()]) {
        if (call.isParked) {
          this.#withdraw(call);
          continue;
        }
        this.#end(call);
        this.#toPage({ id: call.id, error: { message: "The document was left.", name: "NotAllowedError" } });
      }
    };

    // The newest one; a page that asks anew ends the one before.
    #parked() {
      return [...this.#calls.values()].findLast(({ isParked }) => isParked);
    }

    #park(call) {
      call.isParked = true;
      call.invitation = new Invitation(() => this.#offer(call, false), () => this.#take(call));
      whenLoaded(() => setTimeout(() => {
        if (this.#isOpen(call) && !hasField()) this.#offer(call, true);
      }, SETTLING));
    }

    #parkAgain(call) {
      call.port?.disconnect();
      Object.assign(call, { isParked: true, port: null });
    }

    // The RP ID of what Keystow holds for the request, or null. It is asked once, unless the background was stopped before it answered.
    async #offer(call, badge) {
      const { request } = call;
      call.offer ??= (async () => tell({ badge, offer: { ...request, ...(await frame(request.call)) } }))();
      const answer = await call.offer;
      if (!answer) call.offer = null;
      return answer?.offer?.rpId ?? null;
    }

    #take(call) {
      if (!call.isParked) return;
      Object.assign(call, { isParked: false, retries: 0 });
      this.#send(call);
    }

    #withdraw(call) {
      if (call.offer) tell({ withdraw: true });
      call.offer = null;
    }
  }

  // Sends one message over a Port of its own, and gives the answer; nothing where there is none.
  function tell(message) {
    return new Promise((resolve) => {
      const port = runtime.connect({ name: "notice" });
      port.onMessage.addListener((answer) => {
        resolve(answer);
        port.disconnect();
      });
      port.onDisconnect.addListener(() => resolve());
      port.postMessage(message);
    }).catch(() => {}); // Without the extension there is nobody to tell.
  }

  // That the user has just entered a password here: only then may a page save a passkey without a window. What it is stays unread.
  function watchForPasswords() {
    let noted = -NOTES;
    const note = (event) => {
      const [field] = event.composedPath();
      if (!event.isTrusted || field.type !== "password" || performance.now() - noted < NOTES) return;
      noted = performance.now();
      tell({ password: true });
    };
    addEventListener("input", note, { capture: true, passive: true });
  }

  function whenLoaded(act) {
    if (document.readyState === "complete") act();
    else addEventListener("load", act, { once: true });
  }

  // The answer with its members in the order WebIDL gives a dictionary, those that are null left out; null if it is none.
  function answerFrom(message) {
    const { capabilities, credential, done, error, native } = message ?? {};
    if (native === true) return { native };
    if (done === true) return { done };
    if (typeof error?.name === "string" && typeof error.message === "string") {
      return { error: { message: error.message, name: error.name } };
    }
    if (isObject(capabilities)) return { capabilities };
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
