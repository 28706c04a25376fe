// Other extensions that manage passkeys: wrapped once and called, never fought; what they have taken is told.
const WRAPPED = ["create", "get", "getClientCapabilities", "isConditionalMediationAvailable", "isUserVerifyingPlatformAuthenticatorAvailable",
  "parseCreationOptionsFromJSON", "parseRequestOptionsFromJSON", "signalAllAcceptedCredentials", "signalCurrentUserDetails", "signalUnknownCredential"];
const told = async ({ answer, next }) => {
  answer({ check: true });
  return (await next("locked")).locked;
};

rows["managers: where nothing is locked, nothing is told, and a check says so"] = async () => {
  const pipe = await ownPipe();
  await sleep(50);
  is(pipe.messages, []);
  is(await told(pipe), []);
};

rows["managers: one that was here before is wrapped, and is what a native reply calls"] = async () => {
  const calls = replaced(CredentialsContainer.prototype, "get", async () => "theirs");
  const { [Symbol.for("keystow")]: none, ...theirs } = CredentialsContainer.prototype.get;
  const before = CredentialsContainer.prototype.get;
  const pipe = await ownPipe();
  is([none, Object.keys(theirs)], [undefined, []]);
  same(CredentialsContainer.prototype.get[Symbol.for("keystow")], before, "what is wrapped");
  const promise = navigator.credentials.get(request(), 2);
  pipe.answer({ id: (await pipe.next("call")).id, native: true });
  is([await promise, calls[0].args.length], ["theirs", 2]);
  same(calls[0].self, navigator.credentials, "receiver");
  is(await told(pipe), []);
};

rows["managers: one that comes later and calls ours goes on working, and is told at a check"] = async () => {
  const pipe = await ownPipe();
  const ours = CredentialsContainer.prototype.get;
  replaced(CredentialsContainer.prototype, "get", function (...args) { return ours.apply(this, args); });
  const theirs = CredentialsContainer.prototype.get;
  const promise = get(request());
  pipe.answer({ id: (await pipe.next("call")).id, credential: (await canned()).toJSON() });
  is((await promise).id, CANNED);
  is([await told(pipe), await told(pipe)], [["get"], ["get"]]);
  same(CredentialsContainer.prototype.get, theirs, "never patched again");
};

rows["managers: a function on navigator.credentials itself is in front of ours, and left there"] = async () => {
  replaced(navigator.credentials, "get", async () => "theirs");
  const before = PublicKeyCredential.getClientCapabilities;
  const pipe = await ownPipe();
  is(await pipe.next("locked"), { locked: ["get"] }, "told at the start");
  await sleep(50);
  is(pipe.messages.length, 1, "told once");
  is(await get(request()), "theirs");
  same(PublicKeyCredential.getClientCapabilities, before, "feature detection");
  is(await told(pipe), ["get"], "told at a check");
  delete navigator.credentials.get;
  is(await told(pipe), [], "told when it is gone");
};

rows["managers: a locked function is told, and the other one is wrapped"] = async () => {
  const theirs = async () => "theirs";
  Object.defineProperty(CredentialsContainer.prototype, "create", { value: theirs, configurable: false, writable: false });
  const before = CredentialsContainer.prototype.get;
  const pipe = await ownPipe();
  is(await pipe.next("locked"), { locked: ["create"] });
  same(CredentialsContainer.prototype.create, theirs);
  is(CredentialsContainer.prototype.get === before, false, "get is wrapped");
};

rows["managers: a property that throws is told, and breaks nothing"] = async () => {
  Object.defineProperty(CredentialsContainer.prototype, "get", { get() { throw new Error("locked"); }, set() { throw new Error("locked"); }, configurable: false });
  const pipe = await ownPipe();
  is(await pipe.next("locked"), { locked: ["get"] });
  const promise = create(creation());
  pipe.answer({ id: (await pipe.next("call")).id, error: { name: "NotAllowedError", message: "" } });
  await rejects(promise, DOMException, "NotAllowedError");
};

rows["managers: a navigator.credentials that was replaced is told"] = async () => {
  const pipe = await ownPipe();
  const real = navigator.credentials;
  Object.defineProperty(navigator, "credentials", { value: { create() {}, get() {} }, configurable: true });
  is(await told(pipe), ["create", "get"]);
  Object.defineProperty(navigator, "credentials", { get() { throw new Error("locked"); }, configurable: true });
  is(await told(pipe), ["create", "get"], "told when it throws");
  delete navigator.credentials;
  same(navigator.credentials, real);
  is(await told(pipe), []);
};

rows["managers: behind a navigator.credentials that was replaced before, the real one is Keystow's"] = async () => {
  const real = navigator.credentials;
  Object.defineProperty(navigator, "credentials", { value: { create: (options) => real.create(options), get: (options) => real.get(options) }, configurable: true });
  const pipe = await ownPipe();
  is(await pipe.next("locked"), { locked: ["create", "get"] });
  const promise = navigator.credentials.get(request());
  pipe.answer({ id: (await pipe.next("call")).id, credential: (await canned()).toJSON() });
  is((await promise).id, CANNED);
};

rows["managers: a replaced static method is told at a check"] = async () => {
  const pipe = await ownPipe();
  replaced(PublicKeyCredential, "isConditionalMediationAvailable", async () => true);
  is(await told(pipe), ["isConditionalMediationAvailable"]);
};

rows["managers: without PublicKeyCredential, a check tells that its methods are gone"] = async () => {
  const pipe = await ownPipe();
  delete window.PublicKeyCredential;
  is(await told(pipe), WRAPPED.slice(2));
};

rows["managers: one whose function throws makes a rejected promise, not an exception"] = async () => {
  const error = {};
  replaced(CredentialsContainer.prototype, "create", () => { throw error; });
  const { next, answer } = await ownPipe();
  const promise = create(creation());
  promise.catch(() => {});
  answer({ id: (await next("call")).id, native: true });
  same(await rejection(promise), error);
};

rows["managers: a second run of page.js finds each native function again, and stacks nothing"] = async () => {
  const of = (name) => (["create", "get"].includes(name) ? CredentialsContainer.prototype : PublicKeyCredential)[name];
  const natives = WRAPPED.map((name) => of(name)[Symbol.for("keystow")]), wrappers = WRAPPED.map(of);
  await ownPipe();
  WRAPPED.forEach((name, i) => {
    same(of(name)[Symbol.for("keystow")], natives[i], name);
    is(of(name) === wrappers[i], false, name);
  });
};
