// A stand-in for the background, for the tests of page.js and content.js alone. What it does with a call is written in the call:
// its first hint. It remembers what it was told, and tells it when asked for the log.
const api = globalThis.browser ?? globalThis.chrome;
const log = [];

const base64url = (text) => btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const clientDataJSON = (type) => base64url(JSON.stringify({ type, challenge: "Y2g", origin: "http://localhost", crossOrigin: false }));

// Members in an order of its own, as another JSON writer might have it.
const registration = () => ({
  type: "public-key",
  id: "a2V5c3Rvdw",
  rawId: "a2V5c3Rvdw",
  response: {
    clientDataJSON: clientDataJSON("webauthn.create"),
    attestationObject: "o2NmbXRkbm9uZQ",
    authenticatorData: "AAECAw",
    publicKey: "MFkwEwYH",
    publicKeyAlgorithm: -7,
    transports: ["hybrid", "internal"],
  },
  authenticatorAttachment: "platform",
  clientExtensionResults: { credProps: { rk: true } },
});
const assertion = () => ({
  type: "public-key",
  id: "a2V5c3Rvdw",
  rawId: "a2V5c3Rvdw",
  response: { clientDataJSON: clientDataJSON("webauthn.get"), authenticatorData: "BAUGBw", signature: "MEUCIQ", userHandle: "dXNlcg" },
  authenticatorAttachment: "platform",
  clientExtensionResults: {},
});
const credentialFor = ({ call }) => (call === "create" ? registration() : assertion());

const scripts = {
  credential: (port, request) => answer(port, { credential: credentialFor(request) }),
  "no handle": (port, request) => {
    const credential = credentialFor(request);
    credential.response.userHandle = null;
    delete credential.authenticatorAttachment;
    answer(port, { credential });
  },
  echo: (port, request) => answer(port, { error: { name: "NotAllowedError", message: JSON.stringify(request) } }),
  log: (port) => answer(port, { error: { name: "NotAllowedError", message: JSON.stringify(log) } }),
  "InvalidStateError": (port) => answer(port, { error: { name: "InvalidStateError", message: "Already registered." } }),
  "TypeError": (port) => answer(port, { error: { name: "TypeError", message: "Bad." } }),
  native: (port) => answer(port, { native: true }),
  silence: () => {},
  pending: (port) => port.postMessage({ ack: true }),
  slow: (port, request) => {
    port.postMessage({ ack: true });
    setTimeout(() => port.postMessage({ credential: credentialFor(request) }), 2500);
  },
  disconnect: (port) => port.disconnect(),
  "disconnect once": (port, request, times) => (times === 1 ? port.disconnect() : scripts.credential(port, request)),
  garbage: (port) => answer(port, { credential: { type: "public-key", id: 7 } }),
  "bad bytes": (port, request) => {
    const credential = credentialFor(request);
    credential.response.clientDataJSON = "!";
    answer(port, { credential });
  },
  reload: (port) => {
    port.postMessage({ ack: true });
    setTimeout(() => api.runtime.reload(), 50);
  },
};

// What is asked for no credential. A signal for another RP ID is refused.
const signalled = (port, { options }) =>
  answer(port, options.rpId === "localhost" ? { done: true } : { error: { name: "SecurityError", message: "Not this site's." } });
const others = {
  capabilities: (port) => answer(port, { capabilities: { conditionalGet: true, immediateGet: true, "extension:keystow": true } }),
  signalAllAcceptedCredentials: signalled, signalCurrentUserDetails: signalled, signalUnknownCredential: signalled,
};

function answer(port, message) {
  port.postMessage({ ack: true });
  port.postMessage(message);
}

api.runtime.onConnect.addListener((port) => {
  let entry;
  port.onMessage.addListener((message) => {
    if (message.abort) return entry.events.push("abort");
    const script = message.call in others ? message.call : message.options?.hints?.[0] ?? "credential";
    entry = { ceremony: message.ceremony, name: port.name, script, events: [] };
    const times = log.push(entry) && log.filter((other) => other.ceremony === message.ceremony).length;
    (others[script] ?? scripts[script])(port, message, times);
  });
  port.onDisconnect.addListener(() => entry?.events.push("disconnect"));
});
