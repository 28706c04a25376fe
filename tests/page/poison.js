// Frames whose scripts work against page.js. They are watched from here, where nothing is patched.
const settled = (promise) => new Promise((resolve, reject) => Promise.prototype.then.call(promise, resolve, reject));
const poisoned = async (script) => {
  const frame = document.createElement("iframe");
  frame.src = `/poison.html?${script}`;
  await new Promise((resolve) => { frame.onload = resolve, document.body.append(frame); });
  is(frame.contentWindow.poison, script);
  return frame.contentWindow;
};
const SECRET = new Uint8Array(24).map((_, i) => 65 + i);
const SECRET_TEXT = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldY";

rows["poison: built-ins that throw break nothing"] = async () => {
  const { navigator: { credentials } } = await poisoned("throw");
  is((await settled(credentials.create(creation()))).id, CANNED);
  const assertion = await settled(credentials.get(request()));
  is(assertion.toJSON().response.userHandle, "dXNlcg");
  let error;
  await settled(credentials.create(creation("InvalidStateError"))).catch((thrown) => { error = thrown; });
  is(error.name, "InvalidStateError");
  const reason = {};
  await settled(credentials.get({ ...request("pending"), signal: AbortSignal.timeout(50) })).catch((thrown) => { error = thrown; });
  is(error.name, "TimeoutError", JSON.stringify(reason));
};

rows["poison: pass-through works where built-ins throw"] = async () => {
  const { navigator: { credentials } } = await poisoned("throw");
  is((await settled(credentials.create(creation("native")))).id === CANNED, false);
};

rows["poison: accessors on Object.prototype and Array.prototype change nothing"] = async () => {
  const { navigator: { credentials } } = await poisoned("prototype");
  const { options } = JSON.parse((await settled(credentials.create(creation("echo"))).catch((error) => error)).message);
  is([options.challenge, options.rp, options.pubKeyCredParams], ["AQID", { name: "Test" }, [{ alg: -7, type: "public-key" }]]);
  const credential = await settled(credentials.create(creation()));
  is([credential.id, credential.response.getTransports().length, credential.toJSON().id], [CANNED, 2, CANNED]);
};

rows["poison: a page that watches every built-in sees neither the port, nor its messages, nor the request"] = async () => {
  const window = await poisoned("watch");
  is(window.patched > 3000, true, `${window.patched} functions are watched, which`);
  const { navigator: { credentials } } = window;
  const publicKey = window.eval(`({ challenge: new natives.Uint8Array(24).map((_, i) => 65 + i), rp: { name: "Test" },
    user: { id: new natives.Uint8Array([9]), name: "n", displayName: "d" }, pubKeyCredParams: [{ type: "public-key", alg: -7 }] })`);
  window.watching = true;
  const promise = credentials.create({ publicKey });
  const credential = await settled(promise);
  window.watching = false;
  is(credential.id, CANNED);
  is(window.seen, []);
};

rows["poison: the watcher itself does see a secret that is passed around"] = async () => {
  const window = await poisoned("watch");
  window.watching = true;
  window.JSON.parse(`"${SECRET_TEXT}"`);
  const channel = new window.MessageChannel();
  window.Array.of(channel.port1);
  window.watching = false;
  is(window.seen.length >= 2, true, JSON.stringify(window.seen));
};

// The same with the test in the place of content.js, and of the browser: what was not called before the page did its worst.
const poisonedPipe = async (script) => {
  const window = await poisoned("");
  const { navigator: { credentials }, CredentialsContainer: Container, PublicKeyCredential: Static, DOMException: Exception, ArrayBuffer: Buffer } = window;
  const natives = [];
  replaced(Container.prototype, "get", (options) => new Promise(() => natives.push(options)));
  replaced(Container.prototype, "create", async () => "theirs");
  for (const name of ANSWERS) replaced(Static, name, async () => (name === "getClientCapabilities" ? { theirs: true } : true));
  for (const name of SIGNALS) replaced(Static, name, async () => "theirs");
  const pipe = await ownPipe(window);
  const aborts = Object.getOwnPropertyDescriptor(window.AbortSignal.prototype, "aborted").get;
  window.eval(`scripts.${script}(); watching = true;`);
  return { window, credentials, natives, Static, Exception, Buffer, isAborted: ({ signal }) => Reflect.apply(aborts, signal, []), ...pipe };
};

for (const script of ["throw", "prototype", "watch"]) {
  rows[`poison: ${script}: a conditional request is parked, answered, and ended by a modal one`] = async () => {
    const { window, credentials, natives, Exception, Buffer, isAborted, next, answer } = await poisonedPipe(script);
    const options = () => ({ mediation: "conditional", publicKey: { challenge: SECRET, extensions: { prf: { eval: { first: SECRET } } } } });
    const first = settled(credentials.get(options())).catch((error) => error);
    const { id, options: seen } = await next("call", "get");
    is(seen, { challenge: SECRET_TEXT, extensions: { prf: { eval: { first: SECRET_TEXT } } } });
    await until(() => natives.length === 1);
    const json = { ...(await canned()).toJSON(), clientExtensionResults: { prf: { results: { first: SECRET_TEXT } } } };
    answer({ id, credential: json });
    const credential = await first;
    is([credential.id, isAborted(natives[0])], [CANNED, true]);
    const { prf: { results: { first: bytes } } } = credential.getClientExtensionResults();
    is([Object.getPrototypeOf(bytes) === Buffer.prototype, new TextDecoder().decode(bytes)], [true, new TextDecoder().decode(SECRET)]);

    const second = settled(credentials.get(options())).catch((error) => error);
    await next("call", "get");
    const modal = settled(credentials.create(creation()));
    same(Object.getPrototypeOf(await second), Exception.prototype);
    answer({ id: (await next("call", "create")).id, error: { name: "NotAllowedError", message: "" } });
    same(Object.getPrototypeOf(await modal.catch((error) => error)), Exception.prototype);
    is(window.seen, []);
  };

  rows[`poison: ${script}: feature detection, conversions and signals work`] = async () => {
    const { window, Static, Buffer, next, answer } = await poisonedPipe(script);
    for (const name of ANSWERS) {
      const promise = settled(Static[name]());
      answer({ id: (await next("call", "capabilities")).id, capabilities: { "extension:prf": true, conditionalGet: true, ours: false } });
      is(await promise, name === "getClientCapabilities" ? { conditionalGet: true, "extension:prf": true, ours: false, theirs: true } : true, name);
    }
    const { extensions } = Static.parseCreationOptionsFromJSON(creationJSON({ credBlob: SECRET_TEXT, getCredBlob: true }));
    is([Object.getPrototypeOf(extensions.credBlob) === Buffer.prototype, extensions.getCredBlob], [true, true]);
    for (const [name, options] of Object.entries(signalled)) {
      const promise = settled(Static[name](options));
      const message = await next("call", name);
      is(message.options, options, name);
      answer({ id: message.id, done: true });
      is(await promise, "theirs");
      is((await settled(Static[name]({ ...options, rpId: undefined })).catch((error) => error)).name, "TypeError");
    }
    answer({ check: true });
    is((await next("locked")).locked, { throw: WRAPPED.slice(2), prototype: [], watch: WRAPPED }[script], "what was put in front of ours");
    is(window.seen, []);
  };
}

rows["poison: prototype: a call that nobody answers any more is the browser's own"] = async () => {
  const { credentials, next, answer } = await poisonedPipe("prototype");
  const promise = settled(credentials.create(creation()));
  await next("call", "create");
  answer({ gone: true });
  is((await outcome(promise)).value, "theirs");
};
