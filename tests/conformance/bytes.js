// Bytes, and the little CBOR that a relying party needs.
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const base64url = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const utf8 = (value) => new TextEncoder().encode(value);

// RFC 8949: integers, strings, arrays, maps, simple values; what an attestation object is made of.
function cbor(buffer, start = 0) {
  const bytes = new Uint8Array(buffer);
  let at = start;
  const take = (length) => bytes.slice(at, (at += length));
  const count = (low) => {
    if (low < 24) return low;
    return take(2 ** (low - 24)).reduce((sum, byte) => sum * 256 + byte, 0);
  };
  const item = () => {
    const first = bytes[at++], low = first & 31;
    switch (first >> 5) {
      case 0: return count(low);
      case 1: return -1 - count(low);
      case 2: return take(count(low));
      case 3: return new TextDecoder().decode(take(count(low)));
      case 4: return Array.from({ length: count(low) }, item);
      case 5: return new Map(Array.from({ length: count(low) }, () => [item(), item()]));
      default: return { 20: false, 21: true, 22: null }[low];
    }
  };
  const value = item();
  return { value, end: at };
}

// L3 section 6.1.
function authenticatorData(buffer) {
  const bytes = new Uint8Array(buffer), flags = bytes[32];
  const flag = (bit) => Boolean(flags & (1 << bit));
  const data = {
    rpIdHash: hex(bytes.slice(0, 32)), UP: flag(0), UV: flag(2), BE: flag(3), BS: flag(4), AT: flag(6), ED: flag(7),
    signCount: new DataView(bytes.buffer, bytes.byteOffset).getUint32(33),
  };
  let at = 37;
  if (data.AT) {
    const length = bytes[53] * 256 + bytes[54];
    data.aaguid = hex(bytes.slice(37, 53));
    data.credentialId = hex(bytes.slice(55, 55 + length));
    const key = cbor(bytes, 55 + length);
    data.publicKey = key.value;
    at = key.end;
  }
  if (data.ED) {
    const extensions = cbor(bytes, at);
    data.extensions = extensions.value;
    at = extensions.end;
  }
  data.isWhole = at === bytes.length;
  return data;
}
const attestation = (credential) => cbor(credential.response.attestationObject).value;
const aaguidOf = (credential) => authenticatorData(attestation(credential).get("authData")).aaguid;

// Whether an assertion's signature is by the key of this registration (ES256).
async function isSignedBy(assertion, registration) {
  const key = await crypto.subtle.importKey("spki", registration.response.getPublicKey(), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  const { authenticatorData: data, clientDataJSON, signature } = assertion.response;
  const signed = new Uint8Array([...new Uint8Array(data), ...(await sha256(clientDataJSON))]);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, fixedLength(new Uint8Array(signature)), signed);
}
// DER's two integers as WebCrypto has them: 32 bytes each.
function fixedLength(der) {
  const first = der[3], numbers = [der.slice(4, 4 + first), der.slice(6 + first)];
  return new Uint8Array(numbers.flatMap((number) => [...new Array(32).fill(0), ...number].slice(-32)));
}
