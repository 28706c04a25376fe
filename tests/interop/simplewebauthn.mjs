// A relying party on @simplewebauthn/server. One JSON request a line on standard input, one JSON answer a line on
// standard output; see tests/src/judge.rs. Arguments: RP ID, origin, and, where it
// is to be in frames of another site, that site's origin.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(new URL("../npm/package.json", import.meta.url));
const server = require("@simplewebauthn/server");

const [rpID, origin, expectedTopOrigin] = process.argv.slice(2);
const accounts = new Map();
const begun = {};

const commands = {
  async registrationOptions({ user, userVerification, attestation, exclude, algorithm }) {
    const known = accounts.get(user);
    const options = await server.generateRegistrationOptions({
      rpName: "SimpleWebAuthn",
      rpID,
      userName: user,
      userDisplayName: `${user}'s display name`,
      userID: known?.userID ?? crypto.getRandomValues(new Uint8Array(32)),
      attestationType: attestation,
      authenticatorSelection: { residentKey: "required", userVerification },
      excludeCredentials: exclude ? (known?.credentials ?? []).map(({ id, transports }) => ({ id, transports })) : [],
      ...(algorithm && { supportedAlgorithmIDs: [algorithm] }),
    });
    begun.register = { user, userVerification, options };
    return { options };
  },

  async register({ response }) {
    const { user, userVerification, options } = begun.register;
    const { verified, registrationInfo: info } = await server.verifyRegistrationResponse({
      response,
      expectedChallenge: options.challenge,
      expectedOrigin: origin,
      expectedRPID: rpID,
      requireUserVerification: userVerification === "required",
      supportedAlgorithmIDs: options.pubKeyCredParams.map(({ alg }) => alg),
    });
    if (!verified) return { refused: "not verified: the attestation signature is wrong" };
    const account = accounts.get(user) ?? { userID: Buffer.from(options.user.id, "base64url"), credentials: [] };
    account.credentials.push({ ...info.credential, transports: response.response.transports });
    accounts.set(user, account);
    const { fmt: format, userVerified, aaguid } = info;
    return { accepted: { user, userVerified, format, aaguid, signCount: info.credential.counter } };
  },

  async signInOptions({ user, userVerification }) {
    const allowCredentials = (accounts.get(user)?.credentials ?? []).map(({ id, transports }) => ({ id, transports }));
    const options = await server.generateAuthenticationOptions({ rpID, userVerification, allowCredentials });
    begun.signIn = { userVerification, options };
    return { options };
  },

  async signIn({ response }) {
    const { userVerification, options } = begun.signIn;
    const [user, credential] = owner(response.id);
    const { verified, authenticationInfo: info } = await server.verifyAuthenticationResponse({
      response,
      expectedChallenge: options.challenge,
      expectedOrigin: origin,
      expectedTopOrigin,
      expectedRPID: rpID,
      credential,
      requireUserVerification: userVerification === "required",
    });
    if (!verified) return { refused: "not verified: the assertion signature is wrong" };
    return { accepted: { user, userVerified: info.userVerified, signCount: info.newCounter } };
  },
};

function owner(id) {
  for (const [user, { credentials }] of accounts) {
    const credential = credentials.find((known) => known.id === id);
    if (credential) return [user, credential];
  }
  throw new Error("no account has this credential");
}

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...rest } = JSON.parse(line);
  const answer = await commands[command](rest).catch((error) => ({ refused: String(error) }));
  console.log(JSON.stringify(answer));
}
