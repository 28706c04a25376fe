// The demo page: only navigator.credentials and JSON, as WebAuthn Level 3 has them. `#result` tells a person and a
// WebDriver alike how it went: data-state is idle, busy, accepted, refused (by the server) or stopped (before it).

const element = (id) => document.getElementById(id);
const buttons = document.querySelectorAll("button");

element("form").addEventListener("submit", (event) => {
  event.preventDefault();
  perform("register", element("user-name").value);
});
element("sign-in").addEventListener("click", () => perform("signin", element("user-name").value));
element("sign-in-any").addEventListener("click", () => perform("signin", ""));
showHistory();

async function perform(action, userName) {
  buttons.forEach((button) => { button.disabled = true; });
  show("busy", "Waiting for you…", "The browser, or what stands in for it, is asking.");
  try {
    const { ticket, options } = await post(`/${action}/start`, { userName });
    const credential = action === "register" ? await create(options) : await get(options);
    const answer = await post(`/${action}/finish`, { ticket, credential });
    const headline = action === "register" ? `Passkey created for ${answer.userName}.` : `Welcome back, ${answer.userName}.`;
    show("accepted", headline, "The server checked the signature, and this is what it was told:", answer.facts);
  } catch (error) {
    if (error instanceof Refusal) show("refused", "The server refused.", error.message);
    else show("stopped", "Stopped.", `${error.name}: ${error.message}`);
  }
  buttons.forEach((button) => { button.disabled = false; });
  await showHistory();
}

async function create(json) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON?.(json) ?? withBytes(json);
  return toJson(await navigator.credentials.create({ publicKey }));
}

async function get(json) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON?.(json) ?? withBytes(json);
  return toJson(await navigator.credentials.get({ publicKey }));
}

// --- talking to the server ---------------------------------------------------------------------------------------

class Refusal extends Error {}

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Refusal(answer.refusal);
  return answer;
}

// --- for browsers without L3's JSON methods ----------------------------------------------------------------------

function withBytes(json) {
  const options = { ...json, challenge: bytes(json.challenge) };
  if (json.user) options.user = { ...json.user, id: bytes(json.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (json[list]) options[list] = json[list].map((item) => ({ ...item, id: bytes(item.id) }));
  }
  return options;
}

function toJson(credential) {
  if (credential.toJSON) return credential.toJSON();
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  const clientExtensionResults = credential.getClientExtensionResults();
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults };
}

function bytes(base64url) {
  const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// --- what is shown -----------------------------------------------------------------------------------------------

function show(state, headline, detail, facts) {
  element("headline").textContent = headline;
  element("detail").textContent = detail;
  element("facts").replaceChildren(...(facts ? rows(facts).flatMap(row) : []));
  element("facts").hidden = !facts;
  element("result").dataset.state = state;
}

function rows(facts) {
  return [
    ["You consented (UP)", yes(facts.userPresent)],
    ["You proved it was you (UV)", yes(facts.userVerified)],
    ["May be on several devices (BE)", yes(facts.backupEligible)],
    ["Is on several devices now (BS)", yes(facts.backupState)],
    ["Signature counter", facts.signCount === 0 ? "none kept" : String(facts.signCount)],
    ...(facts.aaguid ? [["Made by (AAGUID)", facts.aaguid]] : []),
  ];
}

function row([name, value]) {
  const term = document.createElement("dt");
  const description = document.createElement("dd");
  term.textContent = name;
  description.textContent = value;
  return [term, description];
}

function yes(flag) {
  return flag ? "yes" : "no";
}

async function showHistory() {
  const { accepted, refused } = await (await fetch("/status")).json();
  const lines = [
    ...accepted.map((outcome) => `${outcome.userName} ${outcome.action === "register" ? "registered" : "signed in"}`),
    ...refused.map((outcome) => `refused: ${outcome.refusal}`),
  ];
  element("history").replaceChildren(...lines.map((line) => {
    const item = document.createElement("li");
    item.textContent = line;
    return item;
  }));
}
