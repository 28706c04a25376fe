// Client extensions (L3 section 10; CTAP 2.3 section 12).
{
  const results = (credential) => credential.getClientExtensionResults();
  const made = async (extensions, more = {}) => {
    const credential = await register({ extensions, ...more });
    return [credential, results(credential)];
  };
  const used = async (credential, extensions, more = {}) => {
    const assertion = await consented(get(request({ allowCredentials: listed(credential), extensions, ...more })));
    return [assertion, results(assertion)];
  };
  const createRejects = (extensions, name, more = {}) => rejects(consented(create(creation({ extensions, ...more }))), name, 9000);
  const getRejects = (extensions, name, more = {}) => rejects(consented(get(request({ extensions, ...more }))), name, 9000);
  const salt = (text) => utf8(text);

  row("Extensions", "none asked for: the results are empty", async () => {
    const [credential, found] = await made(undefined);
    is(found, {}, "create's results");
    is((await used(credential, undefined))[1], {}, "get's results");
  });
  row("Extensions", "unknown ones are ignored", async () => {
    const [credential, found] = await made({ unheardOf: { of: 1 } });
    is(found, {}, "create's results");
    is((await used(credential, { unheardOf: true }))[1], {}, "get's results");
  });
  row("Extensions", "credProps: rk true for a discoverable credential", async () => {
    is((await made({ credProps: true }))[1], { credProps: { rk: true } });
  });
  row("Extensions", "credProps: nothing at get", async () => {
    const credential = await register();
    is((await used(credential, { credProps: true }))[1], {});
  });

  row("Extensions: prf", "at create: enabled", async () => {
    is((await made({ prf: {} }))[1].prf?.enabled, true, "enabled");
  });
  row("Extensions: prf", "at create with eval: enabled, and the outputs if there are any are buffers", async () => {
    const [, { prf }] = await made({ prf: { eval: { first: salt("one") } } });
    is(prf.enabled, true, "enabled");
    if (prf.results) is(prf.results.first.byteLength, 32, "the output's length");
  });
  row("Extensions: prf", "at get with eval: 32 bytes, the same again, others for another salt", async () => {
    const [credential] = await made({ prf: {} });
    const output = async (text) => hex((await used(credential, { prf: { eval: { first: salt(text) } } }))[1].prf.results.first);
    const first = await output("one");
    is(first.length, 64, "the output's length in hex");
    is(await output("one"), first, "the second output");
    ok((await output("two")) !== first, "another salt gives the same");
  });
  row("Extensions: prf", "two salts give two outputs", async () => {
    const [credential] = await made({ prf: {} });
    const { prf } = (await used(credential, { prf: { eval: { first: salt("one"), second: salt("two") } } }))[1];
    ok(prf.results.first instanceof ArrayBuffer && prf.results.second instanceof ArrayBuffer, "they are no buffers");
    ok(hex(prf.results.first) !== hex(prf.results.second), "they are the same");
  });
  row("Extensions: prf", "evalByCredential goes before eval", async () => {
    const [credential] = await made({ prf: {} });
    const alone = (await used(credential, { prf: { eval: { first: salt("by credential") } } }))[1].prf.results.first;
    const both = (await used(credential, { prf: { eval: { first: salt("other") }, evalByCredential: { [credential.id]: { first: salt("by credential") } } } }))[1];
    is(hex(both.prf.results.first), hex(alone), "the output");
  });
  row("Extensions: prf", "evalByCredential at create: NotSupportedError", () =>
    createRejects({ prf: { evalByCredential: { [base64url(random(16))]: { first: salt("x") } } } }, "NotSupportedError"));
  row("Extensions: prf", "evalByCredential without allowCredentials: NotSupportedError", () =>
    getRejects({ prf: { evalByCredential: { [base64url(random(16))]: { first: salt("x") } } } }, "NotSupportedError"));
  row("Extensions: prf", "evalByCredential with a key that is empty, no base64url, or not allowed: SyntaxError", async () => {
    const credential = await register();
    for (const key of ["", "§", "a+b/", base64url(random(16))]) {
      await getRejects({ prf: { evalByCredential: { [key]: { first: salt("x") } } } }, "SyntaxError", { allowCredentials: listed(credential) });
    }
  });
  row("Extensions: prf", "eval without first: TypeError", async () => {
    await createRejects({ prf: { eval: {} } }, "TypeError");
    await getRejects({ prf: { eval: { second: salt("x") } } }, "TypeError");
  });
  row("Extensions: prf", "toJSON has the outputs in base64url", async () => {
    const [credential] = await made({ prf: {} });
    const [assertion, { prf }] = await used(credential, { prf: { eval: { first: salt("one") } } });
    is(assertion.toJSON().clientExtensionResults.prf.results.first, base64url(prf.results.first));
  });

  row("Extensions: largeBlob", "support required or preferred at create: supported", async () => {
    for (const support of ["required", "preferred"]) is((await made({ largeBlob: { support } }))[1].largeBlob?.supported, true, `supported, where it is ${support},`);
  });
  row("Extensions: largeBlob", "written, and read back", async () => {
    const [credential] = await made({ largeBlob: { support: "required" } });
    const blob = random(500);
    is((await used(credential, { largeBlob: { write: blob } }))[1].largeBlob?.written, true, "written");
    is(hex((await used(credential, { largeBlob: { read: true } }))[1].largeBlob.blob), hex(blob), "the blob");
  });
  row("Extensions: largeBlob", "read where nothing was written: no blob", async () => {
    const [credential] = await made({ largeBlob: { support: "required" } });
    is((await used(credential, { largeBlob: { read: true } }))[1].largeBlob, {}, "the result");
  });
  row("Extensions: largeBlob", "read or write at create: NotSupportedError", async () => {
    await createRejects({ largeBlob: { read: true } }, "NotSupportedError");
    await createRejects({ largeBlob: { write: random(4) } }, "NotSupportedError");
  });
  row("Extensions: largeBlob", "support at get: NotSupportedError", () => getRejects({ largeBlob: { support: "preferred" } }, "NotSupportedError"));
  row("Extensions: largeBlob", "read and write together: NotSupportedError", async () => {
    const credential = await register();
    await getRejects({ largeBlob: { read: true, write: random(4) } }, "NotSupportedError", { allowCredentials: listed(credential) });
  });
  row("Extensions: largeBlob", "write with none or several allowed credentials: NotSupportedError", async () => {
    const credential = await register();
    await getRejects({ largeBlob: { write: random(4) } }, "NotSupportedError");
    await getRejects({ largeBlob: { write: random(4) } }, "NotSupportedError", { allowCredentials: [...listed(credential), { type: "public-key", id: random(16) }] });
  });
  row("Extensions: largeBlob", "a support that is no LargeBlobSupport: as a DOMString it is ignored", async () => {
    is((await consented(create(creation({ extensions: { largeBlob: { support: "sometimes" } } })))).type, "public-key");
  });

  row("Extensions: others", "credBlob: stored at create, given at get", async () => {
    const blob = random(32);
    const [credential, found] = await made({ credBlob: blob });
    is(found.credBlob, true, "credBlob");
    const [assertion, { getCredBlob }] = await used(credential, { getCredBlob: true });
    const inside = authenticatorData(assertion.response.authenticatorData).extensions?.get("credBlob");
    is(hex(getCredBlob ?? inside ?? new ArrayBuffer()), hex(blob), "the blob");
  });
  row("Extensions: others", "minPinLength is passed on, and leaves the call working", async () => {
    is((await consented(create(creation({ extensions: { minPinLength: true } })))).type, "public-key");
  });
  row("Extensions: others", "credentialProtectionPolicy is passed on, and leaves the call working", async () => {
    const [credential] = await made({ credentialProtectionPolicy: "userVerificationOptional" });
    is((await used(credential, undefined))[0].id, credential.id, "the credential");
  });
  row("Extensions: others", "appid at create: NotSupportedError", () => createRejects({ appid: location.origin }, "NotSupportedError"));
  row("Extensions: others", "appid at get with a passkey: false", async () => {
    const credential = await register();
    is((await used(credential, { appid: `${location.origin}/app-id.json` }))[1], { appid: false });
  });
  row("Extensions: others", "appid of another site: SecurityError", async () => {
    const credential = await register();
    await getRejects({ appid: "https://unrelated.test/app-id.json" }, "SecurityError", { allowCredentials: listed(credential) });
  });
  row("Extensions: others", "appidExclude at get: NotSupportedError", () => getRejects({ appidExclude: location.origin }, "NotSupportedError"));
  row("Extensions: others", "appidExclude at create leaves the call working", async () => {
    is((await consented(create(creation({ extensions: { appidExclude: `${location.origin}/app-id.json` } })))).type, "public-key");
  });
  row("Extensions: others", "payment is the browser's: never answered as a plain passkey with other client data", async () => {
    const payment = { isPayment: true };
    const outcome = await consented(create(creation({ extensions: { payment }, authenticatorSelection: { residentKey: "required", userVerification: "required", authenticatorAttachment: "platform" } }))).catch((error) => error);
    if (outcome?.type === "public-key" && (await person("keystow"))) ok(aaguidOf(outcome) !== KEYSTOW, "Keystow answered it");
  });
  row("Extensions: others", "inputs of a wrong type are TypeError", async () => {
    for (const extensions of [1, { prf: 1 }, { largeBlob: "x" }]) await createRejects(extensions, "TypeError");
  });
}
