// The script of the memvid child process: the native module may crash there without taking our own process down.

/** CommonJS; the request is JSON on stdin. Frames are put one by one: many at once block for ever. */
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
