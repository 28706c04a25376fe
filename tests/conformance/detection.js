// Feature detection, and the JSON forms of the options.
{
  row("Detection", "isUserVerifyingPlatformAuthenticatorAvailable: true, where a passkey can be made", async () => {
    is(await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable(), true);
  });
  row("Detection", "isConditionalMediationAvailable: true", async () => is(await PublicKeyCredential.isConditionalMediationAvailable(), true));
  row("Detection", "the methods are static, of length 0, writable, enumerable and configurable", () => {
    for (const name of ["isUserVerifyingPlatformAuthenticatorAvailable", "isConditionalMediationAvailable", "getClientCapabilities"]) {
      const { value, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(PublicKeyCredential, name) ?? {};
      is([value?.name, value?.length, writable, enumerable, configurable], [name, 0, true, true, true]);
    }
  });
  const capabilities = () => PublicKeyCredential.getClientCapabilities();
  row("Detection", "getClientCapabilities: booleans under sorted names", async () => {
    const found = await capabilities();
    for (const [name, value] of Object.entries(found)) is(typeof value, "boolean", name);
    is(Object.keys(found), Object.keys(found).sort(), "the names");
  });
  for (const name of ["conditionalCreate", "conditionalGet", "hybridTransport", "passkeyPlatformAuthenticator", "relatedOrigins", "signalAllAcceptedCredentials", "signalCurrentUserDetails", "signalUnknownCredential", "userVerifyingPlatformAuthenticator"]) {
    row("Detection", `getClientCapabilities: ${name} is told`, async () => is(typeof (await capabilities())[name], "boolean", name));
  }
  row("Detection", "getClientCapabilities: what it promises of the signal methods is so", async () => {
    const found = await capabilities();
    for (const name of ["signalAllAcceptedCredentials", "signalCurrentUserDetails", "signalUnknownCredential"]) {
      is(found[name] ?? false, typeof PublicKeyCredential[name] === "function", name);
    }
  });
  row("Detection", "getClientCapabilities: conditionalGet is isConditionalMediationAvailable", async () => {
    is((await capabilities()).conditionalGet, await PublicKeyCredential.isConditionalMediationAvailable());
  });
  row("Detection", "getClientCapabilities: extension:prf, extension:largeBlob, extension:credProps are told", async () => {
    const found = await capabilities();
    for (const name of ["prf", "largeBlob", "credProps"]) is(typeof found[`extension:${name}`], "boolean", name);
  });

  const creationJSON = (more = {}) => ({
    challenge: "AQID", rp: { name: "Test" }, user: { id: "BAUG", name: "n", displayName: "d" },
    pubKeyCredParams: [{ type: "public-key", alg: -7 }], ...more,
  });
  const { parseCreationOptionsFromJSON: parseCreation, parseRequestOptionsFromJSON: parseRequest } = globalThis.PublicKeyCredential ?? {};
  const throws = (call, name) => {
    try { call(); } catch (error) { return is(error.name, name, "the error"); }
    throw new Failure(`it should throw ${name}`);
  };
  row("JSON options", "parseCreationOptionsFromJSON gives buffers", () => {
    const options = parseCreation.call(PublicKeyCredential, creationJSON({ excludeCredentials: [{ type: "public-key", id: "BwgJ", transports: ["usb"] }] }));
    ok(options.challenge instanceof ArrayBuffer && options.user.id instanceof ArrayBuffer, "they are no buffers");
    is([hex(options.challenge), hex(options.user.id), hex(options.excludeCredentials[0].id)], ["010203", "040506", "070809"]);
  });
  row("JSON options", "parseRequestOptionsFromJSON gives buffers", () => {
    const options = parseRequest.call(PublicKeyCredential, { challenge: "AQID", allowCredentials: [{ type: "public-key", id: "BwgJ" }] });
    is([hex(options.challenge), hex(options.allowCredentials[0].id)], ["010203", "070809"]);
  });
  row("JSON options", "prf's salts, at create and get, become buffers", () => {
    const prf = { eval: { first: "AQID", second: "BAUG" } };
    is(hex(parseCreation.call(PublicKeyCredential, creationJSON({ extensions: { prf } })).extensions.prf.eval.first), "010203");
    is(hex(parseRequest.call(PublicKeyCredential, { challenge: "AQID", extensions: { prf } }).extensions.prf.eval.second), "040506");
  });
  row("JSON options", "largeBlob's write becomes a buffer", () => {
    is(hex(parseRequest.call(PublicKeyCredential, { challenge: "AQID", extensions: { largeBlob: { write: "AQID" } } }).extensions.largeBlob.write), "010203");
  });
  row("JSON options", "what is no base64url is EncodingError, what is missing TypeError", () => {
    throws(() => parseCreation.call(PublicKeyCredential, creationJSON({ challenge: "§" })), "EncodingError");
    throws(() => parseRequest.call(PublicKeyCredential, { challenge: "§" }), "EncodingError");
    throws(() => parseRequest.call(PublicKeyCredential, {}), "TypeError");
    throws(() => parseCreation.call(PublicKeyCredential, creationJSON({ user: undefined })), "TypeError");
  });
  row("JSON options", "a ceremony from JSON to JSON", async () => {
    const publicKey = parseCreation.call(PublicKeyCredential, creationJSON({ authenticatorSelection: { residentKey: "required", userVerification: "discouraged" } }));
    const credential = await consented(create(publicKey));
    await byProvider(credential);
    const { id, type } = credential.toJSON();
    const options = parseRequest.call(PublicKeyCredential, { challenge: "AQID", userVerification: "discouraged", allowCredentials: [{ id, type }] });
    is((await consented(get(options))).toJSON().id, id, "the ID");
  });
}
