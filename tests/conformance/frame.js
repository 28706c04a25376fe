// The document in a frame: makes the call that its parent asks for, and tells what came of it.
addEventListener("message", async ({ data, source, origin }) => {
  const { id, call, publicKey, rest = {}, afterClick } = data ?? {};
  if (call === undefined) return;
  const tell = (answer) => source.postMessage({ answers: id, ...answer }, "*");
  if (afterClick) {
    await new Promise((resolve) => document.getElementById("act").addEventListener("click", resolve, { once: true }));
  }
  try {
    if (call === "nested") {
      const frame = document.body.appendChild(document.createElement("iframe"));
      frame.allow = "publickey-credentials-get *; publickey-credentials-create *";
      frame.src = publicKey;
      await new Promise((resolve) => { frame.onload = resolve; });
      addEventListener("message", ({ data, source: from }) => {
        if (from === frame.contentWindow) source.postMessage(data, "*");
        else if (data.pass) frame.contentWindow.postMessage(data.pass, "*");
      });
      return tell({ nested: true });
    }
    const credential = await navigator.credentials[call]({ publicKey, ...rest });
    tell({ credential: credential?.toJSON() ?? null, is: credential instanceof PublicKeyCredential });
  } catch (error) {
    tell({ error: { name: error?.name, message: error?.message } });
  }
});
parent.postMessage({ answers: "ready" }, "*");
