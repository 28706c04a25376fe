// What only a frame knows of itself, for content.js. The answers come from the browser and not from the page, which cannot reach this world.
//
// Permissions Policy (L3 §5.9): Chromium says it. Firefox has no such API by default; there the browser's own function is asked for a
// credential of the RP ID "", which cannot be: SecurityError means that the policy was no obstacle. A document whose ancestors all have
// its own origin is allowed by default, and is not asked about.
(() => {
  "use strict";
  const POLICIES = { create: "publickey-credentials-create", get: "publickey-credentials-get" };

  // Calls that the probe has found allowed. In a tab that is not shown Firefox refuses everything, so a refusal is not remembered.
  const allowed = new Set();

  globalThis.keystow = { frame };

  // What goes with a call of the page that is being made now. The origins above this document, the parent's first, are for where the
  // background is not told what is above: Chromium lists no blob: frames.
  async function frame(call) {
    const activated = navigator.userActivation?.isActive ?? false;
    return { ancestorOrigins: Array.from(location.ancestorOrigins ?? []), frame: { allowed: await isAllowed(call), activated } };
  }

  async function isAllowed(call) {
    const policy = POLICIES[call];
    if (!policy) return true;
    if (document.featurePolicy) return document.featurePolicy.allowsFeature(policy);
    if (hasOwnAncestorsOnly() || allowed.has(call)) return true;
    if (await probe(call)) allowed.add(call);
    return allowed.has(call);
  }

  function hasOwnAncestorsOnly() {
    if (window === window.top) return true;
    const { ancestorOrigins } = location;
    return Boolean(ancestorOrigins) && Array.from(ancestorOrigins).every((other) => other === window.origin);
  }

  async function probe(call) {
    try {
      await navigator.credentials[call]({ publicKey: impossible[call]() });
    } catch (error) {
      return error.name === "SecurityError";
    }
    return false;
  }

  const impossible = {
    create: () => ({
      challenge: new Uint8Array(1),
      pubKeyCredParams: [{ alg: -7, type: "public-key" }],
      rp: { id: "", name: "" },
      user: { displayName: "", id: new Uint8Array(1), name: "" },
    }),
    get: () => ({ challenge: new Uint8Array(1), rpId: "" }),
  };
})();
