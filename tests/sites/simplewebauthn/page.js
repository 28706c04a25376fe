// Registration by a button's call, sign-in by autofill. A test calls `begin`, does what a person does, and then awaits `settled`.
const { browserSupportsWebAuthnAutofill, startAuthentication, startRegistration } = SimpleWebAuthnBrowser;

const calls = {
  create: (optionsJSON) => startRegistration({ optionsJSON }),
  autofill: (optionsJSON) => startAuthentication({ optionsJSON, useBrowserAutofill: true }),
  get: (optionsJSON) => startAuthentication({ optionsJSON }),
};

window.supported = browserSupportsWebAuthnAutofill();
window.begin = (call, options) => {
  window.settled = calls[call](options).then(
    (credential) => ({ credential }),
    ({ name, message }) => ({ error: { name, message } }),
  );
  // One call of the library's ends the one before: what became of each.
  (window.all ??= []).push(settled);
};
