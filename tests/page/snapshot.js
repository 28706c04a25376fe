// What arrives at the background: WebIDL's conversions of what the page gave.
const echoed = async (more) => (await received(create, creation("echo", more))).options;
const echoedGet = async (more) => (await received(get, request("echo", more))).options;
const publicKey = (more) => ({ ...creation("echo").publicKey, ...more });

rows["snapshot: a plain request arrives as the L3 JSON dictionary"] = async () => {
  const { ceremony, frame, ancestorOrigins, ...message } = await received(create, creation("echo"));
  is(message, {
    call: "create",
    mediation: "optional",
    options: {
      authenticatorSelection: { residentKey: "required" },
      challenge: "AQID",
      hints: ["echo"],
      pubKeyCredParams: [{ alg: -7, type: "public-key" }],
      rp: { name: "Test" },
      user: { name: "n", displayName: "d", id: "CQ" },
    },
  });
};

rows["snapshot: every ceremony has a random id of 128 bits"] = async () => {
  const ids = [await received(create, creation("echo")), await received(get, request("echo"))].map(({ ceremony }) => ceremony);
  for (const id of ids) is(/^[0-9a-f]{32}$/.test(id), true, id);
  is(ids[0] === ids[1], false);
};

rows["snapshot: every kind of BufferSource, with its offset and length"] = async () => {
  const buffer = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7, 250, 251, 252, 253, 254, 255, 0, 0]).buffer;
  const kinds = {
    ArrayBuffer: [buffer.slice(8, 12), "-vv8_Q"],
    Uint8Array: [new Uint8Array(buffer, 8, 4), "-vv8_Q"],
    Uint8ClampedArray: [new Uint8ClampedArray(buffer, 8, 3), "-vv8"],
    Int8Array: [new Int8Array(buffer, 1, 1), "AQ"],
    Uint16Array: [new Uint16Array(buffer, 2, 1), "AgM"],
    Float64Array: [new Float64Array(buffer, 8, 1), "-vv8_f7_AAA"],
    BigInt64Array: [new BigInt64Array(buffer, 0, 1), "AAECAwQFBgc"],
    DataView: [new DataView(buffer, 5, 2), "BQY"],
    empty: [new Uint8Array(0), ""],
  };
  for (const [name, [challenge, expected]] of Object.entries(kinds)) is((await echoed({ challenge })).challenge, expected, name);
};

rows["snapshot: what is no BufferSource is a TypeError"] = async () => {
  for (const challenge of ["AQID", [1, 2, 3], { 0: 1, length: 1 }, null, 7]) await rejects(create(creation("echo", { challenge })), TypeError);
};

rows["snapshot: SharedArrayBuffer is refused, bare and under a view"] = async () => {
  const { buffer } = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 });
  is(Object.prototype.toString.call(buffer), "[object SharedArrayBuffer]");
  for (const challenge of [buffer, new Uint8Array(buffer), new DataView(buffer)]) await rejects(create(creation("echo", { challenge })), TypeError);
};

rows["snapshot: a detached buffer is empty"] = async () => {
  const challenge = new Uint8Array([1, 2, 3]);
  structuredClone(challenge.buffer, { transfer: [challenge.buffer] });
  is((await echoed({ challenge })).challenge, "");
  is((await echoed({ challenge: challenge.buffer })).challenge, "");
  const view = new DataView(new ArrayBuffer(4));
  structuredClone(view.buffer, { transfer: [view.buffer] });
  is((await echoed({ challenge: view })).challenge, "");
};

rows["snapshot: a resizable buffer is refused, bare and under a view, as by the browser"] = async () => {
  const buffer = new ArrayBuffer(8, { maxByteLength: 16 });
  for (const challenge of [buffer, new Uint8Array(buffer), new DataView(buffer)]) {
    await rejects(create(creation("echo", { challenge })), TypeError);
    const { [Symbol.for("keystow")]: native } = CredentialsContainer.prototype.create;
    await rejects(native.call(navigator.credentials, creation("native", { challenge })), TypeError);
  }
};

rows["snapshot: missing required members are TypeErrors, each of them"] = async () => {
  const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
  for (const name of ["challenge", "pubKeyCredParams", "rp", "user"]) await rejects(create({ publicKey: without(publicKey(), name) }), TypeError);
  const { user } = publicKey();
  for (const name of ["id", "name", "displayName"]) await rejects(create(creation("echo", { user: without(user, name) })), TypeError);
  await rejects(create(creation("echo", { rp: {} })), TypeError);
  await rejects(create(creation("echo", { pubKeyCredParams: [{ type: "public-key" }] })), TypeError);
  await rejects(create(creation("echo", { pubKeyCredParams: [{ alg: -7 }] })), TypeError);
  await rejects(get({ publicKey: {} }), TypeError);
  await rejects(get(request("echo", { allowCredentials: [{ type: "public-key" }] })), TypeError);
};

rows["snapshot: publicKey that is null or no object is a TypeError"] = async () => {
  for (const value of [null, 7, "text", true]) await rejects(create({ publicKey: value }), TypeError);
};

rows["snapshot: user.id has 1 to 64 bytes"] = async () => {
  const withId = (length) => ({ user: { id: new Uint8Array(length), name: "n", displayName: "d" } });
  for (const length of [0, 65]) await rejects(create(creation("echo", withId(length))), TypeError);
  for (const length of [1, 64]) is((await echoed(withId(length))).user.id.length, Math.ceil((length * 4) / 3), `${length} bytes`);
};

rows["snapshot: numbers, strings and booleans are converted, unknown enum strings are kept for the client to ignore"] = async () => {
  const options = await echoed({
    attestation: "no-such",
    authenticatorSelection: { authenticatorAttachment: "none", requireResidentKey: "yes", residentKey: null, userVerification: "no-such" },
    extensions: { credProps: "true", unknown: { a: 1 } },
    pubKeyCredParams: [{ type: "public-key", alg: "-7" }, { type: "other", alg: 4294967289 }, { type: "public-key", alg: -257.9 }],
    rp: { name: null, id: 7 },
    timeout: "180000.5",
    user: { id: new Uint8Array(1), name: 1, displayName: null },
  });
  is(options.attestation, "no-such");
  is(options.authenticatorSelection, { authenticatorAttachment: "none", requireResidentKey: true, residentKey: "null", userVerification: "no-such" });
  is(options.extensions, { credProps: true });
  is(options.pubKeyCredParams, [{ alg: -7, type: "public-key" }, { alg: -7, type: "other" }, { alg: -257, type: "public-key" }]);
  is(options.rp, { name: "null", id: "7" });
  is([options.timeout, options.user.name, options.user.displayName], [180000, "1", "null"]);
  is((await echoed({ timeout: -1 })).timeout, 4294967295);
  await rejects(create(creation("echo", { timeout: 1n })), TypeError);
  await rejects(create(creation("echo", { rp: { name: Symbol() } })), TypeError);
};

rows["snapshot: text of any kind survives, lone surrogates as U+FFFD"] = async () => {
  const name = "\u0000\"\\\u2028 \u{1F511} é";
  is((await echoed({ rp: { name } })).rp.name, name);
  is((await echoed({ rp: { name: "a\ud800b" } })).rp.name, "a\ufffdb");
};

rows["snapshot: null and absent dictionaries are empty ones"] = async () => {
  const options = await echoed({ authenticatorSelection: null, extensions: undefined });
  is(options.authenticatorSelection, {});
  is("extensions" in options, false);
  await rejects(create(creation("echo", { authenticatorSelection: 7 })), TypeError);
};

rows["snapshot: sequences come from any iterable, and only from objects"] = async () => {
  const parameters = [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -8 }];
  for (const pubKeyCredParams of [new Set(parameters), parameters.values(), (function* () { yield* parameters; })()]) {
    is((await echoed({ pubKeyCredParams })).pubKeyCredParams.map(({ alg }) => alg), [-7, -8]);
  }
  for (const pubKeyCredParams of ["text", null, {}, 7]) await rejects(create(creation("echo", { pubKeyCredParams })), TypeError);
};

rows["snapshot: a request arrives with its allow list"] = async () => {
  const options = await echoedGet({
    allowCredentials: [{ type: "public-key", id: new Uint8Array([250]).buffer, transports: ["usb", "x"] }],
    rpId: "localhost", timeout: 5, userVerification: "required",
  });
  is(options, {
    allowCredentials: [{ id: "-g", transports: ["usb", "x"], type: "public-key" }], challenge: "AQID", hints: ["echo"],
    rpId: "localhost", timeout: 5, userVerification: "required",
  });
};

rows["snapshot: members are read once each, in WebIDL's order, along the prototype chain"] = async () => {
  const reads = [];
  const watched = (object, prefix) => new Proxy(object, {
    get(target, name, receiver) {
      if (typeof name === "string") reads.push(prefix + name);
      return Reflect.get(target, name, receiver);
    },
  });
  class User { get id() { return new Uint8Array([7]); } get name() { return "n"; } get displayName() { return "d"; } }
  const key = publicKey({ user: watched(new User(), "user."), rp: watched({ name: "Test" }, "rp.") });
  const options = await received(create, watched(Object.create({ publicKey: watched(key, "publicKey.") }), ""));
  is(options.options.user.id, "Bw");
  is(reads, [
    "digital", "federated", "mediation", "password", "publicKey", "publicKey.attestation",
    "publicKey.authenticatorSelection", "publicKey.challenge", "publicKey.excludeCredentials",
    "publicKey.extensions", "publicKey.hints", "publicKey.pubKeyCredParams", "publicKey.rp", "rp.name", "rp.id",
    "publicKey.timeout", "publicKey.user", "user.name", "user.displayName", "user.id", "signal",
  ]);
  reads.length = 0;
  await received(get, watched(request("echo", { extensions: watched({}, "extensions.") }), ""));
  is(reads, [
    "digital", "federated", "identity", "mediation", "otp", "password", "publicKey", "extensions.appid", "extensions.appidExclude",
    "extensions.credBlob", "extensions.credProps", "extensions.credentialProtectionPolicy", "extensions.enforceCredentialProtectionPolicy",
    "extensions.getCredBlob", "extensions.largeBlob", "extensions.minPinLength", "extensions.payment", "extensions.prf", "signal", "uiMode",
  ]);
};

rows["snapshot: what a getter throws is what the promise is rejected with"] = async () => {
  const thrown = { mine: true };
  same(await rejection(create({ get publicKey() { throw thrown; } })), thrown);
  same(await rejection(create({ publicKey: { get challenge() { throw thrown; } } })), thrown);
};

rows["snapshot: a change after the call changes nothing"] = async () => {
  const options = creation("echo");
  const promise = rejection(create(options));
  options.publicKey.challenge[0] = 99;
  options.publicKey.rp.name = "Other";
  const { options: seen } = JSON.parse((await promise).message);
  is([seen.challenge, seen.rp.name], ["AQID", "Test"]);
};

rows["snapshot: a challenge of 8 KiB works"] = async () => {
  is((await echoed({ challenge: new Uint8Array(8192).fill(255) })).challenge, `${"_".repeat(10922)}8`, "challenge");
};

rows["snapshot: 64 MiB are refused before they are copied, and say why"] = async () => {
  const challenge = new Uint8Array(64 << 20);
  const start = performance.now();
  const error = await rejects(create(creation("echo", { challenge })), TypeError);
  is(error.message.includes("1 MiB"), true, error.message);
  if (performance.now() - start > 50) throw new Error(`took ${performance.now() - start} ms`);
  await rejects(create(creation("echo", { rp: { name: "x".repeat(64 << 20) } })), TypeError);
  await rejects(get(request("echo", { allowCredentials: (function* () { for (;;) yield { id: new Uint8Array(64), type: "public-key" }; })() })), TypeError);
};

rows["snapshot: mediation optional and required arrive, a signal that is none is a TypeError"] = async () => {
  is((await received(get, { ...request("echo"), mediation: "required" })).mediation, "required");
  for (const signal of [null, {}, new EventTarget()]) await rejects(get({ ...request("echo"), signal }), TypeError);
};
