// A site on better-auth with its passkey plug-in, both as npm has them: the server on a free port of 127.0.0.1, told on the first line
// of standard output, and the client, bundled as sites bundle it. The database is in memory. Argument: the site's origin.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const require = createRequire(new URL("../../npm/package.json", import.meta.url));
const load = (name) => import(require.resolve(name));
const [{ betterAuth }, { memoryAdapter }, { toNodeHandler }, { passkey }, esbuild] = await Promise.all(
  ["better-auth", "better-auth/adapters/memory", "better-auth/node", "@better-auth/passkey", "esbuild"].map(load),
);

const [origin] = process.argv.slice(2);
const auth = betterAuth({
  baseURL: origin,
  secret: "only for tests, and of 32 characters or more",
  database: memoryAdapter({ user: [], session: [], account: [], verification: [], passkey: [] }),
  emailAndPassword: { enabled: true },
  plugins: [passkey({ rpName: "better-auth" })],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
});

const bundle = await esbuild.build({
  entryPoints: [fileURLToPath(new URL("page.js", import.meta.url))],
  nodePaths: [fileURLToPath(new URL("../../npm/node_modules", import.meta.url))],
  bundle: true,
  format: "iife",
  write: false,
});
const files = {
  "/": ["text/html; charset=utf-8", readFileSync(new URL("index.html", import.meta.url))],
  "/page.js": ["text/javascript", bundle.outputFiles[0].contents],
};

const api = toNodeHandler(auth);
const server = createServer((request, response) => {
  if (request.url.startsWith("/api/auth/")) return api(request, response);
  const [type, body] = files[request.url] ?? [];
  response.writeHead(body ? 200 : 404, { "content-type": type ?? "text/plain" }).end(body);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
