// Which RP IDs an origin may claim (L3 section 5.1.3 steps 6 to 8), and which origins have the API.
{
  const parent = host.split(".").slice(1).join(".");
  const claims = (id) => create(creation({ rp: { id, name: "Test" } }));
  const asks = (rpId) => get(request({ rpId }));
  const refused = async (id) => {
    await rejects(claims(id), "SecurityError");
    await rejects(asks(id), "SecurityError");
  };
  const taken = async (id, rpId = id) => {
    const credential = await register({ rp: { id, name: "Test" } });
    is(authenticatorData(attestation(credential).get("authData")).rpIdHash, hex(await sha256(utf8(rpId))), "the RP ID hash");
    const assertion = await consented(get(request({ rpId: id, allowCredentials: listed(credential) })));
    is(assertion.id, credential.id, "the credential");
  };

  row("RP IDs", "left out, it is the origin's host", () => taken(undefined, host));
  row("RP IDs", "the host itself", () => taken(host), { at: "login." });
  row("RP IDs", "a parent domain", () => taken(parent), { at: "login." });
  row("RP IDs", "a parent domain two levels up", () => taken(parent.split(".").slice(1).join(".")), { at: "a.login." });
  row("RP IDs", "a sub-domain is refused", () => refused(`login.${host}`));
  row("RP IDs", "a sibling is refused", () => refused(`other.${parent}`), { at: "login." });
  row("RP IDs", "a top-level domain is refused", () => refused("test"));
  row("RP IDs", "a public suffix of several labels is refused", () => refused("co.uk"), { at: "https://HOST.co.uk" });
  row("RP IDs", "a public suffix of the private section is refused", () => refused("github.io"), { at: "https://HOST.github.io" });
  row("RP IDs", "a host that is a public suffix itself may claim itself", () => taken("github.io"), { at: "https://github.io" });
  row("RP IDs", "an unrelated domain is refused", () => refused("unrelated.test"));
  row("RP IDs", "an ending of the host that is no label boundary is refused", () => refused(host.slice(1)));
  row("RP IDs", "the empty string is refused", () => refused(""));
  row("RP IDs", "null, as a string, is refused", () => refused(null));
  row("RP IDs", "with a port, a scheme, a path or a space it is refused", async () => {
    for (const id of [`${host}:443`, `https://${host}`, `${host}/`, ` ${host}`]) await refused(id);
  });
  row("RP IDs", "with a trailing dot it is not the host's", () => refused(`${host}.`));
  row("RP IDs", "in capitals: as the browser takes it, and never a window for another site", async () => {
    const outcome = await consented(claims(host.toUpperCase())).catch((error) => error);
    ok(outcome?.type === "public-key" || outcome?.name === "SecurityError", `it is ${outcome}`);
  });
  row("RP IDs", "an origin with a trailing dot is not the one without", async () => {
    const outcome = await consented(claims(host.replace(/\.$/, ""))).catch((error) => error);
    is(outcome?.name, "SecurityError", "the error");
  }, { at: "https://HOST." });
  row("RP IDs", "an internationalized host claims its punycode", () => taken(host), { at: "xn--bcher-kva." });
  row("RP IDs", "an internationalized host in Unicode: as the browser takes it", async () => {
    const outcome = await consented(claims(host.replace("xn--bcher-kva", "bücher"))).catch((error) => error);
    ok(outcome?.type === "public-key" || outcome?.name === "SecurityError", `it is ${outcome}`);
  }, { at: "xn--bcher-kva." });
  row("RP IDs", "look-alikes in another script are refused", () => refused(host.replace("t", "т")));
  row("RP IDs", "a port belongs to the origin, not to the RP ID", async () => {
    const credential = await register();
    is(clientData(credential).origin, `https://${host}:8443`, "the origin");
    is(authenticatorData(attestation(credential).get("authData")).rpIdHash, hex(await sha256(utf8(host))), "the RP ID hash");
  }, { at: "https://HOST:8443" });
  row("RP IDs", "an IP address is no domain: SecurityError", async () => {
    await rejects(create(creation()), "SecurityError");
    await rejects(claims("127.0.0.1"), "SecurityError");
  }, { at: "https://127.0.0.1" });
  row("RP IDs", "localhost works, over http too", () => taken("localhost"), { at: "http://localhost" });
  row("RP IDs", "a page over http has no PublicKeyCredential", () => {
    is([typeof PublicKeyCredential, typeof navigator.credentials], ["undefined", "undefined"]);
  }, { at: "http://HOST" });
  row("RP IDs", "the credential of another site is not found", async () => {
    const credential = await register();
    const frame = document.body.appendChild(document.createElement("iframe"));
    frame.allow = "publickey-credentials-get *";
    frame.src = `https://other-${host}/frame.html`;
    await new Promise((resolve) => { frame.onload = resolve; });
    const outcome = await within(inFrame(frame, "get", { allowCredentials: [{ type: "public-key", id: credential.rawId }], timeout: 2000 }), 15000, "nothing came");
    ok(outcome.error, "another site signed in with it");
  });
}
