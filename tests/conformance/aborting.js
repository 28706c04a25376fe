// Signals, at every point of a call.
{
  const methods = [["create", () => creation()], ["get", () => request()]];
  const both = async (check) => { for (const [name, options] of methods) await check((rest) => navigator.credentials[name]({ publicKey: options(), ...rest }), name); };

  row("Abort", "a signal that is aborted already: its reason, at once", () => both(async (call) => {
    const mine = { not: "even an error" };
    const outcome = await call({ signal: AbortSignal.abort(mine) }).catch((error) => error);
    same(outcome, mine, "what the promise rejects with");
  }));
  row("Abort", "aborted without a reason: AbortError", () => both((call) => rejects(call({ signal: AbortSignal.abort() }), "AbortError")));
  row("Abort", "in the same turn as the call", () => both(async (call) => {
    const controller = new AbortController(), mine = new RangeError("mine");
    const promise = call({ signal: controller.signal });
    controller.abort(mine);
    same(await rejects(promise, "RangeError"), mine, "the error");
  }));
  row("Abort", "soon after the call, at ten different moments", () => both(async (call) => {
    for (let wait = 0; wait < 50; wait += 5) {
      await person("hold");
      const controller = new AbortController(), mine = new RangeError("mine");
      const promise = call({ signal: controller.signal });
      promise.catch(() => {});
      await sleep(wait);
      controller.abort(mine);
      const outcome = await within(promise.catch((error) => error), 5000, "nothing came");
      ok(outcome === mine || outcome?.name === "NotAllowedError", `it is ${outcome}`);
    }
  }));
  row("Abort", "while the user is asked: the reason exactly, and nothing stays open", async () => {
    await person("hold");
    const controller = new AbortController(), mine = new RangeError("mine");
    const promise = create(creation(), { signal: controller.signal });
    promise.catch(() => {});
    await person("window");
    controller.abort(mine);
    same(await rejects(promise, "RangeError"), mine, "the error");
    await person("no window");
  });
  row("Abort", "AbortSignal.timeout: TimeoutError", async () => {
    await person("hold");
    await rejects(create(creation(), { signal: AbortSignal.timeout(300) }), "TimeoutError");
  });
  row("Abort", "AbortSignal.any: the reason of the one that was aborted", async () => {
    await person("hold");
    const controller = new AbortController(), mine = new RangeError("mine");
    const promise = create(creation(), { signal: AbortSignal.any([new AbortController().signal, controller.signal]) });
    setTimeout(() => controller.abort(mine), 100);
    same(await rejects(promise, "RangeError"), mine, "the error");
  });
  row("Abort", "after the end: nothing changes", async () => {
    const controller = new AbortController();
    const credential = await register({}, { signal: controller.signal });
    controller.abort();
    is(credential.type, "public-key");
  });
  row("Abort", "an event dispatched on the signal without an abort ends nothing", async () => {
    const controller = new AbortController();
    await person("hold");
    const promise = create(creation(), { signal: controller.signal });
    promise.catch(() => {});
    await person("window");
    controller.signal.dispatchEvent(new Event("abort"));
    ok(await isPending(promise, 300), "the call ended");
    controller.abort();
    await rejects(promise, "AbortError");
  });
  row("Abort", "a call after an aborted one works", async () => {
    const controller = new AbortController();
    const promise = create(creation(), { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await promise.catch(() => {});
    await register();
  });
  row("Abort", "of a conditional get: the reason exactly", async () => {
    await person("hold");
    const controller = new AbortController(), mine = new RangeError("mine");
    const promise = get(request(), { mediation: "conditional", signal: controller.signal });
    promise.catch(() => {});
    await sleep(300);
    controller.abort(mine);
    same(await rejects(promise, "RangeError"), mine, "the error");
  });
}
