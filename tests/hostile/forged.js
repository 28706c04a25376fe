// Says on the handshake event what page.js said before any page could, and much else; leaves in `forged` what anyone answers.
window.forged = { answers: 0, taken: 0 };
const messages = [
  "", "null", "[]", "7", "{", '{"__proto__":{"id":1}}', '{"id":1,"call":"create"}', '{"id":1,"call":"get","mediation":"optional","options":{}}',
  '{"id":"1","call":"create","options":{}}', '{"id":1e99,"call":"create","options":{}}', '{"id":2,"call":"reset","options":{}}',
  '{"id":3,"call":"create","mediation":"optional","options":{"origin":"https://bank.example"},"frame":{"allowed":true,"activated":true}}',
  '{"id":4,"abort":true}', '{"id":5,"ping":true}', '{"locked":["get"]}', '{"check":true}', '{"gone":true}', '{"id":6,"credential":{}}',
  `{"id":7,"call":"create","options":${"[".repeat(5000)}${"]".repeat(5000)}}`, `{"id":8,"call":"create","options":"${"x".repeat(1 << 21)}"}`,
];
for (const target of [document, window, document.documentElement]) {
  for (let round = 0; round < 20; round += 1) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { forged.answers += 1; };
    const event = new MessageEvent("keystow", { cancelable: true, bubbles: true, ports: [port2], data: messages[round] });
    if (!target.dispatchEvent(event)) forged.taken += 1;
    for (const message of messages) port1.postMessage(message);
    port1.postMessage({ id: 9, call: "create", options: {} });
    target.dispatchEvent(new CustomEvent("keystow", { cancelable: true, detail: { ports: [port2] } }));
    target.dispatchEvent(new Event("keystow", { cancelable: true }));
  }
}
for (const message of messages) postMessage(message, "*");
