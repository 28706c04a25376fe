// The objects that a page gets.
{
  row("Result objects", "a registration has the classes of L3", async () => {
    const credential = await register();
    for (const [object, classes] of [[credential, [PublicKeyCredential, Credential]], [credential.response, [AuthenticatorAttestationResponse, AuthenticatorResponse]]]) {
      for (const one of classes) ok(object instanceof one, `it is no ${one.name}`);
      same(Object.getPrototypeOf(object), classes[0].prototype, "the prototype");
      is(Object.prototype.toString.call(object), `[object ${classes[0].name}]`);
    }
  });
  row("Result objects", "an assertion has the classes of L3", async () => {
    const credential = await register();
    const assertion = await consented(get(request({ allowCredentials: listed(credential) })));
    same(Object.getPrototypeOf(assertion.response), AuthenticatorAssertionResponse.prototype, "the prototype");
    ok(assertion instanceof PublicKeyCredential, "it is no PublicKeyCredential");
  });
  row("Result objects", "attributes are no own properties and cannot be assigned", async () => {
    const credential = await register();
    is(Reflect.ownKeys(credential).length + Reflect.ownKeys(credential.response).length, 0, "the number of own properties");
    const { id } = credential;
    let threw = false;
    try { (() => { "use strict"; credential.id = "x"; })(); } catch { threw = true; }
    ok(threw, "assigning to id in strict mode did not throw");
    is(credential.id, id, "id");
  });
  row("Result objects", "attributes give the same object each time", async () => {
    const credential = await register();
    same(credential.rawId, credential.rawId, "rawId");
    same(credential.response, credential.response, "response");
    same(credential.response.clientDataJSON, credential.response.clientDataJSON, "clientDataJSON");
    same(credential.response.attestationObject, credential.response.attestationObject, "attestationObject");
  });
  row("Result objects", "getters refuse a foreign receiver", async () => {
    await register();
    for (const [owner, names] of [[PublicKeyCredential, ["rawId", "response", "authenticatorAttachment"]], [Credential, ["id", "type"]], [AuthenticatorResponse, ["clientDataJSON"]], [AuthenticatorAttestationResponse, ["attestationObject"]]]) {
      for (const name of names) {
        let error;
        try { Object.getOwnPropertyDescriptor(owner.prototype, name).get.call({}); } catch (thrown) { error = thrown; }
        ok(error instanceof TypeError, `${owner.name}'s ${name} answers for any object`);
      }
    }
  });
  row("Result objects", "a credential cannot be cloned: DataCloneError", async () => {
    const credential = await register();
    let error;
    try { structuredClone(credential); } catch (thrown) { error = thrown; }
    is(error?.name, "DataCloneError", "the error");
  });
  row("Result objects", "id is rawId in base64url, the type is public-key", async () => {
    const credential = await register();
    is(credential.id, base64url(credential.rawId));
    is(credential.type, "public-key");
    ok(credential.rawId instanceof ArrayBuffer, "rawId is no ArrayBuffer of this realm");
  });
  row("Result objects", "authenticatorAttachment is platform or cross-platform", async () => {
    const { authenticatorAttachment } = await register();
    ok(["platform", "cross-platform"].includes(authenticatorAttachment), `it is ${authenticatorAttachment}`);
  });
  row("Result objects", "getTransports gives a fresh, sorted array of known transports", async () => {
    const { response } = await register();
    const transports = response.getTransports();
    ok(Array.isArray(transports) && transports !== response.getTransports(), "it is no fresh array");
    is(transports, [...new Set(transports)].sort(), "the transports");
    for (const one of transports) ok(["ble", "hybrid", "internal", "nfc", "smart-card", "usb"].includes(one), `unknown: ${one}`);
  });
  row("Result objects", "getPublicKey, getPublicKeyAlgorithm and getAuthenticatorData agree with the attestation object", async () => {
    const { response, rawId } = await register();
    const inside = attestation({ response }).get("authData");
    is(hex(response.getAuthenticatorData()), hex(inside), "the authenticator data");
    is(response.getPublicKeyAlgorithm(), -7, "the algorithm");
    const data = authenticatorData(inside);
    is(data.credentialId, hex(rawId), "the credential ID");
    const spki = hex(response.getPublicKey());
    ok(spki.endsWith(hex(data.publicKey.get(-2)) + hex(data.publicKey.get(-3))), "the SPKI holds another key");
  });
  row("Result objects", "getClientExtensionResults gives a fresh object", async () => {
    const credential = await register();
    const results = credential.getClientExtensionResults();
    same(Object.getPrototypeOf(results), Object.prototype, "the prototype");
    results.mine = 1;
    ok(!("mine" in credential.getClientExtensionResults()), "what the page writes stays");
  });
  row("Result objects", "toJSON of a registration is a RegistrationResponseJSON", async () => {
    const credential = await register();
    const json = credential.toJSON();
    is(Object.keys(json).filter((key) => key !== "authenticatorAttachment").sort(), ["clientExtensionResults", "id", "rawId", "response", "type"], "the members");
    is(Object.keys(json.response).sort(), ["attestationObject", "authenticatorData", "clientDataJSON", "publicKey", "publicKeyAlgorithm", "transports"], "the response's members");
    is(json.rawId, credential.id, "rawId");
    is(json.response.attestationObject, base64url(credential.response.attestationObject), "the attestation object");
    is(JSON.stringify(credential), JSON.stringify(json), "JSON.stringify");
  });
  row("Result objects", "toJSON of an assertion is an AuthenticationResponseJSON", async () => {
    const credential = await register();
    const assertion = await consented(get(request({ allowCredentials: listed(credential) })));
    const json = assertion.toJSON();
    const members = Object.keys(json.response).filter((key) => key !== "userHandle").sort();
    is(members, ["authenticatorData", "clientDataJSON", "signature"], "the response's members");
    is(json.response.signature, base64url(assertion.response.signature), "the signature");
  });
  row("Result objects", "the promise is the page's own Promise", () => {
    const promise = navigator.credentials.get({ publicKey: {} });
    promise.catch(() => {});
    same(Object.getPrototypeOf(promise), Promise.prototype, "the prototype");
  });
}
