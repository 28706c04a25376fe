// The values of mediation, and uiMode.
{
  // What a conditional call gives once its offer has been taken. No test driver can take the one of a browser's own.
  const taken = async (promise) => {
    if (await person("keystow")) return within(promise, 9000, "the call did not end");
    const outcome = await Promise.race([promise, sleep(3000)]);
    if (!outcome) throw new Unmeasured("no test driver can take the offer of the browser's own");
    return outcome;
  };
  row("Mediation", "optional and required work", async () => {
    for (const mediation of ["optional", "required"]) {
      const credential = await register({}, { mediation });
      await consented(get(request({ allowCredentials: listed(credential) }), { mediation }));
    }
  });
  row("Mediation", "silent never asks anyone: null or an error, soon", async () => {
    const outcome = await within(get(request(), { mediation: "silent" }).catch((error) => error), 3000, "it asks someone");
    ok(outcome === null || ["NotAllowedError", "NotSupportedError", "TypeError"].includes(outcome.name), `it is ${outcome}`);
  });
  row("Conditional get", "with nothing held it stays pending, and shows nothing", async () => {
    await person("hold");
    const controller = new AbortController();
    const promise = get(request(), { mediation: "conditional", signal: controller.signal });
    ok(await isPending(promise, 1000), "it ended");
    ok(!(await person("is window")), "a window came up");
    controller.abort();
    await rejects(promise, "AbortError");
  });
  row("Conditional get", "with a passkey held it stays pending until the user acts", async () => {
    await register();
    await person("hold");
    const controller = new AbortController();
    const promise = get(request(), { mediation: "conditional", signal: controller.signal });
    ok(await isPending(promise, 1000), "it ended");
    controller.abort();
    await rejects(promise, "AbortError");
  });
  row("Conditional get", "the user takes the field's offer: signed in", async () => {
    const credential = await register();
    await person("hold beside");
    const promise = get(request(), { mediation: "conditional" });
    promise.catch(() => {});
    await person("sign in");
    const assertion = await taken(promise);
    is(assertion.id, credential.id, "the credential");
    ok(await isSignedBy(assertion, credential), "the signature does not verify");
  });
  row("Conditional get", "a field in an open shadow root has the offer too", async () => {
    const credential = await register();
    const field = document.getElementById("account"), outside = document.createElement("div");
    field.closest("label").replaceWith(outside);
    outside.attachShadow({ mode: "open" }).append(field);
    await person("hold beside");
    const promise = get(request(), { mediation: "conditional" });
    promise.catch(() => {});
    await person("sign in");
    is((await taken(promise)).id, credential.id, "the credential");
  });
  row("Conditional get", "a field that appears after the call has the offer too", async () => {
    const credential = await register();
    const field = document.getElementById("account"), label = field.closest("label");
    field.remove();
    await person("hold beside");
    const promise = get(request(), { mediation: "conditional" });
    promise.catch(() => {});
    await sleep(300);
    label.append(field);
    await person("sign in");
    is((await taken(promise)).id, credential.id, "the credential");
  });
  row("Conditional get", "an RP ID that is not the page's is SecurityError at once", () =>
    rejects(get(request({ rpId: "unrelated.test" }), { mediation: "conditional" }), "SecurityError"));
  row("Conditional get", "a later modal call goes ahead, and the conditional one ends or stays its own", async () => {
    const credential = await register();
    await person("hold beside");
    const conditional = get(request(), { mediation: "conditional" });
    conditional.catch(() => {});
    if (!(await isPending(conditional, 300))) throw new Unmeasured("a virtual authenticator ends the conditional call at once");
    const assertion = await consented(get(request({ allowCredentials: listed(credential) })));
    is(assertion.id, credential.id, "the credential");
  });
  row("Conditional get", "a later create goes ahead", async () => {
    await person("hold");
    const conditional = get(request(), { mediation: "conditional" });
    conditional.catch(() => {});
    await sleep(300);
    await person("let go");
    const credential = await consented(create(creation()));
    is(credential.type, "public-key");
  });
  row("Conditional get", "after an abort a new one can be made", async () => {
    const credential = await register();
    const controller = new AbortController();
    await person("hold");
    const first = get(request(), { mediation: "conditional", signal: controller.signal });
    setTimeout(() => controller.abort(), 200);
    await rejects(first, "AbortError");
    if (!(await person("keystow"))) await person("let go");
    const promise = get(request(), { mediation: "conditional" });
    promise.catch(() => {});
    await person("sign in");
    is((await taken(promise)).id, credential.id, "the credential");
  });
  row("Conditional create", "without a fresh password sign-in: refused, and nothing shown", async () => {
    const outcome = await within(create(creation(), { mediation: "conditional" }).catch((error) => error), 5000, "nothing came");
    if (outcome?.type === "public-key") throw new Failure("a passkey was made though nobody signed in");
    ok(["NotAllowedError", "NotSupportedError", "InvalidStateError"].includes(outcome?.name), `it is ${outcome?.name}`);
  });
  row("Conditional create", "after a password sign-in: a passkey, without UP, without a window", async () => {
    await person("sign in by password");
    const credential = await within(create(creation(), { mediation: "conditional" }), 5000, "nothing came");
    await byProvider(credential);
    ok(!(await person("is window")), "a window came up");
    is(authenticatorData(attestation(credential).get("authData")).UP, false, "UP");
  });
  const immediate = (rest) => [["uiMode", { uiMode: "immediate" }], ["mediation", { mediation: "immediate" }]].map(([by, how]) => [by, (publicKey) => get(publicKey, { ...how, ...rest })]);
  for (const [by, call] of immediate()) {
    row("Immediate", `${by}: nothing held: NotAllowedError at once, nothing shown`, async () => {
      await person("click");
      await rejects(call(request()), "NotAllowedError", 2000);
      ok(!(await person("is window")), "a window came up");
    });
    row("Immediate", `${by}: a passkey held: asked, and signed in`, async () => {
      const credential = await register();
      await person("click");
      const assertion = await consented(call(request()));
      is(assertion.id, credential.id, "the credential");
    });
  }
}
