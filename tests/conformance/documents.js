// Documents that are unlike a page, and pages that are unlike others.
{
  const load = async (path, more) => {
    const frame = await addFrame(path, more);
    return [frame, frame.contentDocument];
  };
  row("Documents", "plain text stays plain text", async () => {
    const [, { contentType, body }] = await load("/plain?type=text/plain&body=just text");
    is([contentType, body.textContent], ["text/plain", "just text"]);
  });
  row("Documents", "XML and SVG keep their root, and nothing is added", async () => {
    for (const [type, body] of [["application/xml", "<a><b/></a>"], ["image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'><g/></svg>"]]) {
      const [, { contentType, documentElement }] = await load(`/file?type=${encodeURIComponent(type)}&body=${encodeURIComponent(body)}`);
      is([contentType, documentElement.childElementCount], [type, 1]);
    }
  });
  row("Documents", "the page's own elements are all there are while nothing is asked", () => {
    is([document.documentElement.children.length, document.querySelectorAll("body > :not(label, form, button)").length], [2, 0]);
  });
  row("Documents", "no name is added to the window", async () => {
    const frame = await addFrame("/empty.html"), { contentWindow } = frame;
    const added = Object.getOwnPropertyNames(contentWindow).filter((name) => /keystow|passkey|webauthn/i.test(name));
    is(added, []);
  });
  row("Documents", "under a policy that allows no script of others: works", async () => {
    const frame = await addFrame("/empty.html?header=Content-Security-Policy:default-src 'none'; script-src 'none'; trusted-types 'none'; require-trusted-types-for 'script'");
    const credential = await consented(frame.contentWindow.navigator.credentials.create({ publicKey: creation() }));
    await byProvider(credential);
  });
  row("Documents", "XHTML: works", async () => {
    const body = "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body/></html>";
    const frame = await addFrame(`/file?type=application/xhtml%2Bxml&body=${encodeURIComponent(body)}`);
    await byProvider(await consented(frame.contentWindow.navigator.credentials.create({ publicKey: creation() })));
  });
  row("Other scripts", "a page that wraps create and get meets its own wrapper, and the answer", async () => {
    let calls = 0;
    const { create: native } = CredentialsContainer.prototype;
    navigator.credentials.create = function (...options) { calls += 1; return native.apply(this, options); };
    await register();
    is(calls, 1, "the number of calls");
  });
  row("Other scripts", "a page that freezes the prototype: works", async () => {
    for (const one of [CredentialsContainer, PublicKeyCredential, AuthenticatorAttestationResponse]) Object.freeze(one.prototype);
    const credential = await consented(create(creation()));
    is(credential.type, "public-key");
  });
  row("Other scripts", "a page that locks navigator.credentials.get to its own: its own answers", async () => {
    Object.defineProperty(navigator.credentials, "get", { value: async () => "mine", writable: false, configurable: false });
    is(await navigator.credentials.get({ publicKey: request() }), "mine");
  });
  row("Other scripts", "password and federated requests are the browser's", async () => {
    const outcome = await within(navigator.credentials.get({ password: true, mediation: "silent" }).catch((error) => error), 3000, "nothing came");
    ok(outcome === null || outcome instanceof Error || outcome instanceof DOMException, `it is ${outcome}`);
  });
  row("Other scripts", "preventSilentAccess and store are the browser's", async () => {
    await within(navigator.credentials.preventSilentAccess(), 3000, "preventSilentAccess did not end");
    const outcome = await within(navigator.credentials.store({}).catch((error) => error), 3000, "store did not end");
    ok(outcome instanceof Error || outcome instanceof DOMException, `it is ${outcome}`);
  });
}
