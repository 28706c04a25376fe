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
