// Holds every document of skill/voice/screens against Amazon's validator: `make apl`.
// It would fetch the layouts that a document imports and say less where it cannot; without the import it says the
// same everywhere.
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import suggester from "apl-suggester";

const { StaticAplTemplateValidator } = suggester;
const folder = fileURLToPath(new URL("../../skill/voice/screens/", import.meta.url));

async function wrong(document) {
  const { import: _, ...alone } = document;
  return new StaticAplTemplateValidator().validate(alone);
}

async function main() {
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  const rows = [];
  for (const name of names) {
    for (const row of await wrong(JSON.parse(readFileSync(folder + name, "utf8")))) {
      rows.push(`${name}${row.path}: ${row.errorMessage}`);
    }
  }
  // A validator that finds nothing in this is not looking.
  const spoilt = { type: "APL", version: "2023.3", mainTemplate: { items: [{ type: "Text", colour: "red" }] } };
  if ((await wrong(spoilt)).length === 0) rows.push("the validator takes an unknown property");
  if (names.length === 0) rows.push("there is no document to check");
  rows.forEach((row) => console.error(row));
  if (rows.length === 0) console.log(`${names.length} documents are valid APL`);
  process.exitCode = rows.length ? 1 : 0;
}

await main();
