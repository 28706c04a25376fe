// Conditional requests: parked by content.js, with the browser's own beside them. The test is content.js, and in most rows the
// browser too: its function is replaced before page.js runs once more.
const conditional = (more = {}) => ({ ...request(), mediation: "conditional", ...more });

// A browser whose requests stay open until their signal ends them, `delay` later. Each is {self, args, options, resolve, reject}.
function openRequests(delay = 0) {
  const open = [];
  for (const name of ["get", "create"]) {
    const calls = replaced(CredentialsContainer.prototype, name, (options) => new Promise((resolve, reject) => {
      open.push({ ...calls.at(-1), name, options, resolve, reject, at: performance.now() });
      options?.signal?.addEventListener("abort", ({ target }) => setTimeout(() => reject(target.reason), delay));
    }));
  }
  return open;
}
const parked = async (more, delay) => {
  const open = openRequests(delay);
  replaced(PublicKeyCredential, "getClientCapabilities", async () => ({ immediateGet: true }));
  const pipe = await ownPipe();
  const options = conditional(more);
  const promise = get(options);
  promise.catch(() => {});
  const { id } = await pipe.next("call", "get");
  await until(() => open.length === 1, "the browser's own request did not start");
  return { ...pipe, open, options, promise, id };
};

rows["conditional: the call goes to content.js, and the browser's own runs beside it under a signal of its own"] = async () => {
  const { signal } = new AbortController();
  const { messages, open, options, id, promise } = await parked({ signal });
  is(messages, [{ id, call: "get", mediation: "conditional", options: { challenge: "AQID" } }]);
  same(open[0].self, navigator.credentials, "receiver");
  is([open[0].args.length, Object.keys(open[0].options).sort()], [1, ["mediation", "publicKey", "signal"]]);
  is(open[0].options.mediation, "conditional");
  same(open[0].options.publicKey, options.publicKey, "publicKey");
  is([open[0].options.signal instanceof AbortSignal, open[0].options.signal === signal], [true, false], "signal");
  is(await outcome(promise), {}, "outcome");
};

rows["conditional: Keystow's credential is the result, and ends the browser's own request"] = async () => {
  const { open, promise, id, answer, messages } = await parked();
  answer({ id, credential: (await canned()).toJSON() });
  is((await promise).id, CANNED);
  is(open[0].options.signal.aborted, true, "aborted");
  await sleep(50);
  is(messages.length, 1, "messages");
};

rows["conditional: the browser's credential is the result, and content.js need not wait any longer"] = async () => {
  const { open, promise, id, next } = await parked();
  const theirs = {};
  open[0].resolve(theirs);
  same(await promise, theirs);
  is(await next("abort"), { id, abort: true });
};

rows["conditional: what the browser rejects with is what the page's promise is rejected with"] = async () => {
  const { open, promise, id, next } = await parked();
  const error = new DOMException("no", "SecurityError");
  open[0].reject(error);
  same(await rejection(promise), error);
  is(await next("abort"), { id, abort: true });
};

rows["conditional: where the browser ends its own request for another call's sake, Keystow's stays"] = async () => {
  const { open, promise, id, answer } = await parked();
  open[0].reject(new DOMException("The operation was aborted.", "AbortError"));
  await sleep(100);
  is(await outcome(promise), {}, "outcome");
  answer({ id, credential: (await canned()).toJSON() });
  is((await promise).id, CANNED);
};
rows["conditional: an error from Keystow rejects, and ends the browser's own request"] = async () => {
  const { open, promise, id, answer } = await parked();
  answer({ id, error: { name: "NotAllowedError", message: "left" } });
  await rejects(promise, DOMException, "NotAllowedError");
  is(open[0].options.signal.aborted, true, "aborted");
};

rows["conditional: the page's signal ends both, and its reason is the page's own value"] = async () => {
  const controller = new AbortController(), reason = { mine: true };
  const { open, promise, id, next } = await parked({ signal: controller.signal }, 300);
  controller.signal.dispatchEvent(new Event("abort"));
  is(await outcome(promise), {}, "outcome after an event that the page made up");
  controller.abort(reason);
  const start = performance.now();
  same(await rejection(promise), reason);
  is(performance.now() - start < 200, true, "at once");
  is(open[0].options.signal.aborted, true, "aborted");
  is(await next("abort"), { id, abort: true });
};

rows["conditional: a signal that is aborted already asks nobody"] = async () => {
  const open = openRequests();
  const { messages } = await ownPipe();
  const reason = { mine: true };
  same(await rejection(get(conditional({ signal: AbortSignal.abort(reason) }))), reason);
  await sleep(50);
  is([messages, open.length], [[], 0]);
};

rows["conditional: bad options are TypeErrors before anything is asked"] = async () => {
  const { messages, open, promise } = await parked();
  await rejects(get({ mediation: "conditional", publicKey: {} }), TypeError);
  await rejects(get({ publicKey: {} }), TypeError);
  await sleep(50);
  is([messages.length, open.length, await outcome(promise)], [1, 1, {}], "and the parked request stays");
};

rows["conditional: a parked request is waited for without a sign of life"] = async () => {
  const { messages, promise } = await parked();
  await sleep(2300);
  is([messages.length, await outcome(promise)], [1, {}]);
};

for (const reply of [{ native: true }, { gone: true }]) {
  rows[`conditional: after ${JSON.stringify(reply)} the browser's own goes on alone`] = async () => {
    const { messages, open, promise, id, answer } = await parked();
    answer({ id, ...reply });
    is(await outcome(promise), {}, "outcome");
    is([open.length, open[0].options.signal.aborted], [1, false], "requests, aborted");
    open[0].resolve("theirs");
    is([await promise, messages.length], ["theirs", 1]);
  };
  rows[`conditional: after ${JSON.stringify(reply)} the browser's own still ends for a modal request`] = async () => {
    const { open, promise, id, answer } = await parked({}, 200);
    answer({ id, ...reply });
    await sleep(50);
    create(creation()).catch(() => {});
    await rejects(promise, DOMException, "AbortError");
    is(open[0].options.signal.aborted, true, "aborted");
  };
}

rows["conditional: no request of the browser's own where it says that it has none; Keystow's runs alone"] = async () => {
  const open = openRequests();
  replaced(PublicKeyCredential, "isConditionalMediationAvailable", async () => false);
  const { answer, next } = await ownPipe();
  const promise = get(conditional());
  const { id } = await next("call", "get");
  await sleep(50);
  is(open.length, 0, "requests");
  answer({ id, credential: (await canned()).toJSON() });
  is((await promise).id, CANNED);
};

rows["conditional: where neither has it, the browser's function answers the page's own call"] = async () => {
  const open = openRequests();
  replaced(PublicKeyCredential, "isConditionalMediationAvailable", () => Promise.reject(new Error("none")));
  const { answer, next } = await ownPipe();
  const options = conditional();
  const promise = navigator.credentials.get(options, "more");
  answer({ id: (await next("call", "get")).id, native: true });
  await until(() => open.length === 1, "the browser was not called");
  is(open[0].args.length, 2, "arguments");
  same(open[0].options, options, "options");
  open[0].resolve(7);
  is(await promise, 7);
};

const modals = {
  create: () => create(creation()),
  get: () => get(request()),
  "get with mediation required": () => get({ ...request(), mediation: "required" }),
  "get with uiMode immediate": () => get({ ...request(), uiMode: "immediate" }),
  "get together with a password": () => get({ ...request(), password: true }),
};
for (const [name, call] of Object.entries(modals)) {
  rows[`conditional: ${name} ends it with an AbortError, and the browser is called when its own request has ended`] = async () => {
    const { open, promise, answer, next, id } = await parked({}, 300);
    const start = performance.now();
    const second = call();
    second.catch(() => {});
    await rejects(promise, DOMException, "AbortError");
    is(await next("abort"), { id, abort: true });
    if (!name.includes("password")) answer({ id: (await next("call")).id, native: true });
    await until(() => open.length === 2, "the browser was not called");
    const waited = open[1].at - start;
    is(waited > 250, true, `${waited} ms`);
    open[1].resolve("theirs");
    is(await second, "theirs");
  };
}

rows["conditional: a second one ends the first, and starts the browser's when that has ended"] = async () => {
  const { open, promise, next, id } = await parked({}, 300);
  const start = performance.now();
  const second = get(conditional());
  await rejects(promise, DOMException, "AbortError");
  is(await next("abort"), { id, abort: true });
  await until(() => open.length === 2, "the second did not start");
  is(open[1].at - start > 250, true, `${open[1].at - start} ms`);
  await sleep(400);
  is(await outcome(second), {}, "outcome");
  open[1].resolve("theirs");
  is(await second, "theirs");
};

rows["conditional: a modal request right after it lets the browser's own never start"] = async () => {
  const open = openRequests();
  const { next, answer } = await ownPipe();
  const first = get(conditional()), second = create(creation());
  await rejects(first, DOMException, "AbortError");
  answer({ id: (await next("call", "create")).id, native: true });
  await until(() => open.length === 1);
  await sleep(50);
  is(open.map(({ name }) => name), ["create"]);
  open[0].resolve(7);
  is(await second, 7);
};

rows["conditional: a modal request in the page's own abort listener finds it aborted, with the page's reason"] = async () => {
  const controller = new AbortController();
  let second;
  controller.signal.addEventListener("abort", () => { second = create(creation()); });
  const { promise, open, answer, next } = await parked({ signal: controller.signal }, 100);
  controller.abort("mine");
  is(await rejection(promise), "mine");
  answer({ id: (await next("call", "create")).id, native: true });
  await until(() => open.length === 2);
  open[1].resolve(7);
  is(await second, 7);
};

rows["conditional: requests that are not for passkeys, silent ones, aborted ones and conditional creates leave it alone"] = async () => {
  const { open, promise, next, messages } = await parked();
  for (const options of [{ password: true }, { ...request(), mediation: "silent" }, { ...request(), mediation: "no-such" }]) get(options).catch(() => {});
  await rejection(get({ ...request(), signal: AbortSignal.abort() }));
  create({ ...creation(), mediation: "conditional" }).catch(() => {});
  await next("call", "create");
  is([messages.length, open.length, await outcome(promise)], [2, 4, {}], "messages, requests of the browser, outcome");
  is(open[0].options.signal.aborted, false, "aborted");
};

rows["conditional: a create is passed on, and a native reply is the browser's own function"] = async () => {
  const { options, mediation } = await received(create, { ...creation("echo"), mediation: "conditional" });
  is([mediation, options.challenge], ["conditional", "AQID"]);
  const open = openRequests();
  const { answer, next } = await ownPipe();
  const given = { ...creation(), mediation: "conditional" };
  const promise = create(given);
  answer({ id: (await next("call", "create")).id, native: true });
  await until(() => open.length === 1);
  same(open[0].options, given, "options");
  open[0].resolve(7);
  is(await promise, 7);
};

// The browser itself, in a tab that has no virtual authenticator: its request stays open.
const ownTab = async () => {
  const tab = timers = open("/frame.html");
  await until(() => tab.document.readyState === "complete" && tab.location.pathname === "/frame.html");
  return { tab, container: tab.navigator.credentials, ...(await ownPipe(tab)) };
};

rows["conditional: the browser's own requests, twenty times: each ends in time for the next"] = async () => {
  const { tab, container, next, answer } = await ownTab();
  const native = tab.CredentialsContainer.prototype.get[Symbol.for("keystow")];
  const pending = native.call(container, conditional({ signal: AbortSignal.timeout(200) }));
  is(await outcome(pending), {}, "the browser's own stays open");
  await rejection(pending);
  for (let i = 0; i < 20; i++) {
    const promise = container.get(conditional());
    promise.catch(() => {});
    await next("call", "get");
    await sleep([0, 1, 10, 50][i % 4]);
    const options = { ...(i % 2 ? request() : creation()), signal: tab.AbortSignal.timeout(100) };
    const modal = container[i % 2 ? "get" : "create"](options).catch((error) => error);
    answer({ id: (await next("call")).id, native: true });
    is((await rejection(promise)).name, "AbortError");
    const { id, name } = await modal;
    is(["TimeoutError", "NotAllowedError", undefined].includes(name) && id !== CANNED, true, name);
  }
  tab.close();
};

rows["conditional: an RP ID of others is refused by the browser at once"] = async () => {
  const { tab, container, next } = await ownTab();
  const error = await rejection(container.get(conditional(request(null, { rpId: "example.com" }))));
  is([error.name, (await next("abort")).abort], ["SecurityError", true]);
  tab.close();
};
