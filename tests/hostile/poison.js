// Replaces what page.js could use by something that takes notes of every MessagePort and every piece of Keystow's messages that it gets
// to see, and, where `throws`, fails. It begins when the test driver's own script is over, and all is put back when the call has ended.
// Leaves in `noted` what was seen.
window.poison = (call, publicKey, throws) => {
  setTimeout(() => poisonNow(call, publicKey, throws), 50);
};
const poisonNow = (call, publicKey, throws) => {
  const { apply, defineProperty, getOwnPropertyDescriptor: describe, ownKeys } = Reflect;
  const { includes } = String.prototype;
  const push = (list, item) => { list[list.length] = item; };
  // A descriptor that looks nothing up where the poison is.
  const plain = (descriptor) => Object.assign(Object.create(null), descriptor);
  const undo = [], noted = [];
  window.noted = noted;
  let armed = true;
  const isSecret = (value) =>
    value instanceof MessagePort || (typeof value === "string" && apply(includes, value, ['"mediation":']));
  const seen = (where, self, args) => {
    if (!armed) return;
    armed = false;
    try {
      if (isSecret(self)) push(noted, where);
      for (let i = 0; i < args.length; i += 1) if (isSecret(args[i])) push(noted, where);
    } finally {
      armed = true;
    }
    if (throws) throw new Error(`poison in ${where}`);
  };
  const wrapped = (where, native) => function (...args) {
    seen(where, this, args);
    return new.target ? Reflect.construct(native, args, new.target) : apply(native, this, args);
  };
  // WebIDL itself asks a page's arrays for these when it reads a sequence.
  const ofSequences = [Array.prototype[Symbol.iterator], Object.getPrototypeOf([][Symbol.iterator]()).next];
  const targets = {
    Object, Function, Array, String, Number, Promise, Reflect, JSON, Symbol, WeakMap, Map, Set, Uint8Array, ArrayBuffer, DataView, MessagePort, MessageEvent, MessageChannel,
    EventTarget, Event, AbortSignal, DOMException, TypeError, Error,
  };
  const owners = [];
  for (const name in targets) {
    push(owners, [name, targets[name]]);
    if (targets[name].prototype) push(owners, [`${name}.prototype`, targets[name].prototype]);
  }
  push(owners, ["TypedArray.prototype", Object.getPrototypeOf(Uint8Array.prototype)]);
  push(owners, ["ArrayIterator.prototype", Object.getPrototypeOf([][Symbol.iterator]())]);
  for (const [where, owner] of owners) {
    for (const key of ownKeys(owner)) {
      const before = plain(describe(owner, key));
      if (!before.configurable || (throws && ofSequences.includes(before.value)) || key === "constructor" || key === "prototype" || key === "name" || key === "length") continue;
      const place = `${where}.${String(key)}`, after = plain(before);
      if (typeof before.value === "function") after.value = wrapped(place, before.value);
      else if (before.get) after.get = wrapped(`${place} (get)`, before.get);
      else continue;
      push(undo, [owner, key, before]);
      push(undo, after);
    }
  }
  // Members that a message may lack are looked for here.
  const members = ["ack", "native", "error", "gone", "credential", "id", "check", "toJSON", "capabilities", "done", "set", "get", "value", "enumerable"];
  for (const member of throws ? [] : members) {
    push(undo, [Object.prototype, member, undefined]);
    push(undo, plain({ configurable: true, set() {}, get() { seen(`Object.prototype.${member}`, this, [this]); } }));
  }
  const restore = () => {
    armed = false;
    for (let i = undo.length - 2; i >= 0; i -= 2) {
      const owner = undo[i][0], key = undo[i][1], before = undo[i][2];
      if (before) defineProperty(owner, key, before);
      else delete owner[key];
    }
    window.setTimeout = setTimeout;
  };
  const { setTimeout } = window;
  const container = navigator.credentials, method = container[call];
  const options = { publicKey: PublicKeyCredential[call === "create" ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON"](publicKey) };
  let finish;
  window.settled = new Promise((resolve) => { finish = resolve; });
  for (let i = 0; i < undo.length; i += 2) defineProperty(undo[i][0], undo[i][1], undo[i + 1]);
  window.setTimeout = () => { throw new Error("poisoned timer"); };
  // Awaiting asks the page for nothing, where then() would ask for Promise[Symbol.species].
  (async () => {
    try {
      const credential = await apply(method, container, [options]);
      restore();
      finish({ credential: credential.toJSON(), took: 0, at: 0 });
    } catch (error) {
      restore();
      finish({ error: { name: error.name, message: error.message }, took: 0, at: 0 });
    }
  })();
};
