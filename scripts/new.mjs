// `npm run new -- KIND NAME`: writes the skeleton of something that is added often, and the test that fails until it is filled in.
import { fileURLToPath } from "node:url";
import { make } from "./new/make.mjs";

const [kind, name, ...rest] = process.argv.slice(2);
const root = rest[0] === "--root" ? rest[1] : fileURLToPath(new URL("..", import.meta.url));
const { status, stdout, stderr } = make(root, kind, name);
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = status;
