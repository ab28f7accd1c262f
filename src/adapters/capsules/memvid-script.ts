// What the memvid child process runs: the native module lives and may die there, never in our own process.

/** CommonJS; the request comes as JSON on stdin. Frames are put one by one: many at once block forever. */
export const MEMVID_SCRIPT = `
const { readFileSync, writeFileSync, mkdirSync } = require("node:fs");
const { dirname, join } = require("node:path");
const request = JSON.parse(readFileSync(0, "utf8"));
const { MemvidHandle } = require(request.module);
async function write() {
  const handle = await MemvidHandle.openWith(request.path, "create", false, false, false);
  for (const { uri, file } of request.puts)
    await handle.put({ title: uri, label: "bakeoff", metadata: {}, file, uri, timestamp: 0, noRaw: false, autoTag: false, extractDates: false, enableEmbedding: false, searchText: uri });
  await handle.seal();
}
async function read() {
  const handle = await MemvidHandle.openWith(request.path, "open", false, false, true);
  for (const [index, uri] of request.uris.entries()) {
    const file = join(request.folder, request.names[index]);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.from(await handle.getBlobByUri(uri)));
  }
}
(request.do === "write" ? write() : read()).then(() => process.exit(0), (error) => {
  process.stderr.write(String(error && error.message || error));
  process.exit(1);
});
`;
