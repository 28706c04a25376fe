// Immediate requests: by get's uiMode, and by the older mediation.
const spellings = { "uiMode: immediate": { uiMode: "immediate" }, "mediation: immediate": { mediation: "immediate" } };

for (const [spelling, member] of Object.entries(spellings)) {
  rows[`immediate: ${spelling} is served, as mediation immediate`] = async () => {
    is((await received(get, { ...request("echo"), ...member })).mediation, "immediate");
    is((await get({ ...request(), ...member })).id, CANNED);
  };

  rows[`immediate: ${spelling} with nothing held is the browser's, if that can do it`] = async () => {
    const calls = replaced(CredentialsContainer.prototype, "get", async () => 7);
    replaced(PublicKeyCredential, "getClientCapabilities", async () => ({ immediateGet: true }));
    const { next, answer } = await ownPipe();
    const { signal } = new AbortController(), options = { ...request(), ...member, signal };
    const promise = get(options);
    answer({ id: (await next("call", "get")).id, native: true });
    is(await promise, 7);
    const [{ self, args: [given] }] = calls;
    same(self, navigator.credentials, "receiver");
    is([Object.keys(given).sort(), given.uiMode], [["publicKey", "signal", "uiMode"], "immediate"]);
    same(given.publicKey, options.publicKey, "publicKey");
    same(given.signal, signal, "signal");
  };

  for (const [said, capabilities] of [["false", async () => ({ immediateGet: false })], ["nothing", async () => ({})], ["an error", () => { throw new Error(); }]]) {
    rows[`immediate: ${spelling} with nothing held, where the browser says ${said} of itself, is a NotAllowedError`] = async () => {
      const calls = replaced(CredentialsContainer.prototype, "get", async () => 7);
      replaced(PublicKeyCredential, "getClientCapabilities", capabilities);
      const { next, answer } = await ownPipe();
      const promise = get({ ...request(), ...member });
      promise.catch(() => {});
      answer({ id: (await next("call", "get")).id, native: true });
      await rejects(promise, DOMException, "NotAllowedError");
      is(calls.length, 0, "calls of the browser");
    };
  }

  rows[`immediate: ${spelling} in this browser, with nothing held, is a NotAllowedError at once`] = async () => {
    const start = performance.now();
    await rejects(get({ ...request("native"), ...member }), DOMException, "NotAllowedError");
    is(performance.now() - start < 500, true, `${performance.now() - start} ms`);
  };

  rows[`immediate: ${spelling} is aborted with the signal's reason`] = async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort("mine"), 50);
    is(await rejection(get({ ...request("pending"), ...member, signal: controller.signal })), "mine");
  };
}

rows["immediate: uiMode immediate together with a mediation of any other kind"] = async () => {
  for (const mediation of ["optional", "required", "immediate"]) {
    is((await received(get, { ...request("echo"), mediation, uiMode: "immediate" })).mediation, "immediate", mediation);
  }
  await passes(() => get({ ...request("echo"), mediation: "conditional", uiMode: "immediate", signal: abortedSoon() }));
  await passes(() => get({ ...request("echo"), mediation: "silent", uiMode: "immediate", signal: abortedSoon() }));
};

rows["immediate: uiMode is converted to a string, and no member of create's options"] = async () => {
  is((await received(get, { ...request("echo"), uiMode: { toString: () => "immediate" } })).mediation, "immediate");
  is((await received(create, { ...creation("echo"), get uiMode() { throw new Error("read"); } })).mediation, "optional");
};
