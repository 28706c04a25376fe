// The link from the page to the background, and what happens when it breaks.
const lastOf = async (script) => (await log()).filter((entry) => entry.script === script).at(-1);
const timed = async (promise) => {
  const start = performance.now();
  const result = await promise;
  return { result, time: performance.now() - start };
};

rows["link: one port named ceremony for each call, closed by the answer"] = async () => {
  await create(creation("credential"));
  await until(async () => (await lastOf("credential")).events.includes("disconnect"));
  is((await lastOf("credential")).name, "ceremony");
};

rows["link: two calls at once are each answered"] = async () => {
  const [first, second, error] = await Promise.all([create(creation("slow")), get(request()), rejection(create(creation("InvalidStateError")))]);
  is([first.response instanceof AuthenticatorAttestationResponse, second.response instanceof AuthenticatorAssertionResponse], [true, true]);
  is(error.name, "InvalidStateError");
};

rows["link: a prompt that takes long is waited for"] = async () => {
  const { result, time } = await timed(create(creation("slow")));
  is(result.id, CANNED);
  is(time > 2400, true, `${time} ms`);
};

rows["link: no acknowledgement within a second is the browser's own call, and is cancelled"] = async () => {
  const { result, time } = await timed(create(creation("silence")));
  is(result.id === CANNED, false);
  is(time > 900 && time < 2500, true, `${time} ms`);
  await sleep(200);
  is((await lastOf("silence")).events, ["abort", "disconnect"]);
  is((await create(creation())).id, CANNED, "and the next call is Keystow's");
};

rows["link: a page that is busy for long does not lose the acknowledgement"] = async () => {
  const pending = create(creation("slow"));
  const end = performance.now() + 1600;
  while (performance.now() < end);
  is((await pending).id, CANNED);
};

rows["link: an aborted signal rejects with its reason, and nothing is asked"] = async () => {
  const reason = { mine: true };
  const before = (await log()).length;
  same(await rejection(create({ ...creation("echo"), signal: AbortSignal.abort(reason) })), reason);
  is((await log()).length, before + 1);
  const invalid = await rejection(create({ publicKey: {}, signal: AbortSignal.abort(reason) }));
  is(invalid.name, "TypeError", "bad options come first");
};

rows["link: abort while pending rejects with the reason itself and reaches the background"] = async () => {
  const controller = new AbortController();
  const promise = rejection(get({ ...request("pending"), signal: controller.signal }));
  await until(async () => (await lastOf("pending"))?.events.length === 0);
  const reason = Symbol("reason");
  controller.abort(reason);
  same(await promise, reason);
  await until(async () => (await lastOf("pending")).events.join() === "abort,disconnect");
};

rows["link: abort without a reason is an AbortError, by a timeout a TimeoutError"] = async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  await rejects(get({ ...request("pending"), signal: controller.signal }), DOMException, "AbortError");
  await rejects(get({ ...request("pending"), signal: AbortSignal.timeout(50) }), DOMException, "TimeoutError");
};

rows["link: an abort event that the page made up aborts nothing"] = async () => {
  const { signal } = new AbortController();
  const promise = create({ ...creation("slow"), signal });
  signal.dispatchEvent(new Event("abort"));
  is((await promise).id, CANNED);
};

rows["link: an abort after the call is settled sends nothing"] = async () => {
  const { messages, answer } = await ownPipe();
  for (const reply of [{ error: { message: "m", name: "NotAllowedError" } }, { native: true }]) {
    const controller = new AbortController();
    const promise = create({ ...creation(), signal: controller.signal }).catch(() => {});
    await sleep(50);
    answer({ id: messages.at(-1).id, ...reply });
    await promise;
    const before = messages.length;
    controller.abort();
    await sleep(50);
    is(messages.slice(before), [], JSON.stringify(reply));
  }
};

rows["link: a content script that falls silent in a call is the browser's own call, and asked no more"] = async () => {
  const { messages, answer } = await ownPipe();
  const pending = create(creation());
  await sleep(50);
  answer({ id: messages[0].id, ack: true });
  const { result, time } = await timed(pending);
  is(result.id === CANNED, false);
  is(time > 1500 && time < 3500, true, `${time} ms`);
  is(Object.keys(messages.at(-1)), ["id", "abort"]);
  const { time: second } = await timed(create(creation()));
  is(second < 900, true, `${second} ms`);
};

rows["link: a background that died once is asked again under the same ceremony id"] = async () => {
  is((await create(creation("disconnect once"))).id, CANNED);
  const entries = (await log()).filter(({ script }) => script === "disconnect once");
  is(entries.length, 2);
  is(entries[0].ceremony, entries[1].ceremony);
};

rows["link: a background that dies each time is the browser's own call"] = async () => {
  const { result, time } = await timed(create(creation("disconnect")));
  is(result.id === CANNED, false);
  is(time < 2500, true, `${time} ms`);
};

rows["link: an answer that is none is the browser's own call, then and for this document"] = async () => {
  is((await create(creation("garbage"))).id === CANNED, false);
  is((await create(creation())).id === CANNED, false);
};

rows["link: an answer that cannot be decoded is the browser's own call, then and for this document"] = async () => {
  is((await create(creation("bad bytes"))).id === CANNED, false);
  is((await create(creation())).id === CANNED, false);
};

rows["link: document.open() does not cut the channel"] = async () => {
  const frame = document.createElement("iframe");
  frame.src = "/frame.html";
  await new Promise((resolve) => { frame.onload = resolve, document.body.append(frame); });
  frame.contentDocument.open();
  frame.contentDocument.write("<p>new</p>");
  frame.contentDocument.close();
  is((await frame.contentWindow.navigator.credentials.create(creation())).id, CANNED);
};

rows["link: a document that is left cancels its calls"] = async () => {
  const frame = document.createElement("iframe");
  frame.src = "/frame.html";
  await new Promise((resolve) => { frame.onload = resolve, document.body.append(frame); });
  void frame.contentWindow.navigator.credentials.get(request("pending"));
  await until(async () => (await lastOf("pending"))?.events.length === 0);
  frame.contentWindow.location = "/frame.html?2";
  await until(async () => (await lastOf("pending")).events.includes("disconnect"));
};

// The test calls this in a document that it then leaves for the row below. Nothing else holds on to that document: it may be kept.
function leavePending() {
  get(request("pending")).catch(() => {});
}
rows["link: a document that may come back from the back/forward cache has cancelled its calls"] = async () => {
  await until(async () => (await lastOf("pending")).events.includes("disconnect"));
};

// Last: the extension is another one afterwards.
rows["reload: the extension is reloaded while a call is pending, and the browser answers"] = async () => {
  const { result, time } = await timed(create(creation("reload")));
  is(result instanceof PublicKeyCredential && result.id !== CANNED, true);
  is(time < 5000, true, `${time} ms`);
};
