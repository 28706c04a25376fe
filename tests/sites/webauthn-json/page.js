// Both APIs of @github/webauthn-json 2. A test calls `begin`, does what a person does, and then awaits `settled`.
import * as first from "/npm/@github/webauthn-json/dist/esm/webauthn-json.js";
import * as ponyfill from "/npm/@github/webauthn-json/dist/esm/webauthn-json.browser-ponyfill.js";

const apis = {
  first: {
    create: (publicKey) => first.create({ publicKey }),
    get: (publicKey) => first.get({ publicKey }),
  },
  ponyfill: {
    create: async (publicKey) => (await ponyfill.create(ponyfill.parseCreationOptionsFromJSON({ publicKey }))).toJSON(),
    get: async (publicKey) => (await ponyfill.get(ponyfill.parseRequestOptionsFromJSON({ publicKey }))).toJSON(),
  },
};

window.supported = first.supported() && ponyfill.supported();
window.begin = (api, call, options) => {
  window.settled = apis[api][call](options).then(
    (credential) => ({ credential }),
    ({ name, message }) => ({ error: { name, message } }),
  );
};
