// Builds survey/web/static/vendor/: the style sheet, the licences of what is in it, and vendor.json
// with the hashes that tests/web/test_static.py checks. Run `npm ci && npm run build` here.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "survey", "web", "static", "vendor");
const version = (name) => JSON.parse(readFileSync(join(here, "node_modules", name, "package.json"), "utf8")).version;
const digest = (bytes, algorithm, encoding) => createHash(algorithm).update(bytes).digest(encoding);

rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, "licences"), { recursive: true });

const { css } = sass.compile(join(here, "app.scss"), { style: "compressed", loadPaths: [join(here, "node_modules")] });
writeFileSync(join(target, "ronda.css"), css + "\n");
copyFileSync(join(here, "licences", "govuk-frontend.txt"), join(target, "licences", "govuk-frontend.txt"));

const described = (file) => {
  const bytes = readFileSync(join(target, file));
  return { file, integrity: `sha384-${digest(bytes, "sha384", "base64")}`, sha256: digest(bytes, "sha256", "hex") };
};
const vendor = {
  packages: [{ name: "govuk-frontend", version: version("govuk-frontend"), licence: "MIT", built_with: `sass ${version("sass")}` }],
  files: ["licences/govuk-frontend.txt", "ronda.css"].map(described),
};
writeFileSync(join(target, "vendor.json"), JSON.stringify(vendor, null, 2) + "\n");
