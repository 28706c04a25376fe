// The signal methods (L3 section 5.1.10).
{
  const methods = {
    signalUnknownCredential: () => ({ rpId: host, credentialId: base64url(random(16)) }),
    signalAllAcceptedCredentials: () => ({ rpId: host, userId: base64url(random(16)), allAcceptedCredentialIds: [] }),
    signalCurrentUserDetails: () => ({ rpId: host, userId: base64url(random(16)), name: "n", displayName: "d" }),
  };
  for (const [name, options] of Object.entries(methods)) {
    row("Signals", `${name}: is there, static, and resolves with undefined`, async () => {
      is(typeof PublicKeyCredential[name], "function", "it");
      is(await within(PublicKeyCredential[name](options()), 3000, "nothing came"), undefined, "the answer");
    });
    row("Signals", `${name}: another site's RP ID is SecurityError`, () =>
      rejects(PublicKeyCredential[name]({ ...options(), rpId: "unrelated.test" }), "SecurityError"));
    row("Signals", `${name}: what is no base64url, and what is missing, is TypeError`, async () => {
      const field = name === "signalUnknownCredential" ? "credentialId" : "userId";
      await rejects(PublicKeyCredential[name]({ ...options(), [field]: "§ no base64" }), "TypeError");
      await rejects(PublicKeyCredential[name]({ ...options(), [field]: undefined }), "TypeError");
      await rejects((async () => PublicKeyCredential[name]())(), "TypeError");
    });
    row("Signals", `${name}: the property is as WebIDL has it`, () => {
      const { value, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(PublicKeyCredential, name) ?? {};
      is([value?.name, value?.length, writable, enumerable, configurable], [name, 1, true, true, true]);
    });
  }
  // Whether the provider still has this credential. Where nothing is held, the browser's own flow is the only one left.
  const isHeld = async (credential) => {
    const controller = new AbortController();
    const promise = get(request({ allowCredentials: listed(credential) }), { signal: controller.signal });
    setTimeout(() => controller.abort(), 4000);
    const outcome = await consented(promise).catch((error) => error);
    return outcome?.type === "public-key";
  };
  row("Signals", "signalUnknownCredential: the credential is offered no more", async () => {
    const credential = await register();
    await PublicKeyCredential.signalUnknownCredential({ rpId: host, credentialId: credential.id });
    ok(!(await isHeld(credential)), "it is still there");
  });
  row("Signals", "signalAllAcceptedCredentials: those not listed are offered no more, those listed are", async () => {
    const user = { id: random(16), name: "ada", displayName: "Ada" };
    const gone = await register({ user }), other = await register();
    await PublicKeyCredential.signalAllAcceptedCredentials({ rpId: host, userId: base64url(user.id), allAcceptedCredentialIds: [base64url(random(16))] });
    ok(await isHeld(other), "another user's passkey is gone");
    ok(!(await isHeld(gone)), "it is still there");
  });
  row("Signals", "signalCurrentUserDetails: the passkey stays usable", async () => {
    const user = { id: random(16), name: "ada", displayName: "Ada" };
    const credential = await register({ user });
    await PublicKeyCredential.signalCurrentUserDetails({ rpId: host, userId: base64url(user.id), name: "ada lovelace", displayName: "Ada L." });
    ok(await isHeld(credential), "it is gone");
  });
}
