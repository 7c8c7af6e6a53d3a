// Writes interaction_model/schemas/apl.json: what Amazon's validator knows of the components, as one JSON Schema each.
// For the next version of apl-suggester: npm ci --prefix tools/apl && node tools/apl/schema.mjs
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const load = createRequire(import.meta.url);
const assets = "apl-suggester/dist/src/assets";
const COMPONENTS = ["Container", "Sequence", "Text", "TouchWrapper"];
const CHILDREN = ["ContainerChild", "SequenceChild"];
const COMMANDS = ["SendEvent"];
const TOLD = ["description", "category", "defaultSnippets", "$schema", "markdownDescription", "examples"];

function bare(value, named = false) {
  if (Array.isArray(value)) return value.map((one) => bare(one));
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([name]) => named || !TOLD.includes(name));
  return Object.fromEntries(kept.map(([name, one]) => [name, bare(one, name === "properties" || name === "definitions")]));
}

function schema(path) {
  return bare(load(`${assets}/${path}`).JSON_SCHEMA);
}

const made = {
  document: schema("JsonSchema"),
  components: Object.fromEntries([...COMPONENTS, ...CHILDREN].map((name) => [name, schema(name)])),
  commands: Object.fromEntries(COMMANDS.map((name) => [name, schema(`commands/${name}Command`)])),
};
const target = fileURLToPath(new URL("../../interaction_model/schemas/apl.json", import.meta.url));
writeFileSync(target, `${JSON.stringify(made, null, 1)}\n`);
