// What the pages share. A behaviour is one row: a group, a name and an async function that throws where the behaviour does not hold.
//
// A row runs in a document of its own, on a host of its own, in every browser under test. It cannot do what only a person can; it asks
// the test driver for that by `person(action)`, which clicks what a person would click and answers when it is done:
//   consent        the provider's window is consented to, the PIN typed where one is asked for
//   cancel         the window's Cancel
//   window         waits for a window; answers whether there is one
//   no window      waits until there is none; is window: answers whether there is one now
//   hold           from now on the browser's own authenticator waits for a touch that never comes; let go: no longer
//   hold beside    as above, but only where it is not what is being tested
//   click          the page's own button is clicked: a user activation
//   click in frame as above, in the first frame
//   sign in        the invitation of the field #account is taken, and the window that it opens consented to
//   sign in by password   a password is typed into the form, and the field left
//   keystow        answers whether Keystow is what is being tested
var rows = [];
var asked = [];

// `at`: where the row's document is: a prefix of its host ("login."), or a whole origin with HOST in the place of the host.
function row(group, name, run, { at = "" } = {}) {
  rows.push({ group, name, run, at });
}

// A row cannot be measured here: the reason stands in the table.
class Unmeasured extends Error {}

let lastAction = 0;
function person(action) {
  const id = ++lastAction;
  return new Promise((resolve, reject) => asked.push({ id, action, resolve, reject }));
}
// For the driver.
var nextAction = () => asked.length ? { id: asked[0].id, action: asked[0].action } : null;
var acted = (id, answer, problem) => {
  const [{ resolve, reject }] = asked.splice(asked.findIndex((one) => one.id === id), 1);
  if (problem) reject(new Failure(problem));
  else resolve(answer);
};
var callsPending = 0;

async function runRow(name) {
  const { run } = rows.find((one) => one.name === name);
  window.outcome = null;
  try {
    await run();
    window.outcome = { verdict: "yes", reason: "" };
  } catch (error) {
    const text = error instanceof Failure || error instanceof Unmeasured ? error.message : `${error?.name}: ${error?.message}`;
    window.outcome = { verdict: error instanceof Unmeasured ? "unmeasured" : "no", reason: text.split("\n")[0].slice(0, 300) };
  }
}

// --- what a row says -------------------------------------------------------------------------------------------

class Failure extends Error {}
const text = (value) => (typeof value === "string" ? value : (JSON.stringify(value) ?? String(value)));
function ok(holds, sentence) {
  if (!holds) throw new Failure(sentence);
}
function is(actual, expected, what = "it") {
  ok(text(actual) === text(expected), `${what} is ${text(actual)}, not ${text(expected)}`);
}
function same(actual, expected, what = "it") {
  ok(Object.is(actual, expected), `${what} is another object or value`);
}
const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));
const within = (promise, time, what) => Promise.race([promise, sleep(time).then(() => { throw new Failure(what); })]);

// The promise rejects, in time, with the error of this name; the error is the answer.
async function rejects(promise, name, time = 5000) {
  let value;
  try {
    value = await within(promise, time, `nothing came for ${time / 1000} s, where ${name} should`);
  } catch (error) {
    if (error instanceof Failure) throw error;
    ok(error?.name === name, `the error is ${error?.name}: ${error?.message}, not ${name}`);
    return error;
  }
  throw new Failure(`it resolved with ${value}, and should reject with ${name}`);
}
const isPending = async (promise, time = 600) => (await Promise.race([promise.then(() => 1, () => 1), sleep(time)])) === undefined;

// --- ceremonies -------------------------------------------------------------------------------------------------

const KEYSTOW = "8fbd00baea22421e855adb5d23b0ac05";
const ES256 = { type: "public-key", alg: -7 };
const random = (length) => crypto.getRandomValues(new Uint8Array(length));

const creation = (more = {}) => ({
  challenge: random(16),
  rp: { name: "Test" },
  user: { id: random(16), name: "ada", displayName: "Ada" },
  pubKeyCredParams: [ES256],
  authenticatorSelection: { residentKey: "required", userVerification: "discouraged" },
  ...more,
});
const request = (more = {}) => ({ challenge: random(16), userVerification: "discouraged", ...more });

const create = (publicKey, rest = {}) => navigator.credentials.create({ publicKey, ...rest });
const get = (publicKey, rest = {}) => navigator.credentials.get({ publicKey, ...rest });

// The promise of a call that a person consents to. Where the call ends by itself, the person has nothing to do.
async function consented(promise, time = 9000) {
  callsPending += 1;
  const over = () => { callsPending -= 1; };
  promise.then(over, over);
  person("consent").catch(() => {});
  return within(promise, time, "the call did not end after consent");
}

// A passkey of the provider under test for this page's RP ID.
async function register(more = {}, rest = {}) {
  const credential = await consented(create(creation(more), rest));
  await byProvider(credential);
  return credential;
}
async function byProvider(credential) {
  if (!(await person("keystow"))) return;
  ok(aaguidOf(credential) === KEYSTOW, "the browser's own provider answered");
}
const listed = (credential, more = {}) => [{ type: "public-key", id: credential.rawId, ...more }];
const clientData = (credential) => JSON.parse(new TextDecoder().decode(credential.response.clientDataJSON));
const host = location.hostname;
