// signalUnknownCredential, signalAllAcceptedCredentials and signalCurrentUserDetails: L3 section 5.1.10.
const signalled = {
  signalUnknownCredential: { credentialId: "AQ", rpId: "localhost" },
  signalAllAcceptedCredentials: { allAcceptedCredentialIds: ["AQ", "-_8"], rpId: "localhost", userId: "Ag" },
  signalCurrentUserDetails: { displayName: "d", name: "n", rpId: "localhost", userId: "Ag" },
};
const encodedMembers = { signalUnknownCredential: ["credentialId"], signalAllAcceptedCredentials: ["userId", "allAcceptedCredentialIds"], signalCurrentUserDetails: ["userId"] };
// What a call rejects with; that it was thrown instead is another outcome.
const refusal = (name, ...args) => {
  const promise = PublicKeyCredential[name](...args);
  is(promise instanceof Promise, true, "promise");
  return rejects(promise, TypeError);
};

for (const [name, options] of Object.entries(signalled)) {
  rows[`signals: ${name} tells content.js what the page gave, converted`] = async () => {
    replaced(PublicKeyCredential, name, async () => undefined);
    const { next, answer } = await ownPipe();
    const promise = PublicKeyCredential[name](options);
    const message = await next("call", name);
    is(message, { id: message.id, call: name, options });
    is(await outcome(promise), {}, "before the answer");
    answer({ id: message.id, done: true });
    is(Object.keys(await outcome(promise)), ["value"]);
  };

  rows[`signals: ${name} then calls the browser's own, whose promise is the result`] = async () => {
    const error = {}, calls = replaced(PublicKeyCredential, name, () => Promise.reject(error));
    const { next, answer } = await ownPipe();
    const promise = PublicKeyCredential[name].call(7, options, "more");
    promise.catch(() => {});
    const { id } = await next("call", name);
    is(calls.length, 0, "calls before Keystow is done");
    answer({ id, done: true });
    same(await rejection(promise), error);
    is([calls.length, calls[0].args.length], [1, 2]);
    same(calls[0].args[0], options, "options");
  };

  rows[`signals: ${name} resolves with undefined where the browser has none`] = async () => {
    delete PublicKeyCredential[name];
    const { next, answer } = await ownPipe();
    const { value, ...flags } = Object.getOwnPropertyDescriptor(PublicKeyCredential, name);
    is([flags, value.name, value.length], [{ writable: true, enumerable: true, configurable: true }, name, 1]);
    for (const reply of [{ done: true }, { native: true }]) {
      const promise = PublicKeyCredential[name](options);
      answer({ id: (await next("call", name)).id, ...reply });
      same(await promise, undefined);
    }
    const promise = PublicKeyCredential[name](options);
    answer({ id: (await next("call", name)).id, gone: true });
    same(await promise, undefined);
    await refusal(name, {});
    same(await PublicKeyCredential[name](options), undefined);
  };

  rows[`signals: ${name} after a native reply is the browser's own`] = async () => {
    const calls = replaced(PublicKeyCredential, name, async () => "theirs");
    const { next, answer } = await ownPipe();
    const promise = PublicKeyCredential[name](options);
    answer({ id: (await next("call", name)).id, native: true });
    is([await promise, calls.length], ["theirs", 1]);
  };

  rows[`signals: ${name} rejects with Keystow's error, and the browser is not called`] = async () => {
    const calls = replaced(PublicKeyCredential, name, async () => undefined);
    const { next, answer } = await ownPipe();
    const promise = PublicKeyCredential[name]({ ...options, rpId: "example.com" });
    promise.catch(() => {});
    answer({ id: (await next("call", name)).id, error: { name: "SecurityError", message: "Not yours." } });
    await rejects(promise, DOMException, "SecurityError");
    is(calls.length, 0, "calls");
  };

  rows[`signals: ${name} reads its members once each, in WebIDL's order`] = async () => {
    replaced(PublicKeyCredential, name, async () => undefined);
    const { next, answer } = await ownPipe();
    const reads = [];
    const promise = PublicKeyCredential[name](new Proxy(options, { get: (target, member) => (reads.push(member), target[member]) }));
    answer({ id: (await next("call", name)).id, done: true });
    await promise;
    is(reads, Object.keys(options).sort());
  };

  rows[`signals: ${name} rejects a missing argument, no dictionary, and each missing member, with a TypeError`] = async () => {
    const { messages } = await ownPipe();
    for (const args of [[], [undefined], [null], [7], ["text"], [{}]]) await refusal(name, ...args);
    for (const member of Object.keys(options)) await refusal(name, { ...options, [member]: undefined });
    for (const member of Object.keys(options)) await refusal(name, { ...options, [member]: Symbol() });
    is(messages, []);
  };

  rows[`signals: ${name} rejects what is not base64url with a TypeError, after all conversions`] = async () => {
    const { messages } = await ownPipe();
    for (const member of encodedMembers[name]) {
      for (const text of ["!", "A", "AQ==", " AQ", "AQ\n", "+/", "AAAAA"]) await refusal(name, { ...options, [member]: Array.isArray(options[member]) ? ["AQ", text] : text });
    }
    const thrown = {};
    same(await rejection(PublicKeyCredential[name]({ ...options, [encodedMembers[name][0]]: "!", get rpId() { throw thrown; } })), thrown);
    is(messages, []);
  };

  rows[`signals: ${name} takes an empty ID, and texts of any kind`] = async () => {
    replaced(PublicKeyCredential, name, async () => undefined);
    const { next, answer } = await ownPipe();
    const given = { ...options, rpId: 7 };
    for (const member of encodedMembers[name]) given[member] = Array.isArray(options[member]) ? [""] : "";
    if ("name" in given) [given.name, given.displayName] = ["\u0000\"\\\u2028\u{1F511}", null];
    const promise = PublicKeyCredential[name](given);
    const { id, options: seen } = await next("call", name);
    is(seen, { ...given, rpId: "7", ...("name" in given ? { displayName: "null" } : {}) });
    answer({ id, done: true });
    await promise;
  };

  rows[`signals: ${name} without a sign of life is the browser's own within the second`] = async () => {
    replaced(PublicKeyCredential, name, async () => "theirs");
    await ownPipe();
    const { result, time } = await timed(PublicKeyCredential[name](options));
    is([result, time > 900 && time < 1600], ["theirs", true], `${time} ms`);
  };
}

rows["signals: the background is told, and its refusal is the page's"] = async () => {
  for (const [name, options] of Object.entries(signalled)) {
    same(await PublicKeyCredential[name](options), undefined, name);
    await rejects(PublicKeyCredential[name]({ ...options, rpId: "example.com" }), DOMException, "SecurityError");
    is((await log()).filter(({ script }) => script === name).length, 2, name);
  }
};

rows["signals: in a detached document the browser answers, if it can"] = async () => {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const { PublicKeyCredential: Inner } = frame.contentWindow;
  frame.remove();
  for (const [name, options] of Object.entries(signalled)) {
    const native = Inner[name][Symbol.for("keystow")];
    const theirs = native ? await outcome(native.call(Inner, options)) : { value: undefined };
    is(String((await outcome(Inner[name](options))).error), String(theirs.error), name);
  }
};

rows["signals: any iterable of credential IDs will do, and only an object"] = async () => {
  const name = "signalAllAcceptedCredentials";
  replaced(PublicKeyCredential, name, async () => undefined);
  const { next, answer } = await ownPipe();
  const promise = PublicKeyCredential[name]({ ...signalled[name], allAcceptedCredentialIds: new Set(["AQ", "Ag"]) });
  const { id, options } = await next("call", name);
  is(options.allAcceptedCredentialIds, ["AQ", "Ag"]);
  answer({ id, done: true });
  await promise;
  for (const allAcceptedCredentialIds of ["AQ", null, {}, 7]) await refusal(name, { ...signalled[name], allAcceptedCredentialIds });
};

rows["signals: the browser's own conversions agree"] = async () => {
  for (const [name, options] of Object.entries(signalled)) {
    const native = PublicKeyCredential[name][Symbol.for("keystow")];
    if (!native) continue;
    const { next, answer } = await ownPipe();
    for (const member of encodedMembers[name]) {
      for (const text of ["", "AQ", "AR", "!", "A", "AQ==", " AQ", "+/"]) {
        const given = { ...options, [member]: Array.isArray(options[member]) ? [text] : text };
        const theirs = await outcome(native.call(PublicKeyCredential, given));
        const promise = PublicKeyCredential[name](given);
        if (!theirs.error) answer({ id: (await next("call", name)).id, done: true });
        is(String((await outcome(promise)).error?.name), String(theirs.error?.name), `${name} ${member} "${text}"`);
      }
    }
  }
};
