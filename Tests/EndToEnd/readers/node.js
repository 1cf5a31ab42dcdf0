// Prints NAME=value NUL … as util.parseEnv reads the file given.
const { readFileSync } = require("node:fs");
const { parseEnv } = require("node:util");
const entries = Object.entries(parseEnv(readFileSync(process.argv[2], "utf8")));
process.stdout.write(Buffer.from(entries.map(([name, value]) => `${name}=${value}\0`).join("")));
