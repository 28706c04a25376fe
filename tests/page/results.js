// Keystow's objects beside native ones, member by member, in the same browser.
const tag = (value) => Object.prototype.toString.call(value);

// All that a page can find out about an object without looking at the bytes in it.
function portrait(object) {
  const members = {};
  for (let prototype = Object.getPrototypeOf(object); prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype)) {
    for (const name of Reflect.ownKeys(prototype)) {
      if (name === "constructor" || name === Symbol.toStringTag) continue;
      const { get, value, set, ...flags } = Object.getOwnPropertyDescriptor(prototype, name);
      const read = () => (get ? object[name] : object[name]());
      members[name] = {
        ...flags, setter: typeof set, kind: get ? "attribute" : "method", name: (get ?? value).name, length: (get ?? value).length,
        owner: prototype.constructor.name, tag: tag(read()), hasPrototype: "prototype" in (get ?? value),
        // Native methods that return bytes differ here: a fresh copy in Firefox (and from Keystow), the same in Chromium.
        sameEachTime: !/^get(AuthenticatorData|PublicKey)$/.test(name) && read() === read(),
      };
    }
  }
  const failure = (action) => {
    try {
      return action(), "none";
    } catch (error) {
      return `${error.name} ${Object.getPrototypeOf(error) === DOMException.prototype ? "DOMException" : ""}`;
    }
  };
  const forIn = [];
  for (const name in object) forIn.push(name);
  return {
    tag: tag(object), text: String(object), constructor: object.constructor.name, members, forIn,
    ownKeys: Reflect.ownKeys(object).map(String), isExtensible: Object.isExtensible(object),
    assignment: failure(() => { "use strict"; object.id = 1; object.clientDataJSON = 1; }),
    clone: failure(() => structuredClone(object)),
    chain: [PublicKeyCredential, Credential, AuthenticatorResponse, AuthenticatorAttestationResponse, AuthenticatorAssertionResponse]
      .filter((constructor) => object instanceof constructor).map(({ name }) => name),
  };
}

// The names in a toJSON result, in their order, with the types of the values.
const outline = (value) =>
  typeof value !== "object" || value === null ? typeof value
    : Array.isArray(value) ? "array" : Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, outline(inner)]));

function compare(ours, native) {
  for (const pick of [(credential) => credential, ({ response }) => response]) {
    const [mine, theirs] = [portrait(pick(ours)), portrait(pick(native))];
    for (const name in theirs.members) is(mine.members[name], theirs.members[name], name);
    is(mine, theirs, "portrait");
  }
  is(outline(ours.toJSON()), outline(native.toJSON()), "toJSON");
  is(JSON.stringify(Object.keys(ours.getClientExtensionResults())), JSON.stringify(Object.keys(native.getClientExtensionResults())));
}

rows["results: a registration is like the browser's own, member by member"] = async () => {
  const untouched = navigator.credentials.create[Symbol.for("keystow")];
  const native = await untouched.call(navigator.credentials, creation("native", { extensions: { credProps: true } }));
  const before = portrait(native);
  const ours = await create(creation("credential", { extensions: { credProps: true } }));
  is(ours.id, CANNED);
  is(native.id === CANNED, false);
  compare(ours, native);
  is(portrait(native), before, "the native object after the patch");
};

rows["results: an assertion is like the browser's own, member by member"] = async () => {
  const registered = await create(creation("native"));
  const allow = { allowCredentials: [{ type: "public-key", id: registered.rawId }] };
  const native = await get(request("native", allow));
  const ours = await get(request("credential", allow));
  is([ours.id, native.id], [CANNED, registered.id]);
  compare(ours, native);
};

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const parsed = (buffer) => JSON.parse(new TextDecoder().decode(buffer));

rows["results: the values of a registration"] = async () => {
  const { id, rawId, type, authenticatorAttachment, response, ...rest } = await create(creation());
  is([id, hex(rawId), type, authenticatorAttachment, rest], [CANNED, "6b657973746f77", "public-key", "platform", {}]);
  is(parsed(response.clientDataJSON).type, "webauthn.create");
  is(hex(response.attestationObject), "a363666d74646e6f6e65");
  is([hex(response.getAuthenticatorData()), hex(response.getPublicKey()), response.getPublicKeyAlgorithm()], ["00010203", "305930130607", -7]);
  is(response.getTransports(), ["hybrid", "internal"]);
};

rows["results: the values of an assertion"] = async () => {
  const { id, rawId, response, getClientExtensionResults } = await get(request());
  is([id, hex(rawId)], [CANNED, "6b657973746f77"]);
  is([hex(response.authenticatorData), hex(response.signature), hex(response.userHandle)], ["04050607", "30450221", "75736572"]);
  is(parsed(response.clientDataJSON).type, "webauthn.get");
  is(typeof getClientExtensionResults, "function");
};

rows["results: no user handle and no attachment are null"] = async () => {
  const credential = await get(request("no handle"));
  is([credential.response.userHandle, credential.authenticatorAttachment], [null, null]);
  is(outline(credential.toJSON()), {
    clientExtensionResults: {}, id: "string", rawId: "string",
    response: { authenticatorData: "string", clientDataJSON: "string", signature: "string" }, type: "string",
  });
};

rows["results: toJSON and extension results are fresh each time"] = async () => {
  const credential = await create(creation());
  credential.toJSON().id = "changed";
  credential.getClientExtensionResults().credProps.rk = "changed";
  credential.response.getTransports().push("changed");
  new Uint8Array(credential.response.getPublicKey()).fill(0);
  is(credential.toJSON().id, CANNED);
  is(credential.getClientExtensionResults(), { credProps: { rk: true } });
  is(credential.response.getTransports().length, 2);
  is(hex(credential.response.getPublicKey()), "305930130607");
};

rows["results: patched members refuse foreign receivers as native ones do"] = async () => {
  const ours = await create(creation());
  const { get: id } = Object.getOwnPropertyDescriptor(Credential.prototype, "id");
  for (const receiver of [{}, null, 7, ours.response, Object.create(ours)]) {
    let error;
    try {
      id.call(receiver);
    } catch (thrown) {
      error = thrown;
    }
    is(error?.constructor?.name, "TypeError", String(receiver));
  }
};

rows["results: errors are DOMExceptions of the page's realm, TypeErrors are TypeErrors"] = async () => {
  const error = await rejects(create(creation("InvalidStateError")), DOMException, "InvalidStateError");
  is([error.message, error.code, error.constructor === DOMException], ["Already registered.", 11, true]);
  is((await rejects(create(creation("TypeError")), TypeError)).message, "Bad.");
};

rows["results: a second run of page.js replaces, keeps old objects alive, and does not stack"] = async () => {
  const first = await create(creation());
  const native = CredentialsContainer.prototype.create[Symbol.for("keystow")];
  const getter = Object.getOwnPropertyDescriptor(Credential.prototype, "id").get;
  const { messages, answer } = await ownPipe();
  same(CredentialsContainer.prototype.create[Symbol.for("keystow")], native, "the native function");
  const pending = create(creation());
  await sleep(100);
  is(messages.map(({ call }) => call), ["create"]);
  answer({ id: messages[0].id, credential: first.toJSON() });
  const second = await pending;
  same(Object.getOwnPropertyDescriptor(Credential.prototype, "id").get, getter, "the getter");
  is([first.id, second.id, hex(second.rawId)], [CANNED, CANNED, hex(first.rawId)]);
};
