// Documents of every kind that belong to this origin.
const framed = async (prepare) => {
  const frame = document.createElement("iframe");
  await new Promise((resolve) => {
    frame.onload = resolve;
    prepare(frame);
    document.body.append(frame);
  });
  return frame.contentWindow;
};
const works = async (window) => {
  const credential = await window.navigator.credentials.create(creation());
  is(credential.id, CANNED);
  same(Object.getPrototypeOf(credential), window.PublicKeyCredential.prototype, "the realm of the credential");
  same(Object.getPrototypeOf(credential.rawId), window.ArrayBuffer.prototype, "the realm of the bytes");
  const error = await rejection(window.navigator.credentials.create(creation("InvalidStateError")));
  same(Object.getPrototypeOf(error), window.DOMException.prototype, "the realm of the error");
};

rows["frames: about:blank, at once after insertion"] = async () => {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  await works(frame.contentWindow);
};
rows["frames: srcdoc"] = async () => works(await framed((frame) => { frame.srcdoc = "<p>hello"; }));
rows["frames: blob"] = async () => works(await framed((frame) => {
  frame.src = URL.createObjectURL(new Blob(["<p>hello"], { type: "text/html" }));
}));
rows["frames: a same-origin document, and one inside it"] = async () => {
  const outer = await framed((frame) => { frame.src = "/frame.html"; });
  await works(outer);
  const inner = outer.document.createElement("iframe");
  outer.document.body.append(inner);
  await works(inner.contentWindow);
};
rows["frames: a frame's wrapper refuses another window's container"] = async () => {
  const { CredentialsContainer: other } = await framed((frame) => { frame.src = "/frame.html"; });
  const before = (await log()).length;
  await rejection(other.prototype.create.call({}, creation()));
  is((await log()).length, before + 1);
};
rows["frames: XHTML under a strict policy"] = async () => works(await framed((frame) => { frame.src = "/strict.xhtml"; }));
rows["frames: a frame of another origin is wrapped, and what it asks reaches the background"] = async () => {
  const answers = [];
  addEventListener("message", ({ data }) => answers.push(data));
  const frame = document.createElement("iframe");
  frame.allow = "publickey-credentials-get *; publickey-credentials-create *";
  frame.src = `http://other.localhost:${location.port}/foreign.html`;
  document.body.append(frame);
  await until(() => answers.length === 1);
  is(answers[0], { wrapped: true, secure: true });
  frame.contentWindow.postMessage("get", "*");
  await until(() => answers.length === 2);
  is(answers[1], { id: CANNED });
};
for (const file of ["document.svg", "document.xml", "document.txt"]) {
  rows[`frames: ${file} is left alone`] = async () => {
    const { document: inner, CredentialsContainer: Container } = await framed((frame) => { frame.src = `/${file}`; });
    is(inner.contentType.includes("html"), false, inner.contentType);
    for (const name of ["create", "get"]) is(Symbol.for("keystow") in Container.prototype[name], false, name);
  };
}
