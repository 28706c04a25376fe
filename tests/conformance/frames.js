// Documents in frames: who may call, and what the client data says of them (L3 sections 5.8.1 and 5.9).
var frameAnswers = 0;
const bytesOf = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

async function addFrame(src, { allow = "", sandbox, ...more } = {}) {
  const frame = document.createElement("iframe");
  if (allow) frame.allow = allow;
  if (sandbox !== undefined) frame.setAttribute("sandbox", sandbox);
  Object.assign(frame, more);
  if (src) frame.src = src;
  const loaded = new Promise((resolve) => { frame.onload = resolve; });
  document.body.append(frame);
  await within(loaded, 8000, "the frame did not load");
  return frame;
}

// What the document in `frame` gets for its call: {credential} or {error}.
function inFrame(frame, call, publicKey, { afterClick = false, rest, through } = {}) {
  const id = ++frameAnswers;
  const answered = new Promise((resolve) => {
    addEventListener("message", ({ data }) => { if (data?.answers === id) resolve(data); });
  });
  const base = call === "create" ? creation() : call === "get" ? request() : null;
  const message = { id, call, publicKey: base ? { ...base, ...publicKey } : publicKey, rest, afterClick };
  frame.contentWindow.postMessage(through ? { pass: message } : message, "*");
  return answered;
}
const consentedTo = (answer) => consented(answer.then(({ credential, error }) => { if (error) throw error; return credential; }), 12000);
const consentedInFrame = (frame, call, publicKey, how) => consentedTo(inFrame(frame, call, publicKey, how));
const dataOf = (json) => JSON.parse(new TextDecoder().decode(bytesOf(json.response.clientDataJSON)));

{
  const elsewhere = `frame-${host}`, foreign = `https://${elsewhere}/frame.html`;
  const allowed = { allow: "publickey-credentials-get *; publickey-credentials-create *" };
  const isOurs = async (json) => {
    if (await person("keystow")) ok(authenticatorData(cbor(bytesOf(json.response.attestationObject)).value.get("authData")).aaguid === KEYSTOW, "the browser's own provider answered");
  };
  // A passkey for the foreign site, made in a frame where that is allowed.
  const registerThere = async (frame) => {
    const answer = inFrame(frame, "create", {}, { afterClick: true });
    await person("click in frame");
    const json = await consentedTo(answer);
    await isOurs(json);
    return json;
  };
  const withIds = (json) => ({ allowCredentials: [{ type: "public-key", id: bytesOf(json.rawId) }] });

  row("Frames", "same origin: works, crossOrigin false, no topOrigin", async () => {
    const json = await consentedInFrame(await addFrame("/frame.html"), "create");
    await isOurs(json);
    const { origin, crossOrigin, topOrigin } = dataOf(json);
    is([origin, crossOrigin, topOrigin], [location.origin, false, undefined]);
  });
  row("Frames", "cross origin without allow: get is NotAllowedError", async () => {
    const { error } = await inFrame(await addFrame(foreign), "get", {});
    is(error?.name, "NotAllowedError", "the error");
  });
  row("Frames", "cross origin without allow: create is NotAllowedError, user activation or not", async () => {
    const frame = await addFrame(foreign);
    is((await inFrame(frame, "create", {})).error?.name, "NotAllowedError", "the error");
    const answer = inFrame(frame, "create", {}, { afterClick: true });
    await person("click in frame");
    is((await answer).error?.name, "NotAllowedError", "the error after a click");
  });
  row("Frames", "cross origin with allow: create after a click, with crossOrigin and topOrigin", async () => {
    const { type, origin, crossOrigin, topOrigin } = dataOf(await registerThere(await addFrame(foreign, allowed)));
    is([type, origin, crossOrigin, topOrigin], ["webauthn.create", `https://${elsewhere}`, true, location.origin]);
  });
  row("Frames", "cross origin with allow: create without user activation is NotAllowedError", async () => {
    is((await inFrame(await addFrame(foreign, allowed), "create", {})).error?.name, "NotAllowedError", "the error");
  });
  row("Frames", "cross origin with allow: get, with crossOrigin and topOrigin", async () => {
    const frame = await addFrame(foreign, allowed);
    const made = await registerThere(frame);
    const json = await consentedInFrame(frame, "get", withIds(made));
    const { type, origin, crossOrigin, topOrigin } = dataOf(json);
    is([type, origin, crossOrigin, topOrigin], ["webauthn.get", `https://${elsewhere}`, true, location.origin]);
    is(json.id, made.id, "the credential");
  });
  row("Frames", "cross origin, allowed by name of origin only for get: create is refused", async () => {
    const frame = await addFrame(foreign, { allow: `publickey-credentials-get https://${elsewhere}` });
    const answer = inFrame(frame, "create", {}, { afterClick: true });
    await person("click in frame");
    is((await answer).error?.name, "NotAllowedError", "the error");
  });
  row("Frames", "cross origin, allowed for another origin only: refused", async () => {
    const frame = await addFrame(foreign, { allow: "publickey-credentials-get https://another.test" });
    is((await inFrame(frame, "get", {})).error?.name, "NotAllowedError", "the error");
  });
  row("Frames", "a sub-domain's frame is cross origin too: refused without allow", async () => {
    const frame = await addFrame(`https://login.${host}/frame.html`);
    is((await inFrame(frame, "get", { rpId: host })).error?.name, "NotAllowedError", "the error");
  });
  row("Frames", "the top's RP ID is not the frame's to claim", async () => {
    const frame = await addFrame(foreign, allowed);
    is((await inFrame(frame, "get", { rpId: host })).error?.name, "SecurityError", "the error");
  });
  row("Frames", "the top's origin below a foreign frame: crossOrigin true", async () => {
    const frame = await addFrame(foreign, allowed);
    await inFrame(frame, "nested", `${location.origin}/frame.html`);
    const made = await register();
    const json = await consentedTo(inFrame(frame, "get", { allowCredentials: listed(made) }, { through: true }));
    is([dataOf(json).origin, dataOf(json).crossOrigin], [location.origin, true]);
  });
  row("Frames", "a Permissions-Policy header that denies it: NotAllowedError", async () => {
    const answer = await inFrame(await addFrame("/frame.html?header=Permissions-Policy:publickey-credentials-get=(),publickey-credentials-create=()"), "get", {});
    is(answer.error?.name, "NotAllowedError", "the error");
  });
  row("Frames", "a Feature policy of the frame element that denies it: NotAllowedError", async () => {
    const answer = await inFrame(await addFrame("/frame.html", { allow: "publickey-credentials-get 'none'" }), "get", {});
    is(answer.error?.name, "NotAllowedError", "the error");
  });
  const inside = (frame) => frame.contentWindow.navigator.credentials;
  const works = async (frame) => {
    const credential = await consented(inside(frame).create({ publicKey: creation() }));
    await byProvider(credential);
    ok(credential instanceof frame.contentWindow.PublicKeyCredential, "it is of another realm");
    is([clientData(credential).origin, clientData(credential).crossOrigin], [location.origin, false]);
  };
  row("Frames", "srcdoc: works, with the parent's origin", async () => works(await addFrame(null, { srcdoc: "<p>srcdoc</p>" })));
  row("Frames", "about:blank, and no src at all: works, with the parent's origin", async () => {
    await works(document.body.appendChild(document.createElement("iframe")));
    await works(await addFrame("about:blank"));
  });
  row("Frames", "blob: works, with its maker's origin", async () => works(await addFrame(URL.createObjectURL(new Blob(["<p>blob</p>"], { type: "text/html" })))));
  row("Frames", "a javascript: URL's document: works", async () => works(await addFrame("javascript:'<p>made by a script</p>'")));
  row("Frames", "document.open(): the new document works", async () => {
    const frame = await addFrame("/empty.html");
    frame.contentDocument.open();
    frame.contentDocument.write("<p>written</p>");
    frame.contentDocument.close();
    await works(frame);
  });
  row("Frames", "sandboxed with allow-same-origin: works", async () => works(await addFrame("/empty.html", { sandbox: "allow-same-origin allow-scripts" })));
  row("Frames", "sandboxed without it, opaque: refused", async () => {
    const frame = await addFrame("/frame.html", { sandbox: "allow-scripts", ...allowed });
    for (const call of ["create", "get"]) {
      const { error } = await within(inFrame(frame, call, {}), 5000, `${call} did not end`);
      ok(["NotAllowedError", "SecurityError"].includes(error?.name), `${call} gives ${error?.name}`);
    }
  });
  row("Frames", "a data: URL's document: no API, or refused", async () => {
    const script = "parent.postMessage({answers:'data', found: typeof navigator.credentials?.create}, '*'); navigator.credentials?.get({publicKey:{challenge:new Uint8Array(8)}}).then(()=>0,(e)=>parent.postMessage({answers:'refused', name:e.name},'*'))";
    const answer = (wanted) => new Promise((resolve) => addEventListener("message", ({ data }) => { if (data?.answers === wanted) resolve(data); }));
    const [found, refused] = [answer("data"), answer("refused")];
    await addFrame(`data:text/html,<script>${encodeURIComponent(script)}<\/script>`, allowed);
    if ((await found).found === "undefined") return;
    const { name } = await within(refused, 5000, "the call did not end");
    ok(["NotAllowedError", "SecurityError"].includes(name), `it gives ${name}`);
  });
  row("Frames", "a frame that is taken out: its call ends, or is for ever silent, and nothing stays open", async () => {
    const frame = await addFrame("/frame.html");
    await person("hold");
    inFrame(frame, "create", {});
    await person("window");
    frame.remove();
    await person("no window");
  });
  row("Frames", "a call through the container of a frame that was taken out", async () => {
    const frame = await addFrame("/empty.html"), container = inside(frame), { TypeError: FrameTypeError } = frame.contentWindow;
    frame.remove();
    const outcome = await Promise.race([(async () => container.create({ publicKey: creation() }))().catch((error) => error), sleep(3000)]);
    ok(outcome === undefined || outcome instanceof Error || outcome instanceof FrameTypeError || "name" in outcome, "it gave a credential");
    ok(outcome?.type !== "public-key", "it gave a credential");
  });
  row("Frames", "an <object> and an <embed> of the same origin: work", async () => {
    for (const [tag, attribute] of [["object", "data"], ["embed", "src"]]) {
      const element = document.createElement(tag);
      element.type = "text/html";
      element[attribute] = "/empty.html";
      const loaded = new Promise((resolve) => { element.onload = resolve; });
      document.body.append(element);
      await within(loaded, 5000, `the ${tag} did not load`);
      const { credentials } = (element.contentWindow ?? window[0]).navigator;
      is((await consented(credentials.create({ publicKey: creation() }))).type, "public-key");
      element.remove();
    }
  });
  row("Frames", "conditional get in an allowed foreign frame stays pending", async () => {
    await person("hold");
    const frame = await addFrame(foreign, allowed);
    const answer = inFrame(frame, "get", {}, { rest: { mediation: "conditional" } });
    ok(await isPending(answer, 1200), "it ended");
  });
  row("Frames", "the call of a frame that goes to another origin meanwhile answers no one there", async () => {
    const frame = await addFrame("/frame.html");
    await person("hold");
    const answer = inFrame(frame, "create", {});
    await person("window");
    frame.src = foreign;
    await new Promise((resolve) => { frame.onload = resolve; });
    await person("no window");
    ok(await isPending(answer.then((data) => { if (data.error) return new Promise(() => {}); }), 500), "the page that was left got a credential");
  });
}
