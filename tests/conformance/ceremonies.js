// Registration and sign-in, as a relying party judges them.
{
  row("Ceremonies", "create: client data has type, challenge, origin, crossOrigin in this order", async () => {
    const challenge = random(16);
    const credential = await register({ challenge });
    const data = clientData(credential);
    is(Object.keys(data).slice(0, 4), ["type", "challenge", "origin", "crossOrigin"], "the members");
    is([data.type, data.challenge, data.origin, data.crossOrigin, data.topOrigin], ["webauthn.create", base64url(challenge), location.origin, false, undefined]);
  });
  row("Ceremonies", "create: the authenticator data is whole, of this RP ID, with UP and AT", async () => {
    const data = authenticatorData(attestation(await register()).get("authData"));
    ok(data.isWhole, "there are bytes left over");
    is(data.rpIdHash, hex(await sha256(utf8(host))), "the RP ID hash");
    is([data.UP, data.AT], [true, true], "UP and AT");
    ok(data.BE || !data.BS, "backed up, and not eligible for it");
  });
  row("Ceremonies", "create: attestation none is fmt none with an empty statement", async () => {
    const object = attestation(await register({ attestation: "none" }));
    is([object.get("fmt"), object.get("attStmt").size], ["none", 0]);
  });
  row("Ceremonies", "create: attestation direct gives a statement that WebAuthn registers", async () => {
    const format = attestation(await register({ attestation: "direct" })).get("fmt");
    ok(["packed", "none", "fido-u2f", "tpm"].includes(format), `the format is ${format}`);
  });
  row("Ceremonies", "create: user verification, where it is required, sets UV", async () => {
    const credential = await register({ authenticatorSelection: { residentKey: "required", userVerification: "required" } });
    is(authenticatorData(attestation(credential).get("authData")).UV, true, "UV");
  });
  row("Ceremonies", "create: the first algorithm of the list that is known is taken", async () => {
    const credential = await register({ pubKeyCredParams: [{ type: "public-key", alg: -9999 }, ES256, { type: "public-key", alg: -257 }] });
    is(credential.response.getPublicKeyAlgorithm(), -7, "the algorithm");
  });
  row("Ceremonies", "create: an empty list of algorithms stands for ES256 and RS256", async () => {
    const credential = await register({ pubKeyCredParams: [] });
    ok([-7, -257].includes(credential.response.getPublicKeyAlgorithm()), "it is neither");
  });
  row("Ceremonies", "create: no algorithm of type public-key is NotSupportedError", () =>
    rejects(create(creation({ pubKeyCredParams: [{ type: "private-key", alg: -7 }] })), "NotSupportedError"));
  row("Ceremonies", "create: only unknown algorithms: no credential", async () => {
    const outcome = await consented(create(creation({ pubKeyCredParams: [{ type: "public-key", alg: -9999 }] }))).catch((error) => error);
    ok(["NotAllowedError", "NotSupportedError"].includes(outcome?.name), `it is ${outcome}`);
  });
  row("Ceremonies", "create: an excluded credential is InvalidStateError, after consent", async () => {
    const credential = await register();
    await rejects(consented(create(creation({ excludeCredentials: listed(credential) }))), "InvalidStateError", 9000);
  });
  row("Ceremonies", "create: excluding another's credential, or one of unknown type, excludes nothing", async () => {
    await register();
    await register({ excludeCredentials: [{ type: "public-key", id: random(32) }] });
  });
  row("Ceremonies", "create: requireResidentKey alone makes a discoverable credential", async () => {
    await register({ authenticatorSelection: { requireResidentKey: true, userVerification: "discouraged" } });
    const assertion = await consented(get(request()));
    is(assertion.type, "public-key");
  });
  row("Ceremonies", "create: without an authenticatorSelection", async () => {
    const credential = await consented(create(creation({ authenticatorSelection: undefined })));
    is(credential.type, "public-key");
  });
  row("Ceremonies", "create: an excluded credential for which only another RP ID is registered stays usable", async () => {
    const [first, second] = [await register(), await register()];
    ok(first.id !== second.id, "two registrations, one credential ID");
    for (const credential of [first, second]) {
      const assertion = await consented(get(request({ allowCredentials: listed(credential) })));
      is(assertion.id, credential.id, "the credential");
    }
  });
  row("Ceremonies", "get: the signature is right, and the client data is get's", async () => {
    const credential = await register();
    const challenge = random(32);
    const assertion = await consented(get(request({ challenge, allowCredentials: listed(credential) })));
    const data = clientData(assertion);
    is([data.type, data.challenge, data.origin, data.crossOrigin], ["webauthn.get", base64url(challenge), location.origin, false]);
    ok(await isSignedBy(assertion, credential), "the signature does not verify");
    is(assertion.id, credential.id, "the ID");
  });
  row("Ceremonies", "get: by a discoverable credential, with the user handle", async () => {
    const user = { id: random(24), name: "ada", displayName: "Ada" };
    await register({ user });
    const assertion = await consented(get(request()));
    is(hex(assertion.response.userHandle), hex(user.id), "the user handle");
  });
  row("Ceremonies", "get: user verification, where it is required, sets UV", async () => {
    const credential = await register();
    const assertion = await consented(get(request({ allowCredentials: listed(credential), userVerification: "required" })));
    is(authenticatorData(assertion.response.authenticatorData).UV, true, "UV");
  });
  row("Ceremonies", "get: the authenticator data is of this RP ID, with UP, without AT", async () => {
    const credential = await register();
    const assertion = await consented(get(request({ allowCredentials: listed(credential) })));
    const data = authenticatorData(assertion.response.authenticatorData);
    is([data.rpIdHash, data.UP, data.AT, data.isWhole], [hex(await sha256(utf8(host))), true, false, true]);
  });
  row("Ceremonies", "get: among several allowed credentials the held one is found", async () => {
    const credential = await register();
    const others = Array.from({ length: 40 }, () => ({ type: "public-key", id: random(32) }));
    const assertion = await consented(get(request({ allowCredentials: [...others, ...listed(credential)] })));
    is(assertion.id, credential.id, "the ID");
  });
  row("Ceremonies", "get: transports of an allowed credential do not keep it from being found", async () => {
    const credential = await register();
    for (const transports of [["usb"], ["hybrid", "internal"], ["tin-can"]]) {
      const assertion = await consented(get(request({ allowCredentials: listed(credential, { transports }) })));
      is(assertion.id, credential.id, `the ID with ${transports}`);
    }
  });
  row("Ceremonies", "hints: any, known or not, leaves the call working", async () => {
    for (const hints of [[], ["client-device"], ["hybrid"], ["carrier-pigeon", "client-device"]]) {
      const credential = await consented(create(creation({ hints })));
      is(credential.type, "public-key", `with ${hints}, the type`);
    }
  });
  row("Ceremonies", "hints and attachment for a security key: the browser's own flow can answer", async () => {
    const selection = { ...creation().authenticatorSelection, authenticatorAttachment: "cross-platform" };
    const controller = new AbortController();
    const promise = create(creation({ hints: ["security-key"], authenticatorSelection: selection }), { signal: controller.signal });
    // Where no key is plugged in, the browser waits for one.
    const outcome = await Promise.race([promise.catch((error) => error), sleep(2000)]);
    controller.abort();
    ok(!outcome || outcome.type === "public-key" || outcome.name === "NotAllowedError", `it is ${outcome}`);
    ok(!(await person("is window")), "Keystow pushes itself in front");
  });
  row("Ceremonies", "attachment platform: registered, and said to be platform", async () => {
    const credential = await register({ authenticatorSelection: { ...creation().authenticatorSelection, authenticatorAttachment: "platform" } });
    is(credential.authenticatorAttachment, "platform");
  });
  row("Ceremonies", "the user's Cancel is NotAllowedError", async () => {
    if (!(await person("keystow"))) throw new Unmeasured("a virtual authenticator cannot be told to refuse");
    const promise = create(creation());
    await person("cancel");
    await rejects(promise, "NotAllowedError");
  });
  row("Ceremonies", "a timeout of 1 ms is raised: the user has time to answer", async () => {
    const promise = create(creation({ timeout: 1 }));
    promise.catch(() => {});
    await sleep(700);
    await consented(promise);
  });
  row("Ceremonies", "an 8 KiB challenge is taken whole", async () => {
    const challenge = random(8192);
    is(clientData(await register({ challenge })).challenge, base64url(challenge), "the challenge");
  });
  row("Ceremonies", "names in any script, and lone surrogates, are taken", async () => {
    await register({ user: { id: random(8), name: "\ud800 Ада", displayName: "أدا 👩‍💻 \u202eadA" }, rp: { name: "\udfff" } });
  });
  row("Ceremonies", "two calls at once: both promises end", async () => {
    const promises = [create(creation()), create(creation())];
    const ends = Promise.allSettled(promises);
    callsPending += 1;
    ends.then(() => { callsPending -= 1; });
    person("consent");
    person("consent");
    const outcomes = (await within(ends, 12000, "one of two calls never ended")).map(({ value, reason }) => value?.type ?? reason?.name);
    for (const one of outcomes) ok(["public-key", "NotAllowedError", "OperationError", "AbortError"].includes(one), `one ended with ${one}`);
  });
}
