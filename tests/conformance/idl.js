// WebIDL: what the methods are as JavaScript objects, and how the options are converted.
{
  const methods = ["create", "get"];
  const describe = (name) => Object.getOwnPropertyDescriptor(CredentialsContainer.prototype, name);
  const both = async (check) => { for (const name of methods) await check(name); };
  const valid = { create: creation, get: request };
  const call = (name, options) => navigator.credentials[name](options);

  row("WebIDL", "the methods are writable, enumerable, configurable properties of the prototype", () => both((name) => {
    const { value, writable, enumerable, configurable } = describe(name);
    is([typeof value, writable, enumerable, configurable], ["function", true, true, true], name);
    ok(!Object.hasOwn(navigator.credentials, name), `${name} is an own property of navigator.credentials`);
  }));
  row("WebIDL", "the methods have the name and the length 0 of the interface", () => both((name) => {
    is([describe(name).value.name, describe(name).value.length], [name, 0], name);
  }));
  row("WebIDL", "the methods are no constructors and have no prototype", () => both((name) => {
    ok(!Object.hasOwn(describe(name).value, "prototype"), `${name} has a prototype`);
    let constructed = true;
    try { new (describe(name).value)(); } catch { constructed = false; }
    ok(!constructed, `${name} is a constructor`);
  }));
  row("WebIDL", "the methods have no own property but name and length", () => both((name) => {
    is(Reflect.ownKeys(describe(name).value).map(String).sort(), ["length", "name"], name);
  }));
  row("WebIDL", "Function.prototype.toString shows native code", () => both((name) => {
    ok(/\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(describe(name).value)), `${name} shows its source`);
  }));
  row("WebIDL", "navigator.credentials is the same object each time, and its class is CredentialsContainer", () => {
    same(navigator.credentials, navigator.credentials);
    is(Object.prototype.toString.call(navigator.credentials), "[object CredentialsContainer]");
    same(Object.getPrototypeOf(navigator.credentials), CredentialsContainer.prototype);
  });
  row("WebIDL", "a foreign receiver is refused by a rejected promise", () => both(async (name) => {
    for (const receiver of [{}, null, undefined, CredentialsContainer.prototype]) {
      const promise = describe(name).value.call(receiver, { publicKey: valid[name]() });
      ok(promise instanceof Promise, "it threw instead of rejecting");
      await rejects(promise, "TypeError");
    }
  }));
  row("WebIDL", "a call without options is NotSupportedError or TypeError, never a window", () => both(async (name) => {
    for (const options of [undefined, {}]) {
      const error = await navigator.credentials[name](options).then(() => null, (reason) => reason);
      ok(["NotSupportedError", "TypeError", undefined].includes(error?.name), `${name} gives ${error?.name}`);
    }
  }));
  row("WebIDL", "options that are no object, and publicKey that is none, are TypeError", () => both(async (name) => {
    for (const options of [1, "x", true, { publicKey: 1 }, { publicKey: "x" }]) await rejects(call(name, options), "TypeError");
  }));
  row("WebIDL", "publicKey: null lacks the required members: TypeError", () => both((name) => rejects(call(name, { publicKey: null }), "TypeError")));
  for (const member of ["challenge", "rp", "user", "pubKeyCredParams"]) {
    row("WebIDL", `create without ${member} is TypeError`, () => rejects(create({ ...creation(), [member]: undefined }), "TypeError"));
  }
  row("WebIDL", "rp without name, user without id, name or displayName are TypeError", async () => {
    await rejects(create(creation({ rp: { id: host } })), "TypeError");
    for (const member of ["id", "name", "displayName"]) {
      await rejects(create(creation({ user: { ...creation().user, [member]: undefined } })), "TypeError");
    }
  });
  row("WebIDL", "an algorithm without alg or type, a descriptor without id or type are TypeError", async () => {
    for (const parameter of [{ type: "public-key" }, { alg: -7 }]) await rejects(create(creation({ pubKeyCredParams: [parameter] })), "TypeError");
    for (const descriptor of [{ type: "public-key" }, { id: random(4) }]) {
      await rejects(create(creation({ excludeCredentials: [descriptor] })), "TypeError");
      await rejects(get(request({ allowCredentials: [descriptor] })), "TypeError");
    }
  });
  row("WebIDL", "get without challenge is TypeError", () => rejects(get({}), "TypeError"));
  row("WebIDL", "a challenge that is no buffer is TypeError", () => both(async (name) => {
    for (const challenge of ["text", 7, [1, 2, 3], {}, null]) await rejects(call(name, { publicKey: { ...valid[name](), challenge } }), "TypeError");
  }));
  row("WebIDL", "shared and resizable buffers are TypeError", () => both(async (name) => {
    const resizable = new ArrayBuffer(8, { maxByteLength: 16 });
    await rejects(call(name, { publicKey: { ...valid[name](), challenge: resizable } }), "TypeError");
    await rejects(call(name, { publicKey: { ...valid[name](), challenge: new Uint8Array(resizable) } }), "TypeError");
    const shared = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer;
    await rejects(call(name, { publicKey: { ...valid[name](), challenge: shared } }), "TypeError");
  }));
  row("WebIDL", "lists that are no sequences are TypeError", async () => {
    await rejects(create(creation({ pubKeyCredParams: {} })), "TypeError");
    await rejects(create(creation({ excludeCredentials: 1 })), "TypeError");
    await rejects(get(request({ allowCredentials: "x" })), "TypeError");
  });
  row("WebIDL", "a mediation that is no CredentialMediationRequirement is TypeError", () => both((name) =>
    rejects(call(name, { publicKey: valid[name](), mediation: "sometimes" }), "TypeError")));
  row("WebIDL", "a signal that is no AbortSignal is TypeError", () => both((name) =>
    rejects(call(name, { publicKey: valid[name](), signal: {} }), "TypeError")));
  row("WebIDL", "errors of conversion come before an abort", () => both(async (name) => {
    const signal = AbortSignal.abort(new RangeError("mine"));
    await rejects(call(name, { publicKey: {}, signal }), "TypeError");
    await rejects(call(name, { publicKey: { ...valid[name](), challenge: 1 }, signal }), "TypeError");
  }));
  row("WebIDL", "a getter's own error is what the promise rejects with", () => both(async (name) => {
    const mine = new RangeError("mine");
    const publicKey = valid[name]();
    Object.defineProperty(publicKey, "challenge", { enumerable: true, get() { throw mine; } });
    same(await rejects(call(name, { publicKey }), "RangeError"), mine);
  }));
  row("WebIDL", "members are read once, in the order of their names", () => both(async (name) => {
    const read = [];
    const spied = (object) => new Proxy(object, { get: (target, key) => (typeof key === "string" && read.push(key), target[key]) });
    const publicKey = { ...valid[name](), challenge: 1 };
    await rejects(call(name, spied({ publicKey: spied(publicKey), signal: undefined })), "TypeError");
    ok(new Set(read).size === read.length, `read twice: ${read}`);
    const inner = read.slice(read.indexOf("publicKey") + 1);
    is(inner, [...inner].sort(), "the order");
    is(inner.at(-1), "challenge", "the last member read");
  }));
  row("WebIDL", "members are found along the prototype chain", async () => {
    class Options { get publicKey() { return Object.create(creation()); } }
    const credential = await consented(navigator.credentials.create(new Options()));
    is(credential.type, "public-key");
  });
  row("WebIDL", "an unknown string where L3 says DOMString is no error", async () => {
    const selection = { residentKey: "sometimes", userVerification: "discouraged", authenticatorAttachment: "elsewhere" };
    const credential = await consented(create(creation({ attestation: "whatever", hints: ["carrier-pigeon"], authenticatorSelection: selection })));
    is(credential.type, "public-key");
  });
  row("WebIDL", "bytes are copied at the call: what the page writes later changes nothing", async () => {
    const challenge = random(16), before = base64url(challenge);
    const promise = create(creation({ challenge }));
    challenge.fill(0);
    is(clientData(await consented(promise)).challenge, before, "the challenge");
  });
  row("WebIDL", "a view of part of a buffer stands for that part, of any element type", async () => {
    const whole = random(64);
    for (const view of [new Uint8Array(whole.buffer, 8, 16), new DataView(whole.buffer, 8, 16), new Uint32Array(whole.buffer, 8, 4), whole.buffer.slice(8, 24)]) {
      const credential = await consented(create(creation({ challenge: view })));
      is(clientData(credential).challenge, base64url(whole.slice(8, 24)), "the challenge");
    }
  });
  row("WebIDL", "user.id is 1 to 64 bytes: else TypeError", async () => {
    for (const length of [0, 65]) await rejects(create(creation({ user: { ...creation().user, id: new Uint8Array(length) } })), "TypeError");
  });
  row("WebIDL", "a call through a same-origin frame gives that frame's promises and errors", async () => {
    const frame = document.body.appendChild(document.createElement("iframe"));
    await new Promise((resolve) => { frame.onload = resolve; frame.src = "/empty.html"; });
    const other = frame.contentWindow;
    const promise = other.navigator.credentials.create({ publicKey: {} });
    ok(promise instanceof other.Promise, "the promise is of another realm");
    ok((await promise.catch((error) => error)) instanceof other.TypeError, "the error is of another realm");
  });
  row("WebIDL", "errors are DOMExceptions of the page's realm, with name and code", async () => {
    const error = await rejects(create(creation({ rp: { id: "another.test", name: "x" } })), "SecurityError");
    same(Object.getPrototypeOf(error), DOMException.prototype, "the prototype");
    is(error.code, 18, "the code");
  });
}
