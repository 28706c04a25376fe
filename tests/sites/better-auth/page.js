// What a site's own page does with better-auth's client.
import { createAuthClient } from "better-auth/client";
import { passkeyClient } from "@better-auth/passkey/client";

const client = createAuthClient({ plugins: [passkeyClient()] });
const account = { email: "ada@example.com", password: "a long password" };

const steps = {
  signUp: () => client.signUp.email({ ...account, name: "Ada" }),
  addPasskey: () => client.passkey.addPasskey({ name: "Keystow" }),
  signOut: () => client.signOut(),
  signInByPasskey: () => client.signIn.passkey(),
  signInByAutofill: () => client.signIn.passkey({ autoFill: true }),
  passkeys: () => client.$fetch("/passkey/list-user-passkeys", { method: "GET" }),
  session: () => client.getSession(),
};

// A test calls `begin`, does what a person does, and then awaits `settled`: {data, error}, as better-auth gives it.
window.begin = (step) => {
  window.settled = steps[step]().then(
    ({ data, error }) => ({ data, error }),
    (error) => ({ data: null, error: String(error) }),
  );
};
