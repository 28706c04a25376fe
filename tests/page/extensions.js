// The extensions of L3 section 10 and CTAP section 12: what a page gives, and what it gets.
const echoedExtensions = async (extensions, call = get) => (await received(call, (call === get ? request : creation)("echo", { extensions }))).options.extensions;
const B = (...values) => new Uint8Array(values);

rows["extensions: every one of them arrives, its bytes as base64url"] = async () => {
  const extensions = {
    appid: "https://example.com/a", appidExclude: "https://example.com/b", credBlob: B(250, 255).buffer, credProps: 1,
    credentialProtectionPolicy: "userVerificationRequired", enforceCredentialProtectionPolicy: "yes", getCredBlob: {},
    largeBlob: { support: "preferred", read: 0, write: new DataView(B(1, 2, 3).buffer, 1) }, minPinLength: true,
    prf: { eval: { first: B(1), second: B() }, evalByCredential: { "AQ": { first: B(2) }, "_-": { first: B(3), second: B(4).buffer } } },
    unknown: { a: 1 }, uvm: true,
  };
  const expected = {
    appid: "https://example.com/a", appidExclude: "https://example.com/b", credBlob: "-v8", credProps: true,
    credentialProtectionPolicy: "userVerificationRequired", enforceCredentialProtectionPolicy: true, getCredBlob: true,
    largeBlob: { read: false, support: "preferred", write: "AgM" }, minPinLength: true,
    prf: { eval: { first: "AQ", second: "" }, evalByCredential: { "AQ": { first: "Ag" }, "_-": { first: "Aw", second: "BA" } } },
  };
  for (const call of [create, get]) is(await echoedExtensions(extensions, call), expected);
};

rows["extensions: null dictionaries are empty ones, what is no dictionary is a TypeError"] = async () => {
  is(await echoedExtensions({ prf: null, largeBlob: null }), { largeBlob: {}, prf: {} });
  is(await echoedExtensions({ prf: { eval: undefined, evalByCredential: {} } }), { prf: { evalByCredential: {} } });
  for (const extensions of [7, { prf: 7 }, { largeBlob: "x" }, { prf: { eval: 7 } }, { prf: { evalByCredential: null } }, { prf: { evalByCredential: 7 } },
    { prf: { evalByCredential: { AQ: 7 } } }]) await rejects(get(request("echo", { extensions })), TypeError);
};

rows["extensions: prf values have a first input, and inputs are bytes"] = async () => {
  for (const extensions of [{ prf: { eval: {} } }, { prf: { eval: null } }, { prf: { eval: { second: B(1) } } }, { prf: { eval: { first: "AQ" } } },
    { prf: { evalByCredential: { AQ: {} } } }, { largeBlob: { write: "AQ" } }, { credBlob: "AQ" }, { credBlob: [1] }]) {
    await rejects(create(creation("echo", { extensions })), TypeError);
  }
};

rows["extensions: a record has its own enumerable members, in their order, and no symbols"] = async () => {
  const record = Object.create({ inherited: { first: B(1) } }, {
    z: { value: { first: B(1) }, enumerable: true }, hidden: { value: 7 }, [Symbol("s")]: { value: 7 }, a: { value: { first: B(2) }, enumerable: true },
    7: { value: { first: B(3) }, enumerable: true },
  });
  const { prf: { evalByCredential } } = await echoedExtensions({ prf: { evalByCredential: record } });
  is(Object.keys(evalByCredential), ["7", "z", "a"]);
  await rejects(get(request("echo", { extensions: { prf: { evalByCredential: { [Symbol("s")]: { first: B(1) } } } } })), TypeError);
  const parsed = JSON.parse('{"__proto__": {}}');
  parsed["__proto__"].first = B(9);
  is(JSON.stringify((await echoedExtensions({ prf: { evalByCredential: parsed } })).prf.evalByCredential), '{"__proto__":{"first":"CQ"}}');
};

rows["extensions: members are read once each, in WebIDL's order"] = async () => {
  const reads = [];
  const watched = (object, prefix) => new Proxy(object, {
    get(target, name) {
      reads.push(prefix + String(name));
      const value = target[name];
      return value && Object.getPrototypeOf(value) === Object.prototype ? watched(value, `${prefix}${String(name)}.`) : value;
    },
    ownKeys(target) { return reads.push(`${prefix}*`), Reflect.ownKeys(target); },
    getOwnPropertyDescriptor(target, name) { return reads.push(`${prefix}${name}?`), Reflect.getOwnPropertyDescriptor(target, name); },
  });
  await echoedExtensions(watched({ prf: { evalByCredential: { AQ: { first: B(1) } }, eval: { second: B(1), first: B(1) } }, largeBlob: { write: B(1) } }, ""));
  is(reads, [
    "appid", "appidExclude", "credBlob", "credProps", "credentialProtectionPolicy", "enforceCredentialProtectionPolicy", "getCredBlob", "largeBlob",
    "largeBlob.read", "largeBlob.support", "largeBlob.write", "minPinLength", "payment", "prf", "prf.eval", "prf.eval.first", "prf.eval.second",
    "prf.evalByCredential", "prf.evalByCredential.*", "prf.evalByCredential.AQ?", "prf.evalByCredential.AQ", "prf.evalByCredential.AQ.first",
    "prf.evalByCredential.AQ.second",
  ]);
};

rows["extensions: inputs over 1 MiB are refused, in bytes and in number"] = async () => {
  const records = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [i, { first: new Uint8Array(64 << 10) }]));
  for (const extensions of [{ prf: { evalByCredential: records } }, { credBlob: new Uint8Array(2 << 20) }, { prf: { evalByCredential: { ["x".repeat(2 << 20)]: { first: B(1) } } } }]) {
    const error = await rejects(get(request("echo", { extensions })), TypeError);
    is(error.message.includes("1 MiB"), true, error.message);
  }
};

const results = {
  appid: true, credProps: { rk: true }, getCredBlob: "AQI", largeBlob: { blob: "", supported: true, written: true },
  prf: { enabled: true, results: { first: "AQID", second: "BA" } },
};
const answered = async (call, options, clientExtensionResults) => {
  const { next, answer } = await ownPipe();
  const json = { ...(await canned()).toJSON(), clientExtensionResults };
  if (call === "create") json.response = { ...(await ownRealm().then((own) => own.create(creation()))).toJSON().response };
  const promise = navigator.credentials[call](options);
  answer({ id: (await next("call", call)).id, credential: json });
  return promise;
};

for (const call of ["create", "get"]) {
  rows[`extensions: results of ${call} have ArrayBuffers where L3 has bytes, and base64url in toJSON`] = async () => {
    const credential = await answered(call, call === "create" ? creation() : request(), results);
    const outputs = credential.getClientExtensionResults();
    for (const [value, expected] of [[outputs.prf.results.first, "010203"], [outputs.prf.results.second, "04"], [outputs.largeBlob.blob, ""], [outputs.getCredBlob, "0102"]]) {
      same(Object.getPrototypeOf(value), ArrayBuffer.prototype, "prototype");
      is(hex(value), expected);
    }
    is([outputs.appid, outputs.credProps, outputs.largeBlob.supported, outputs.largeBlob.written, outputs.prf.enabled], [true, { rk: true }, true, true, true]);
    is(Object.keys(outputs), Object.keys(results));
    for (const object of [outputs, outputs.prf, outputs.prf.results]) same(Object.getPrototypeOf(object), Object.prototype, "prototype");
    is(credential.toJSON().clientExtensionResults, results);
  };
}

rows["extensions: results are fresh each time"] = async () => {
  const credential = await answered("get", request(), results);
  const first = credential.getClientExtensionResults();
  new Uint8Array(first.prf.results.first).fill(0);
  first.prf.enabled = "changed";
  credential.toJSON().clientExtensionResults.prf.results.first = "changed";
  const second = credential.getClientExtensionResults();
  is([hex(second.prf.results.first), second.prf.enabled, credential.toJSON().clientExtensionResults.prf.results.first], ["010203", true, "AQID"]);
};

rows["extensions: booleans where an input has bytes stay booleans"] = async () => {
  is((await answered("create", creation(), { credBlob: true })).getClientExtensionResults(), { credBlob: true });
};

rows["extensions: results that cannot be decoded are the browser's own call"] = async () => {
  replaced(CredentialsContainer.prototype, "get", async () => "theirs");
  is(await answered("get", request(), { prf: { results: { first: "!" } } }), "theirs");
};
