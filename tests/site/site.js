// The page of a site that uses passkeys. A test calls `begin`, does what a person does, and then awaits `settled`.
"use strict";

const { startAuthentication, startRegistration } = SimpleWebAuthnBrowser;

// As real sites do it, by @simplewebauthn/browser.
const library = {
  create: (optionsJSON) => startRegistration({ optionsJSON }),
  get: (optionsJSON) => startAuthentication({ optionsJSON }),
};

// Without a library, so that the page has a signal of its own.
const parse = {
  create: (json) => PublicKeyCredential.parseCreationOptionsFromJSON(json),
  get: (json) => PublicKeyCredential.parseRequestOptionsFromJSON(json),
};
const plain = (call, json, rest) => navigator.credentials[call]({ publicKey: { ...parse[call](json), ...rest.publicKey }, signal: rest.signal });

// Properties of the window, because WebDriver's scripts in Firefox see no others.
window.settled = Promise.resolve(null);
window.earlier = window.settled;
let controller = new AbortController();

function begin(call, options) {
  earlier = settled;
  settled = outcome(library[call](options));
}

// `more` is JavaScript for members to lay over the options: bytes, say, that JSON has no form for.
function beginPlain(call, options, more) {
  const publicKey = eval(`(${more})`);
  controller = new AbortController();
  earlier = settled;
  settled = outcome(plain(call, options, { publicKey, signal: controller.signal }).then((credential) => credential.toJSON()));
}

function abort() {
  controller.abort(new RangeError("changed my mind"));
}

// What became of the promise, with the time it took in milliseconds.
async function outcome(promise) {
  const start = performance.now();
  const times = () => ({ took: performance.now() - start, at: performance.timeOrigin + performance.now() });
  try {
    return { credential: await promise, ...times() };
  } catch (error) {
    const { name, message } = error;
    return { error: { name, message }, isReason: error === controller.signal.reason, ...times() };
  }
}

// For the bench: one call, timed by the browser's clock (milliseconds since 1970), by Keystow's function or by the browser's own, which
// Keystow keeps under its mark.
function measure(call, options, by) {
  const publicKey = parse[call](options);
  const own = navigator.credentials[call];
  const method = by === "browser" ? own[Symbol.for("keystow")] : own;
  const clock = () => performance.timeOrigin + performance.now();
  const start = clock();
  settled = Reflect.apply(method, navigator.credentials, [{ publicKey }]).then(
    (credential) => ({ start, end: clock(), credential: credential.toJSON() }),
    (error) => ({ start, end: clock(), error: String(error) }),
  );
}
