// What the rows share. A row is an async function in `rows`; it throws when the behaviour its name states does not hold.
var rows = {};
const CANNED = "a2V5c3Rvdw";

const creation = (hint, more = {}) => ({
  publicKey: {
    challenge: new Uint8Array([1, 2, 3]),
    rp: { name: "Test" },
    user: { id: new Uint8Array([9]), name: "n", displayName: "d" },
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
    authenticatorSelection: { residentKey: "required" },
    ...(hint ? { hints: [hint] } : {}),
    ...more,
  },
});
const request = (hint, more = {}) => ({ publicKey: { challenge: new Uint8Array([1, 2, 3]), ...(hint ? { hints: [hint] } : {}), ...more } });

const create = (options) => navigator.credentials.create(options);
const get = (options) => navigator.credentials.get(options);
let timers = window; // whose window is in front: others' timers are slowed down
const sleep = (time) => new Promise((resolve) => timers.setTimeout(resolve, time));

function is(actual, expected, what = "value") {
  const text = (value) => (typeof value === "string" ? value : JSON.stringify(value) ?? String(value));
  if (text(actual) !== text(expected)) throw new Error(`${what}: ${text(actual)} instead of ${text(expected)}`);
}
function same(actual, expected, what = "object") {
  if (actual !== expected) throw new Error(`${what}: not the same`);
}
async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("resolved, and should have been rejected");
}
async function rejects(promise, constructor, name = constructor.name) {
  const error = await rejection(promise);
  is(error.name, name, "error");
  same(Object.getPrototypeOf(error), constructor.prototype, "the error's prototype");
  return error;
}

// What the stub background received for these options: {call, mediation, options}.
async function received(call, options) {
  const error = await rejection(call(options));
  return JSON.parse(error.message);
}
const log = async () => JSON.parse((await rejection(get(request("log")))).message).slice(0, -1);

// The browser's own function answers this call, and the background never hears of it.
async function passes(call) {
  const before = (await log()).length;
  const result = await Promise.race([call().catch((error) => error), sleep(4000).then(() => "pending")]);
  is((await log()).length, before + 1, "calls the background heard of, this log's one included,");
  if (result?.id === CANNED) throw new Error("Keystow answered");
  return result;
}

// Runs page.js once more in a document, with the test itself in the place of content.js: {messages, answer, next}. Only this
// window's functions are used, so that the document may have poisoned its own.
async function ownPipe(realm = window) {
  const source = await (await fetch("/extension/page.js")).text();
  const dataOf = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data").get;
  let port;
  realm.document.addEventListener("keystow", (event) => { event.preventDefault(), (port = event.ports[0]); }, { once: true });
  realm.eval(source);
  const messages = [], taken = new Set();
  port.onmessage = (event) => messages.push(JSON.parse(dataOf.call(event)));
  const answer = (message) => MessagePort.prototype.postMessage.call(port, JSON.stringify(message));
  // The next message with this member (and value) that has not been given out before.
  const next = async (name, value) => {
    const fits = (message) => name in message && (value === undefined || message[name] === value) && !taken.has(message);
    await until(() => messages.some(fits), `no message with ${name}, but ${JSON.stringify(messages)}`);
    const message = messages.find(fits);
    taken.add(message);
    return message;
  };
  return { messages, answer, next };
}

// Puts `answer` in the place of a native function, as another extension would, and returns the calls it gets.
function replaced(owner, name, answer) {
  const calls = [];
  const { [name]: value } = { [name](...args) { return calls.push({ self: this, args }), answer.apply(this, args); } };
  Object.defineProperty(owner, name, { value, configurable: true, enumerable: true, writable: true });
  return calls;
}

async function until(holds, what = "did not happen") {
  for (let i = 0; i < 80; i++) {
    if (await holds()) return;
    await sleep(25);
  }
  throw new Error(`${what} within two seconds`);
}
// What a promise has come to by now: {value}, {error}, or {}.
const outcome = (promise) => Promise.race([promise.then((value) => ({ value }), (error) => ({ error })), sleep(100).then(() => ({}))]);

// A credential of Keystow's, made through the real content.js; its JSON is what a background answers.
const canned = async () => (await ownRealm()).get(request());
async function ownRealm() {
  const frame = document.createElement("iframe");
  frame.src = "/frame.html";
  await new Promise((resolve) => { frame.onload = resolve, document.body.append(frame); });
  return frame.contentWindow.navigator.credentials;
}

async function run(name) {
  try {
    await rows[name]();
    return "";
  } catch (error) {
    return `${error?.name}: ${error?.message}\n${error?.stack ?? ""}`;
  }
}
