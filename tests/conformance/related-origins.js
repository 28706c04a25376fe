// Related origins (L3 section 5.11). What `https://<RP ID>/.well-known/webauthn` answers is told to the server first.
{
  const relying = `rp-${host}`;
  const tell = (answer, of = relying) => fetch("/tell", { method: "POST", body: JSON.stringify({ host: of, type: "application/json", status: 200, ...answer }) });
  const heard = async () => (await fetch(`/heard?host=${relying}`)).json();
  const list = (...origins) => JSON.stringify({ origins });
  const claim = (more = {}) => create(creation({ rp: { id: relying, name: "Test" }, ...more }));
  const accepted = async () => {
    const credential = await consented(claim());
    await byProvider(credential);
    is(authenticatorData(attestation(credential).get("authData")).rpIdHash, hex(await sha256(utf8(relying))), "the RP ID hash");
    is(clientData(credential).origin, location.origin, "the origin");
    return credential;
  };
  const refused = () => rejects(consented(claim()), "SecurityError", 9000);

  row("Related origins", "a listed origin may create and get", async () => {
    await tell({ body: list("https://elsewhere.test", location.origin) });
    const credential = await accepted();
    const assertion = await consented(get(request({ rpId: relying, allowCredentials: listed(credential) })));
    is(assertion.id, credential.id, "the credential");
  });
  row("Related origins", "an origin that is not listed is refused", async () => {
    await tell({ body: list("https://elsewhere.test") });
    await refused();
    await rejects(get(request({ rpId: relying })), "SecurityError", 9000);
  });
  row("Related origins", "the request carries no cookie and no referrer", async () => {
    await tell({ body: list(location.origin) });
    await fetch(`https://${relying}/cookie`, { mode: "no-cors", credentials: "include" });
    await accepted();
    const requests = await heard();
    ok(requests.length > 0, "nothing was asked");
    for (const { cookie, referer } of requests) is([cookie, referer], [null, null], "cookie and referrer");
  });
  row("Related origins", "nothing is asked where the RP ID is the page's own", async () => {
    await fetch("/tell", { method: "POST", body: JSON.stringify({ host, body: "{}", status: 200, type: "application/json" }) });
    await register();
    is(await (await fetch(`/heard?host=${host}`)).json(), [], "the requests");
  });
  row("Related origins", "a redirect over https is followed", async () => {
    await tell({ status: 302, location: `https://elsewhere-${host}/.well-known/webauthn`, body: "" });
    await tell({ body: list(location.origin) }, `elsewhere-${host}`);
    await accepted();
  });
  row("Related origins", "a redirect to http is refused", async () => {
    await tell({ status: 302, location: `http://elsewhere-${host}/.well-known/webauthn`, body: "" });
    await tell({ body: list(location.origin) }, `elsewhere-${host}`);
    await refused();
  });
  row("Related origins", "another content type than JSON's is refused", async () => {
    await tell({ type: "text/html", body: list(location.origin) });
    await refused();
  });
  row("Related origins", "a content type with a charset is taken", async () => {
    await tell({ type: "application/json; charset=utf-8", body: list(location.origin) });
    await accepted();
  });
  row("Related origins", "a status of 404 is refused", async () => {
    await tell({ status: 404, body: list(location.origin) });
    await refused();
  });
  for (const [what, body] of [["that is no JSON", "origins: "], ["that is no object", "[]"], ["without origins", "{}"], ["whose origins are no list", '{"origins":"x"}'], ["whose origins are no strings", '{"origins":[1]}'], ["with an empty list", '{"origins":[]}']]) {
    row("Related origins", `an answer ${what} is refused`, async () => {
      await tell({ body });
      await refused();
    });
  }
  row("Related origins", "an entry that is no URL is skipped", async () => {
    await tell({ body: list("not a URL", "", "https://", location.origin) });
    await accepted();
  });
  row("Related origins", "the whole origin counts: another port is refused", async () => {
    await tell({ body: list(`https://${host}:8443`) });
    await refused();
  });
  row("Related origins", "the whole origin counts: another scheme, a sub-domain are refused", async () => {
    await tell({ body: list(`http://${host}`, `https://www.${host}`) });
    await refused();
  });
  row("Related origins", "an entry's path does not matter: its origin is compared", async () => {
    await tell({ body: list(`${location.origin}/a/path`) });
    await accepted();
  });
  const many = (count) => Array.from({ length: count }, (_, number) => `https://label${number}.test`);
  row("Related origins", "after five labels, an origin with a new label is refused", async () => {
    await tell({ body: list(...many(5), location.origin) });
    await refused();
  });
  row("Related origins", "after five labels, an origin with a label seen before is still taken", async () => {
    const label = host.split(".")[0];
    await tell({ body: list(`https://${label}.co.uk`, ...many(4), "https://sixth.test", location.origin) });
    await accepted();
  });
  row("Related origins", "many entries with one label count once", async () => {
    await tell({ body: list(...Array.from({ length: 30 }, (_, number) => `https://w${number}.same.test`), location.origin) });
    await accepted();
  });
}
