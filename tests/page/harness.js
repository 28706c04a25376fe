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
const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));

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

// Runs page.js once more in this document, with the test itself in the place of content.js: {messages, answer}.
async function ownPipe() {
  let port;
  document.addEventListener("keystow", (event) => { event.preventDefault(), ([port] = event.ports); }, { once: true });
  (0, eval)(await (await fetch("/extension/page.js")).text());
  const messages = [];
  port.onmessage = ({ data }) => messages.push(JSON.parse(data));
  return { messages, answer: (message) => port.postMessage(JSON.stringify(message)) };
}

async function run(name) {
  try {
    await rows[name]();
    return "";
  } catch (error) {
    return `${error?.name}: ${error?.message}\n${error?.stack ?? ""}`;
  }
}
