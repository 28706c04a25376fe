// `web-ext run` starts Firefox with the extension: a page that it opens finds Keystow's functions in place.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import test from 'node:test';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WEB_EXT = fileURLToPath(new URL('node_modules/.bin/web-ext', import.meta.url));
const FIREFOX = ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find(existsSync);

// page.js leaves the native function under this symbol of the function that it puts in place.
const PAGE = `<!doctype html><script>
  fetch('/found', { method: 'POST', body: String(Object.hasOwn(navigator.credentials.create, Symbol.for('keystow'))) });
</script>`;

test('web-ext run starts Firefox with the extension', { timeout: 120_000 }, async (t) => {
  assert.ok(existsSync(WEB_EXT), 'web-ext is missing. Run: ./build.sh setup');
  assert.ok(FIREFOX, 'Firefox is missing. Run: ./build.sh setup');
  const { url, found } = await site(t);
  const run = spawn(WEB_EXT, [
    'run', '--source-dir', `${ROOT}/dist/firefox`, '--firefox', FIREFOX, '--start-url', url, '--arg=-headless', '--no-reload', '--no-input',
  ], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [run.stdout, run.stderr]) stream.on('data', (text) => { said += text; });
  t.after(() => stop(run));
  const ended = once(run, 'exit').then(([code]) => assert.fail(`web-ext ended with ${code}:\n${said}`));
  assert.equal(await Promise.race([found, ended]), 'true', said);
});

async function site(t) {
  let report;
  const found = new Promise((resolve) => { report = resolve; });
  const server = createServer((request, response) => {
    if (request.url !== '/found') return response.setHeader('content-type', 'text/html').end(PAGE);
    let body = '';
    request.on('data', (text) => { body += text; }).on('end', () => { response.end(); report(body); });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  return { url: `http://localhost:${server.address().port}/`, found };
}

// web-ext and the browser that it started are one process group.
function stop(run) {
  try {
    process.kill(-run.pid, 'SIGTERM');
  } catch {
    // All of it has ended.
  }
}
