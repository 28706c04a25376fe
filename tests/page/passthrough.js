// Calls that are the browser's alone. The virtual authenticator of the test answers a native create with an id of its own.
const native = async (options) => {
  const credential = await passes(() => create(options));
  if (!(credential instanceof PublicKeyCredential)) throw new Error(`the browser did not create: ${credential}`);
};
const abortedSoon = () => AbortSignal.timeout(300);

rows["pass-through: the browser itself creates when Keystow says native"] = async () => {
  const credential = await create(creation("native"));
  is(credential instanceof PublicKeyCredential, true);
  is(credential.id === CANNED, false);
};

rows["pass-through: calls without publicKey"] = async () => {
  for (const [call, options] of [[get, undefined], [get, {}], [create, undefined], [create, {}], [get, null], [get, { publicKey: undefined }]]) {
    const error = await passes(() => (options === undefined ? call() : call(options)));
    is(error.name, "NotSupportedError");
  }
};

rows["pass-through: options that are no object get the browser's own TypeError"] = async () => {
  for (const options of [7, "text", true, Symbol()]) is((await passes(() => create(options))).name, "TypeError");
};

for (const member of ["password", "federated", "identity", "otp", "digital"]) {
  rows[`pass-through: publicKey together with ${member}`] = async () => {
    const value = { password: true, federated: { providers: ["https://example.com"] } }[member] ?? {};
    await passes(() => get({ ...request("echo"), [member]: value, signal: abortedSoon() }));
  };
}

rows["pass-through: create together with password data"] = async () => {
  await passes(() => create({ ...creation("echo"), password: { id: "i", password: "p", origin } }));
};

for (const mediation of ["silent", "no-such", ""]) {
  rows[`pass-through: mediation "${mediation}"`] = async () => {
    await passes(() => get({ ...request("echo"), mediation, signal: abortedSoon() }));
    await passes(() => create({ ...creation("echo"), mediation, signal: abortedSoon() }));
  };
}

rows["pass-through: create with mediation immediate, which is no mediation of create"] = async () => {
  is((await passes(() => create({ ...creation("echo"), mediation: "immediate" }))).name, "TypeError");
};

rows["pass-through: mediation that does not exist gets the browser's own TypeError"] = async () => {
  is((await passes(() => get({ ...request("echo"), mediation: "no-such" }))).name, "TypeError");
};

for (const uiMode of ["active", "passive", "no-such", null]) {
  rows[`pass-through: uiMode ${uiMode}`] = async () => {
    await passes(() => get({ ...request("echo"), uiMode, signal: abortedSoon() }));
  };
}

// What a Keystow credential is made of: without its getters the passkey would be saved and the page get nothing.
const freeze = () => [PublicKeyCredential, Credential, AuthenticatorAttestationResponse, AuthenticatorResponse].forEach(({ prototype }) => Object.freeze(prototype));
rows["pass-through: a page that froze the prototypes"] = async () => {
  const { messages } = await ownPipe();
  freeze();
  const credential = await create(creation());
  is([credential instanceof PublicKeyCredential, credential.id === CANNED], [true, false]);
  is(messages.filter(({ call }) => call === "create").length, 0, "calls that were sent");
};
rows["pass-through: not in a page that freezes the prototypes while Keystow is asked"] = async () => {
  const pending = create(creation());
  freeze();
  is((await pending).id, CANNED);
};

rows["pass-through: the payment extension"] = async () => {
  await passes(() => create(creation("echo", { extensions: { payment: { isPayment: true } } })));
};

rows["pass-through: more than one argument, and the arguments themselves, reach the browser"] = async () => {
  const { publicKey } = creation("native");
  let reads = 0;
  const credential = await create({ get publicKey() { return reads++, publicKey; } }, "ignored");
  is(credential.id === CANNED, false);
  is(reads, 2, "reads of publicKey: one by Keystow, one by the browser;");
};

rows["pass-through: a sandboxed frame of opaque origin is not wrapped"] = async () => {
  const answer = new Promise((resolve) => addEventListener("message", ({ data }) => resolve(data), { once: true }));
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-scripts";
  frame.src = "/foreign.html";
  document.body.append(frame);
  is((await answer).wrapped, false);
};

rows["pass-through: a document of opaque origin at the top is not wrapped"] = async () => {
  const answer = new Promise((resolve) => addEventListener("message", ({ data }) => resolve(data), { once: true }));
  const window = open("/sandboxed.html");
  const { wrapped } = await answer;
  window.close();
  is(wrapped, false);
};

rows["pass-through: in a detached document the browser refuses"] = async () => {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const { navigator: inner, DOMException: Inner } = frame.contentWindow;
  const { credentials } = inner;
  is(Symbol.for("keystow") in credentials.create, true, "wrapped");
  frame.remove();
  // Chromium refuses; Firefox leaves the promise pending for ever.
  const native = credentials.create[Symbol.for("keystow")].call(credentials, creation());
  const expected = await Promise.race([native.catch((error) => error), sleep(1000).then(() => "pending")]);
  const outcome = await passes(() => credentials.create(creation("echo")));
  is(String(outcome), String(expected), "outcome");
};
