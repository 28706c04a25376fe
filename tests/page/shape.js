// What a page sees of the API before it calls it, beside a frame where it is native (no content script: none exists; so
// the native functions are compared with their neighbours on the same prototype).
const functionShape = (value) => ({
  length: value.length,
  name: value.name,
  keys: Object.getOwnPropertyNames(value).sort(),
  isConstructor: (() => {
    try {
      Reflect.construct(Object, [], value);
      return true;
    } catch {
      return false;
    }
  })(),
  prototype: Object.getPrototypeOf(value) === Function.prototype,
});

for (const name of ["create", "get"]) {
  rows[`shape: ${name} looks like its native neighbour store`] = async () => {
    const { value, ...flags } = Object.getOwnPropertyDescriptor(CredentialsContainer.prototype, name);
    const { value: store, ...nativeFlags } = Object.getOwnPropertyDescriptor(CredentialsContainer.prototype, "store");
    is(flags, nativeFlags, "descriptor");
    is(functionShape(value), { ...functionShape(store), length: 0, name }, "function");
  };
  rows[`shape: ${name} is wrapped, and keeps the native function under its symbol`] = async () => {
    const wrapper = CredentialsContainer.prototype[name];
    const native = wrapper[Symbol.for("keystow")];
    is(Function.prototype.toString.call(native).includes("[native code]"), true);
    is(Function.prototype.toString.call(wrapper).includes("[native code]"), false);
    is([native.name, native.length], [name, 0]);
    is(Object.getOwnPropertyDescriptor(wrapper, Symbol.for("keystow")).enumerable, false, "enumerable");
  };
  rows[`shape: ${name} with a foreign receiver is refused by the native function`] = async () => {
    const wrapper = CredentialsContainer.prototype[name];
    const native = wrapper[Symbol.for("keystow")];
    for (const receiver of [undefined, null, {}, 7, window, Object.create(navigator.credentials)]) {
      const error = await rejects(wrapper.call(receiver, creation()), TypeError);
      const expected = await rejects(native.call(receiver, creation()), TypeError);
      is(error.message, expected.message, "message");
    }
  };
}

rows["shape: nothing else on navigator.credentials is touched"] = async () => {
  is(Object.getOwnPropertyNames(navigator.credentials), []);
  for (const name of ["store", "preventSilentAccess"]) {
    is(Function.prototype.toString.call(CredentialsContainer.prototype[name]).includes("[native code]"), true, name);
  }
};

rows["shape: a page whose calls are none of Keystow's keeps its native interfaces"] = async () => {
  await rejects(create(), DOMException, "NotSupportedError");
  await rejects(get({ mediation: "silent", publicKey: {} }), TypeError);
  const { get: id } = Object.getOwnPropertyDescriptor(Credential.prototype, "id");
  is(Function.prototype.toString.call(id).includes("[native code]"), true);
};
