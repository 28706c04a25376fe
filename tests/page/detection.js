// Feature detection, and the conversions from JSON.
const ANSWERS = ["getClientCapabilities", "isConditionalMediationAvailable", "isUserVerifyingPlatformAuthenticatorAvailable"];
const PARSERS = ["parseCreationOptionsFromJSON", "parseRequestOptionsFromJSON"];
const SIGNALS = ["signalAllAcceptedCredentials", "signalCurrentUserDetails", "signalUnknownCredential"];

// A browser that says this of itself.
const saying = (all) => {
  replaced(PublicKeyCredential, "getClientCapabilities", async () => ({ ...all }));
  replaced(PublicKeyCredential, "isConditionalMediationAvailable", async () => all.conditionalGet);
  replaced(PublicKeyCredential, "isUserVerifyingPlatformAuthenticatorAvailable", async () => all.userVerifyingPlatformAuthenticator);
};
const NOTHING = { conditionalGet: false, userVerifyingPlatformAuthenticator: false };
const asked = (names = ANSWERS) => Promise.all(names.map((name) => PublicKeyCredential[name]()));

for (const name of [...ANSWERS, ...PARSERS, ...SIGNALS]) {
  const length = ANSWERS.includes(name) ? 0 : 1;
  rows[`detection: ${name} looks as WebIDL has it`] = async () => {
    const { value, ...flags } = Object.getOwnPropertyDescriptor(PublicKeyCredential, name);
    is(flags, { writable: true, enumerable: true, configurable: true }, "descriptor");
    is(functionShape(value), { ...functionShape(CredentialsContainer.prototype.store), length, name }, "function");
    const native = value[Symbol.for("keystow")];
    is(Object.hasOwn(value, Symbol.for("keystow")), true, "wrapped");
    if (native) is([native.name, native.length], [name, length], "the native function");
    else is([SIGNALS.includes(name), navigator.userAgent.includes("Firefox")], [true, true], "no native function");
    is(PublicKeyCredential.propertyIsEnumerable(name), true);
  };
}

rows["detection: what the background has is there beside what the browser has"] = async () => {
  const native = await PublicKeyCredential.getClientCapabilities[Symbol.for("keystow")].call();
  const all = await PublicKeyCredential.getClientCapabilities();
  is(all, Object.fromEntries(Object.entries({ ...native, conditionalGet: true, "extension:keystow": true, immediateGet: true }).sort(([a], [b]) => (a < b ? -1 : 1))));
  is(await PublicKeyCredential.isConditionalMediationAvailable(), true);
};

rows["detection: one call asks content.js, and nothing more"] = async () => {
  saying(NOTHING);
  const { next, answer, messages } = await ownPipe();
  for (const name of ANSWERS) {
    const promise = PublicKeyCredential[name]();
    same(Object.getPrototypeOf(promise), Promise.prototype, "promise");
    const message = await next("call", "capabilities");
    is(message, { id: message.id, call: "capabilities" });
    answer({ id: message.id, capabilities: {} });
    await promise;
  }
  is(messages.length, 3);
};

rows["detection: a thing is available where Keystow or the browser has it"] = async () => {
  const cases = [[false, false], [false, true], [true, false], [true, true]];
  for (const [theirs, ours] of cases) {
    saying({ conditionalGet: theirs, userVerifyingPlatformAuthenticator: theirs });
    const { next, answer } = await ownPipe();
    const promise = asked();
    for (let i = 0; i < 3; i++) answer({ id: (await next("call")).id, capabilities: { conditionalGet: ours, userVerifyingPlatformAuthenticator: ours } });
    const [all, ...single] = await promise;
    is([all, ...single], [{ conditionalGet: theirs || ours, userVerifyingPlatformAuthenticator: theirs || ours }, theirs || ours, theirs || ours], `${theirs} ${ours}`);
  }
};

rows["detection: capabilities are both's keys, sorted, the browser's own kept"] = async () => {
  saying({ zebra: false, conditionalGet: true, "extension:prf": false, hybridTransport: false, "extension:appid": true });
  const { next, answer } = await ownPipe();
  const promise = PublicKeyCredential.getClientCapabilities();
  answer({ id: (await next("call")).id, capabilities: { signalUnknownCredential: true, "extension:prf": true, "extension:largeBlob": true, conditionalGet: false, immediateGet: true } });
  const all = await promise;
  is(JSON.stringify(all), JSON.stringify({
    conditionalGet: true, "extension:appid": true, "extension:largeBlob": true, "extension:prf": true, hybridTransport: false, immediateGet: true,
    signalUnknownCredential: true, zebra: false,
  }));
  same(Object.getPrototypeOf(all), Object.prototype, "prototype");
};

for (const how of ["native", "gone", "silence"]) {
  rows[`detection: after ${how} the browser's own answers`] = async () => {
    saying({ mine: true, ...NOTHING });
    const { next, answer } = await ownPipe();
    const promise = asked(), start = performance.now();
    for (let i = 0; i < 3; i++) {
      const { id } = await next("call", "capabilities");
      if (how !== "silence") answer({ id, [how]: true });
    }
    is(await promise, [{ mine: true, ...NOTHING }, false, false]);
    const time = performance.now() - start;
    is(how === "silence" ? time > 900 && time < 1600 : time < 800, true, `${time} ms`);
    const again = performance.now();
    if (how !== "native") is([await asked(), performance.now() - again < 300], [[{ mine: true, ...NOTHING }, false, false], true]);
  };
}

rows["detection: what the browser's own function rejects with is the page's"] = async () => {
  const error = { mine: true };
  for (const name of ANSWERS) replaced(PublicKeyCredential, name, () => Promise.reject(error));
  const { next, answer } = await ownPipe();
  for (const name of ANSWERS) {
    const promise = PublicKeyCredential[name]();
    promise.catch(() => {});
    answer({ id: (await next("call")).id, capabilities: {} });
    same(await rejection(promise), error, name);
  }
};

rows["detection: the methods are static: any receiver will do"] = async () => {
  const { next, answer } = await ownPipe();
  for (const name of ANSWERS) {
    for (const receiver of [undefined, null, 7, {}]) {
      const promise = PublicKeyCredential[name].call(receiver);
      answer({ id: (await next("call")).id, capabilities: { conditionalGet: true, userVerifyingPlatformAuthenticator: true } });
      is([(await promise) && true], [true], name);
    }
  }
};

rows["detection: in a detached document the browser answers"] = async () => {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const { PublicKeyCredential: Inner } = frame.contentWindow;
  frame.remove();
  // Not isConditionalMediationAvailable: Chromium itself crashes there.
  for (const name of ["getClientCapabilities", "isUserVerifyingPlatformAuthenticatorAvailable"]) {
    const native = await outcome(Inner[name][Symbol.for("keystow")].call(Inner));
    is(String((await outcome(Inner[name]())).error), String(native.error), name);
  }
};

rows["detection: what cannot be decoded is the browser's answer"] = async () => {
  saying(NOTHING);
  const { next, answer } = await ownPipe();
  const promise = PublicKeyCredential.isConditionalMediationAvailable();
  answer({ id: (await next("call")).id, capabilities: 7 });
  is(await promise, false);
};

const creationJSON = (extensions) => ({
  challenge: "AQID", rp: { name: "n" }, user: { id: "AQ", name: "n", displayName: "d" }, pubKeyCredParams: [{ type: "public-key", alg: -7 }], extensions,
});
const requestJSON = (extensions) => ({ challenge: "AQID", extensions });
const PARSED = [["parseCreationOptionsFromJSON", creationJSON], ["parseRequestOptionsFromJSON", requestJSON]];
const inputsJSON = () => ({
  appid: "https://example.com/a", appidExclude: "https://example.com/b", credBlob: "-v8", credProps: 1, credentialProtectionPolicy: "userVerificationRequired",
  enforceCredentialProtectionPolicy: 1, getCredBlob: 1, largeBlob: { support: "preferred", read: 1, write: "AQ" }, minPinLength: 1,
  prf: { eval: { first: "AQ", second: "Ag" }, evalByCredential: { AQ: { first: "Aw" } } },
});
// An object with its ArrayBuffers written out.
const shown = (value) =>
  value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? `bytes ${hex(value.buffer ?? value)}`
    : Array.isArray(value) ? value.map(shown)
      : typeof value === "object" && value ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, shown(value[key])])) : value;

for (const [name, json] of PARSED) {
  rows[`detection: ${name} converts every extension that Keystow knows`] = async () => {
    const { extensions } = PublicKeyCredential[name](json(inputsJSON()));
    is(shown(extensions), {
      appid: "https://example.com/a", appidExclude: "https://example.com/b", credBlob: "bytes faff", credProps: true,
      credentialProtectionPolicy: "userVerificationRequired", enforceCredentialProtectionPolicy: true, getCredBlob: true,
      largeBlob: { read: true, support: "preferred", write: "bytes 01" }, minPinLength: true,
      prf: { eval: { first: "bytes 01", second: "bytes 02" }, evalByCredential: { AQ: { first: "bytes 03" } } },
    });
    same(Object.getPrototypeOf(extensions), Object.prototype, "prototype");
    is(Object.getOwnPropertyDescriptor(extensions, "credBlob").value instanceof ArrayBuffer, true, "credBlob");
  };

  rows[`detection: ${name} is otherwise the browser's own, conversions and errors`] = async () => {
    const native = PublicKeyCredential[name][Symbol.for("keystow")];
    const known = { credProps: true, prf: { eval: { first: "AQ" } } };
    for (const options of [json(undefined), json({}), json(known), json({ unknown: 1, payment: { isPayment: true } })]) {
      is(shown(PublicKeyCredential[name](options)), shown(native.call(PublicKeyCredential, options)));
      is(shown(PublicKeyCredential[name].call(7, options)), shown(native.call(7, options)));
    }
    for (const args of [[], [null], [7], [{}], [json({ prf: { eval: {} } })], [json({ prf: { eval: { first: "!" } } })], [{ ...json(), challenge: "!" }]]) {
      const failure = (parse) => {
        try {
          return parse.apply(PublicKeyCredential, args), "none";
        } catch (error) {
          return `${error.name} ${error.message} ${Object.getPrototypeOf(error) === DOMException.prototype}`;
        }
      };
      is(failure(PublicKeyCredential[name]), failure(native));
      is(failure(native) === "none", false);
    }
  };

  rows[`detection: ${name} refuses bad base64url with an EncodingError`] = async () => {
    for (const credBlob of ["!", "A", "AQ==", " AQ", "A Q", "+/", "AAAAA", "\u{1F511}"]) {
      let error;
      try {
        PublicKeyCredential[name](json({ credBlob }));
      } catch (thrown) {
        error = thrown;
      }
      is([error?.name, error && Object.getPrototypeOf(error) === DOMException.prototype], ["EncodingError", true], credBlob);
    }
    for (const [credBlob, bytes] of [["", ""], ["AQ", "01"], ["-_8", "fbff"]]) {
      is(hex(PublicKeyCredential[name](json({ credBlob })).extensions.credBlob), bytes, credBlob);
    }
  };
}

rows["detection: what a parser makes can be used for a call"] = async () => {
  const made = PublicKeyCredential.parseRequestOptionsFromJSON({ ...requestJSON(inputsJSON()), hints: ["echo"] });
  const { options } = await received(get, { publicKey: made });
  const expected = { ...inputsJSON(), credProps: true, enforceCredentialProtectionPolicy: true, getCredBlob: true, minPinLength: true };
  expected.largeBlob.read = true;
  is(shown(options.extensions), shown(expected));
};

rows["detection: all of it is patched or none, and what is locked is told"] = async () => {
  const before = Object.fromEntries([...ANSWERS, ...PARSERS, ...SIGNALS].map((name) => [name, PublicKeyCredential[name]]));
  Object.defineProperty(PublicKeyCredential, "parseRequestOptionsFromJSON", { configurable: false, writable: false });
  const { next } = await ownPipe();
  is(await next("locked"), { locked: ["parseRequestOptionsFromJSON"] });
  for (const name in before) same(PublicKeyCredential[name], before[name], name);
  is(Object.hasOwn(CredentialsContainer.prototype.get, Symbol.for("keystow")), true, "get is wrapped");
};

rows["detection: where a signal method is missing and none can be added, none of it is patched"] = async () => {
  delete PublicKeyCredential.signalUnknownCredential;
  const before = PublicKeyCredential.getClientCapabilities;
  Object.preventExtensions(PublicKeyCredential);
  const { next } = await ownPipe();
  is(await next("locked"), { locked: ["signalUnknownCredential"] });
  same(PublicKeyCredential.getClientCapabilities, before);
};
